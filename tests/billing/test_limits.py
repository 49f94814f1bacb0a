from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from billing.contracts.operations import open_contract
from billing.enforcement import list_entitlements, require
from billing.entitlements import Key
from billing.errors import InvalidEntitlements, LimitReached
from tenants.db import db
from tenants.workspaces.models import NumberCounter
from tests.billing.scenes import NOW, an_agency_that_sells, tier_version
from tests.factories.cast import World


@pytest.fixture(autouse=True)
def _selling(world: World) -> None:
    an_agency_that_sells(world)


def contracted(world: World, tier: str = "foundation", **overrides: object) -> None:
    agreed = {key: {"value": value, "until": None} for key, value in overrides.items()}
    with db.transaction(world.system_scope("Acme")):
        open_contract(
            world.workspaces["Acme"], tier_version=tier_version(tier), overrides=agreed, now=NOW
        )


def ask(world: World, key: Key, *, wanted: int | str = 1, used: int = 0) -> None:
    with db.transaction(world.system_scope("Acme")):
        require(world.workspaces["Acme"], key, wanted=wanted, used=lambda: used, now=NOW)


def test_a_count_is_full_at_its_limit_and_the_refusal_names_what_lifts_it(world: World) -> None:
    contracted(world)
    ask(world, Key.MACROS_MAX, used=39)
    with pytest.raises(LimitReached) as refused:
        ask(world, Key.MACROS_MAX, used=40)
    assert refused.value.status == 409
    assert refused.value.message == (
        "This client's contract includes 40 macros; 40 are used. The Growth tier includes 100."
    )


def test_a_channel_that_is_not_included_names_the_tier_that_has_it(world: World) -> None:
    contracted(world)
    ask(world, Key.CHANNELS, wanted="email")
    with pytest.raises(LimitReached, match="The Premium tier includes it"):
        ask(world, Key.CHANNELS, wanted="sms")


def test_a_flag_that_is_not_set_is_refused(world: World) -> None:
    contracted(world)
    with pytest.raises(LimitReached, match="Broadcasts: not included"):
        ask(world, Key.BROADCASTS)


def test_what_no_tier_includes_needs_an_exception(world: World) -> None:
    contracted(world, "premium")
    with pytest.raises(LimitReached, match="exception in the contract"):
        ask(world, Key.MACROS_MAX, used=300)


def test_an_exception_in_the_contract_lifts_the_limit(world: World) -> None:
    contracted(world, macros_max=41)
    ask(world, Key.MACROS_MAX, used=40)
    with db.transaction(world.system_scope("Acme")):
        sources = {
            found.key: found.source
            for found in list_entitlements(world.workspaces["Acme"], now=NOW)
        }
    assert sources[Key.MACROS_MAX] == "contract"
    assert sources[Key.BROADCASTS] == "tier"
    assert set(sources) == set(Key)


def test_an_exception_the_schema_does_not_know_is_refused(world: World) -> None:
    with pytest.raises(InvalidEntitlements):
        contracted(world, macros_maximum=41)


def test_without_a_contract_the_products_defaults_hold(world: World) -> None:
    ask(world, Key.MACROS_MAX, used=39)
    with pytest.raises(LimitReached):
        ask(world, Key.MACROS_MAX, used=40)


def test_twenty_at_once_with_three_places_left_get_three(world: World) -> None:
    contracted(world, client_seats_max=3)
    workspace_id = world.workspaces["Acme"]

    def take_a_seat(number: int) -> bool:
        try:
            with db.transaction(world.system_scope("Acme")) as session:
                require(workspace_id, Key.CLIENT_SEATS_MAX, used=count_seats, now=NOW)
                session.add(NumberCounter(noun=f"seat {number}"))
        except LimitReached:
            return False
        return True

    with ThreadPoolExecutor(max_workers=8) as people:
        seated = list(people.map(take_a_seat, range(20)))
    assert sum(seated) == 3
    with db.transaction(world.system_scope("Acme")):
        assert count_seats() == 3


def count_seats() -> int:
    seats = sa.select(sa.func.count(NumberCounter.id)).where(NumberCounter.noun.like("seat %"))
    return db.session.scalars(seats).one()
