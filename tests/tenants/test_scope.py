"""One scope per transaction; what is outside it is neither read nor written."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from app.config import Settings
from app.contacts.models import Contact
from tenants.context import SYSTEM, Scope
from tenants.db import db
from tenants.errors import NoScope, OutOfScope
from tests.factories.cast import World
from tests.servers import Cluster

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
BRANDS = ("Acme", "Birch", "Cedar")


@pytest.fixture
def shoppers(world: World) -> World:
    """Sam writes to all three brands from the same address."""
    for brand in BRANDS:
        with db.transaction(world.system_scope(brand)) as session:
            session.add(Contact(email="sam@shop.example", name=f"Sam of {brand}", created_at=NOW))
    return world


def names_in(scope: Scope) -> set[str]:
    with db.transaction(scope) as session:
        return set(session.scalars(sa.select(Contact.name)))


@pytest.mark.parametrize("brand", BRANDS)
def test_a_brand_sees_its_own_contact_only(shoppers: World, brand: str):
    assert names_in(shoppers.system_scope(brand)) == {f"Sam of {brand}"}


def test_a_pool_agent_sees_the_brands_assigned_and_no_other(shoppers: World):
    assert names_in(shoppers.scope("Leo")) == {"Sam of Acme", "Sam of Birch"}
    assert names_in(shoppers.scope("Lin")) == {"Sam of Acme"}
    assert names_in(shoppers.scope("Mallory")) == {"Sam of Cedar"}


def test_an_empty_scope_reads_nothing(shoppers: World):
    nobody = Scope(shoppers.agencies["Northwind"], frozenset(), SYSTEM)

    assert names_in(nobody) == set()


def test_row_security_alone_still_holds(shoppers: World, no_orm_scope: None):
    assert names_in(shoppers.scope("Lin")) == {"Sam of Acme"}
    assert names_in(Scope(shoppers.agencies["Northwind"], frozenset(), SYSTEM)) == set()
    foreign = Scope(
        shoppers.agencies["Southgate"], frozenset({shoppers.workspaces["Acme"]}), SYSTEM
    )
    assert names_in(foreign) == set()


def test_the_orm_scope_alone_still_holds(shoppers: World, cluster: Cluster, database: str):
    db.connect(cluster.owner_url(database), cluster.system_url(database))

    assert names_in(shoppers.scope("Lin")) == {"Sam of Acme"}


def test_an_update_touches_the_scope_only(shoppers: World):
    with db.transaction(shoppers.scope("Lin")) as session:
        changed = session.execute(sa.update(Contact).values(name="changed"))
        assert changed.rowcount == 1
    assert names_in(shoppers.system_scope("Birch")) == {"Sam of Birch"}


def test_a_row_for_another_workspace_is_refused(shoppers: World):
    stranger = Contact(
        workspace_id=shoppers.workspaces["Birch"], email="x@x.example", created_at=NOW
    )

    with (
        pytest.raises(OutOfScope),
        db.transaction(shoppers.system_scope("Acme")) as session,
    ):
        session.add(stranger)
        session.flush()


def test_row_security_refuses_what_the_session_did_not(shoppers: World):
    values = {
        "agency_id": shoppers.agencies["Northwind"],
        "workspace_id": shoppers.workspaces["Birch"],
        "id": shoppers.workspaces["Birch"],
        "email": "y@y.example",
        "name": "",
        "created_at": NOW,
    }

    with (
        pytest.raises(sa.exc.ProgrammingError, match="row-level security"),
        db.transaction(shoppers.system_scope("Acme")) as session,
    ):
        session.execute(sa.insert(Contact.__table__).values(**values))


def test_a_second_scope_in_one_transaction_is_refused(shoppers: World):
    with (
        db.transaction(shoppers.system_scope("Acme")),
        pytest.raises(NoScope),
        db.transaction(shoppers.system_scope("Birch")),
    ):
        pass


def test_data_without_a_transaction_is_refused(connected: Settings):
    with pytest.raises(NoScope):
        _ = db.session


def test_a_pooled_connection_carries_no_scope_over(
    shoppers: World, cluster: Cluster, database: str
):
    db.connect(cluster.app_url(database), cluster.system_url(database), pool_size=1)
    for turn in range(60):
        brand = BRANDS[turn % 3]
        try:
            with db.transaction(shoppers.system_scope(brand)) as session:
                assert set(session.scalars(sa.select(Contact.name))) == {f"Sam of {brand}"}
                if turn % 7 == 0:
                    raise RuntimeError(brand)  # noqa: TRY301 - a request that fails half-way
        except RuntimeError:
            continue


def test_the_system_role_cannot_read_what_it_was_not_granted(shoppers: World):
    with (
        pytest.raises(sa.exc.ProgrammingError, match="permission denied"),
        db.system() as session,
    ):
        session.execute(sa.select(Contact.name)).all()


def test_an_error_of_the_database_repeats_nobodys_values(shoppers: World):
    with (
        pytest.raises(sa.exc.IntegrityError) as error,
        db.transaction(shoppers.system_scope("Acme")) as session,
    ):
        session.add(Contact(email="sam@shop.example", name="Sam Rivera", created_at=NOW))
        session.flush()

    assert "Rivera" not in str(error.value)
    assert "sam@shop.example" not in str(error.value)
