"""A crash or a refusal in the middle: what was made is kept, and the rest is made once."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.channels.models import Inbox
from app.channels.operations import open_inbox
from app.config import Settings
from app.macros.models import Macro
from app.provisioning.models import Opening, OpeningStep
from app.provisioning.steps.order import STEPS
from tenants.db import db
from tenants.hosts.operations import add_host
from tests.browser import Browser, Person
from tests.factories.cast import BORN, World
from tests.factories.openings import choose, choose_all, scope_of
from tests.factories.work import run_due_jobs

TABLE_OF_STEP = {
    "workspace": "workspace",
    "host": "host",
    "theme": "theme_version",
    "contract": "contract",
    "calendar": "calendar_version",
    "policy": "sla_policy_version",
    "inbox": "inbox",
    "settings": "conversation_settings",
    "macros": "macro",
    "scorecard": "scorecard_version",
    "pod": "pod",
    "reports": "report_schedule",
    "people": "workspace_role",
}


@pytest.fixture
def ana(browser: Browser) -> Person:
    return browser.sign_in("ana@northwind.example")


@contextmanager
def broken(settings: Settings, table: str) -> Iterator[None]:
    """While this lasts, the database refuses every new row of the table."""
    with psycopg.connect(settings.owner_database_url, autocommit=True) as owner:
        owner.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN RAISE EXCEPTION ''the disk is full''; END'"
        )
        owner.execute(f"CREATE TRIGGER refuse AFTER INSERT ON {table} EXECUTE FUNCTION refuse()")
        yield
        owner.execute("DROP FUNCTION refuse CASCADE")
        owner.execute("UPDATE job SET available_at = now()")


def steps_of(world: World, opening_id: UUID) -> dict[str, OpeningStep]:
    with db.transaction(world.scope("Ana")):
        found = db.session.scalars(
            sa.select(OpeningStep)
            .where(OpeningStep.opening_id == opening_id)
            .order_by(OpeningStep.position)
        )
        return {step.name: step for step in found}


def opening_of(world: World, opening_id: UUID) -> Opening:
    with db.transaction(world.scope("Ana")):
        return db.session.scalars(sa.select(Opening).where(Opening.id == opening_id)).one()


def test_every_step_has_a_crash_to_survive():
    assert [step.name for step in STEPS] == list(TABLE_OF_STEP)


@pytest.mark.parametrize("name", TABLE_OF_STEP)
def test_a_crash_in_a_step_is_taken_up_where_it_happened(
    ana: Person, world: World, settings: Settings, name: str
):
    opening_id = choose_all(ana, world)
    ana.post(f"/openings/{opening_id}/making")
    with broken(settings, TABLE_OF_STEP[name]), pytest.raises(DBAPIError, match="disk is full"):
        run_due_jobs()
    steps = steps_of(world, opening_id)
    before = list(steps)[: list(steps).index(name)]
    assert [step for step in steps if steps[step].state == "done"] == before
    assert steps[name].state == "failed"
    page = ana.get(f"/openings/{opening_id}/making").get_data(as_text=True)
    assert "Something went wrong on our side" in page
    assert "disk" not in page

    run_due_jobs()

    steps = steps_of(world, opening_id)
    assert {step.state for step in steps.values()} == {"done"}
    assert {each: step.attempts for each, step in steps.items() if step.attempts > 1} == {name: 2}
    opening = opening_of(world, opening_id)
    assert opening.state == "open"
    with db.transaction(scope_of(world, opening.new_workspace_id)):
        assert db.session.scalars(sa.select(sa.func.count(Macro.id))).one() == 12
        assert db.session.scalars(sa.select(sa.func.count(Inbox.id))).one() == 1


def test_an_address_somebody_took_meanwhile_is_mended_and_retried(ana: Person, world: World):
    opening_id = choose_all(ana, world, channels={"address": "help@fern.example"})
    ana.post(f"/openings/{opening_id}/making")
    with db.transaction(world.system_scope("Cedar")):
        open_inbox(
            workspace_id=world.workspaces["Cedar"],
            address="help@fern.example",
            name="Cedar",
            now=BORN,
        )
    run_due_jobs()
    page = ana.get(f"/openings/{opening_id}/making").get_data(as_text=True)
    assert "Another inbox already receives mail at this address." in page
    assert "Cedar" not in page
    assert f"/openings/{opening_id}/channels" in page

    assert choose(ana, opening_id, "brand", name="Other").status_code == 409
    mended = choose(ana, opening_id, "channels", address="hello@fern.example")
    assert mended.status_code == 303
    ana.post(f"/openings/{opening_id}/making/retry")
    run_due_jobs()

    opening = opening_of(world, opening_id)
    assert opening.state == "open"
    with db.transaction(scope_of(world, opening.new_workspace_id)):
        assert db.session.scalars(sa.select(Inbox.address)).all() == ["hello@fern.example"]


def test_a_host_somebody_took_meanwhile_is_mended_and_retried(ana: Person, world: World):
    opening_id = choose_all(ana, world)
    ana.post(f"/openings/{opening_id}/making")
    with db.transaction(world.scope("Mallory")):
        add_host("fern.localhost", "agency", now=BORN)
    run_due_jobs()
    assert steps_of(world, opening_id)["host"].error == "This host name is not available."

    assert choose(ana, opening_id, "brand", slug="ferns").status_code == 303
    ana.post(f"/openings/{opening_id}/making/retry")
    run_due_jobs()

    opening = opening_of(world, opening_id)
    assert opening.state == "open"
    with db.transaction(scope_of(world, opening.new_workspace_id)):
        assert db.session.scalars(sa.select(Inbox.address)).all() == ["support@ferns.localhost"]


def test_the_list_shows_what_has_stopped(ana: Person, world: World, settings: Settings):
    opening_id = choose_all(ana, world)
    ana.post(f"/openings/{opening_id}/making")
    with broken(settings, "pod"), pytest.raises(DBAPIError):
        run_due_jobs()

    assert f"/openings/{opening_id}" in ana.get("/clients").get_data(as_text=True)
