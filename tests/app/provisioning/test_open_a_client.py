"""An owner opens a client in the browser, and it is there."""

import re
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.channels.models import Inbox
from app.conversations.models import ConversationSettings
from app.escalations.models import Pod
from app.macros.models import Macro
from app.provisioning.models import Opening, OpeningStep
from app.quality.models import Scorecard, ScorecardVersion
from app.reports.models import ReportSchedule
from app.sla.models import CalendarVersion, PolicyVersion
from billing.contracts.models import Contract
from tenants.db import db
from tenants.hosts.models import Host
from tenants.ledger import Event
from tenants.members.models import Member, WorkspaceRole
from tenants.workspaces.models import Workspace
from tests.browser import Browser, Person
from tests.factories.cast import World
from tests.factories.openings import a_logo, begin, choose, choose_all, scope_of, send_logo
from tests.factories.work import run_due_jobs
from themes.models import ThemeVersion
from themes.queries import get_current_theme

FIRST_OF_A_CLIENT = (
    Workspace, Host, ThemeVersion, Contract, CalendarVersion, PolicyVersion, Inbox,
    ConversationSettings, Pod, ReportSchedule,
)  # fmt: skip

GALE = {
    "brand": {"name": "Gale", "slug": "gale"},
    "channels": {"address": "hello@gale.localhost"},
    "service": {"contact_email": "gus@gale.example"},
}


@pytest.fixture
def ana(browser: Browser) -> Person:
    return browser.sign_in("ana@northwind.example")


def open_client(person: Person, world: World) -> tuple[UUID, UUID]:
    opening_id = choose_all(person, world)
    answer = person.post(f"/openings/{opening_id}/making")
    assert answer.status_code == 303
    run_due_jobs()
    return opening_id, workspace_of(world, opening_id)


def workspace_of(world: World, opening_id: UUID) -> UUID:
    with db.transaction(world.scope("Ana")):
        return db.session.scalars(
            sa.select(Opening.new_workspace_id).where(Opening.id == opening_id)
        ).one()


def rows_of(world: World, workspace_id: UUID) -> dict[str, int]:
    with db.transaction(scope_of(world, workspace_id)):
        counts = {
            table.__tablename__: db.session.scalars(
                sa.select(sa.func.count())
                .select_from(table)
                .where((table.id if table is Workspace else table.workspace_id) == workspace_id)
            ).one()
            for table in (*FIRST_OF_A_CLIENT, Macro, WorkspaceRole)
        }
        counts["events"] = db.session.scalars(
            sa.select(sa.func.count()).select_from(Event).where(Event.workspace_id == workspace_id)
        ).one()
        for table in (Scorecard, ScorecardVersion, Member):
            counts[table.__tablename__] = db.session.scalars(
                sa.select(sa.func.count()).select_from(table)
            ).one()
        return counts


def test_everything_a_client_needs_is_made(ana: Person, world: World):
    opening_id, workspace_id = open_client(ana, world)

    rows = rows_of(world, workspace_id)
    assert {rows[table.__tablename__] for table in FIRST_OF_A_CLIENT} == {1}
    assert rows["macro"] == 12
    assert rows["workspace_role"] == 1
    assert rows["scorecard"] == rows["scorecard_version"] == 1
    page = ana.get(f"/openings/{opening_id}/making").get_data(as_text=True)
    assert "Fern &amp; Fable is open" in page
    assert f"/clients/{workspace_id}" in page


def test_the_choices_are_what_is_made(ana: Person, world: World):
    _, workspace_id = open_client(ana, world)

    with db.transaction(scope_of(world, workspace_id)):
        workspace = db.session.scalars(
            sa.select(Workspace).where(Workspace.id == workspace_id)
        ).one()
        calendar = db.session.scalars(sa.select(CalendarVersion)).one().definition
        policy = db.session.scalars(sa.select(PolicyVersion)).one()
        schedule = db.session.scalars(sa.select(ReportSchedule)).one()
        member = db.session.scalars(
            sa.select(Member).where(Member.email == "fay@fern.example")
        ).one()
        role = db.session.scalars(sa.select(WorkspaceRole)).one()
        assert (workspace.name, workspace.slug) == ("Fern & Fable", "fern")
        assert workspace.time_zone == "Europe/Berlin"
        assert calendar["weekly"] == {
            "monday": [["09:00", "12:00"], ["13:00", "18:00"]],
            "tuesday": [["09:00", "18:00"]],
        }
        assert policy.name == "Standard"
        assert policy.targets[-1]["first_response_minutes"] == 240
        assert schedule.recipients == ["fay@fern.example"]
        assert member.password_hash is None
        assert (role.member_id, role.role) == (member.id, "client_admin")
        assert get_current_theme(workspace_id).primary == "#1d6b4f"


def test_asking_twice_makes_one_client(ana: Person, world: World):
    opening_id = choose_all(ana, world)
    ana.post(f"/openings/{opening_id}/making")
    ana.post(f"/openings/{opening_id}/making")
    run_due_jobs()
    workspace_id = workspace_of(world, opening_id)
    before = rows_of(world, workspace_id)

    ana.post(f"/openings/{opening_id}/making")
    ana.post(f"/openings/{opening_id}/making/retry")
    run_due_jobs()

    assert rows_of(world, workspace_id) == before


def test_the_second_client_shares_the_scorecard(ana: Person, world: World):
    open_client(ana, world)
    opening_id = choose_all(ana, world, **GALE)
    ana.post(f"/openings/{opening_id}/making")
    run_due_jobs()

    rows = rows_of(world, workspace_of(world, opening_id))
    assert rows["scorecard"] == rows["scorecard_version"] == 1
    assert rows["macro"] == 12


def test_the_brand_is_on_its_host_at_once(ana: Person, world: World, browser: Browser):
    assert browser.anonymous("fern.localhost").get("/").status_code == 404
    open_client(ana, world)

    page = browser.anonymous("fern.localhost").get("/")

    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "Fern &amp; Fable" in text
    assert "mailto:support@fern.localhost" in text
    assert "Northwind" not in text
    stylesheet = re.search(r"/theme/[0-9a-f]{12}\.css", text)
    assert stylesheet
    css = browser.anonymous("fern.localhost").get(stylesheet[0]).get_data(as_text=True)
    assert "--brand:#1d6b4f" in css


def test_the_logo_is_on_the_brands_page(ana: Person, world: World, browser: Browser):
    opening_id = choose_all(ana, world)
    assert send_logo(ana, opening_id, a_logo()).status_code == 303
    choices_page = ana.get(f"/openings/{opening_id}/look").get_data(as_text=True)
    preview = re.search(rf"/openings/{opening_id}/logo/[0-9a-f]{{64}}\.png", choices_page)
    assert preview
    assert ana.get(preview[0]).data.startswith(b"\x89PNG")
    ana.post(f"/openings/{opening_id}/making")
    run_due_jobs()

    shopper = browser.anonymous("fern.localhost")
    logo = re.search(r"/theme/logo/[0-9a-f]{64}\.png", shopper.get("/").get_data(as_text=True))
    assert logo
    assert shopper.get(logo[0]).data.startswith(b"\x89PNG")


def test_a_draft_waits_where_it_was_left(ana: Person):
    opening_id = begin(ana)
    choose(ana, opening_id, "brand")
    choose(ana, opening_id, "look")

    assert ana.get("/clients").get_data(as_text=True).count(f"/openings/{opening_id}") == 1
    on = ana.get(f"/openings/{opening_id}")
    assert on.headers["Location"].endswith(f"/openings/{opening_id}/channels")
    assert "Fern &amp; Fable" in ana.get(f"/openings/{opening_id}/brand").get_data(as_text=True)


def test_an_untouched_draft_is_taken_up_again(ana: Person):
    assert begin(ana) == begin(ana)


def test_a_draft_can_be_thrown_away(ana: Person):
    opening_id = begin(ana)
    choose(ana, opening_id, "brand")

    assert ana.post(f"/openings/{opening_id}/discarding").status_code == 303
    assert ana.get(f"/openings/{opening_id}/brand").status_code == 404


def test_the_last_step_can_be_pressed_once_all_is_chosen(ana: Person, world: World):
    opening_id = begin(ana)
    choose(ana, opening_id, "brand")
    half = ana.get(f"/openings/{opening_id}/check").get_data(as_text=True)
    whole = ana.get(f"/openings/{choose_all(ana, world, **GALE)}/check").get_data(as_text=True)

    assert "Still to fill in: Look, Channels, Service and Tier." in half
    assert re.search(r"<button[^>]* disabled[^>]*>\s*<span>Open Fern &amp; Fable", half)
    assert re.search(r"<button[^>]*>\s*<span>Open Gale", whole)
    assert not re.search(r"<button[^>]* disabled", whole)


def test_half_a_form_opens_nothing(ana: Person, world: World):
    opening_id = begin(ana)
    choose(ana, opening_id, "brand")

    answer = ana.post(f"/openings/{opening_id}/making")

    assert answer.status_code == 409
    assert run_due_jobs() == 0


def test_what_is_open_is_no_longer_changed_here(ana: Person, world: World):
    opening_id, _ = open_client(ana, world)

    assert choose(ana, opening_id, "brand", name="Other").status_code == 409
    assert ana.get(f"/openings/{opening_id}/brand").headers["Location"].endswith("/making")
    assert ana.post(f"/openings/{opening_id}/discarding").status_code == 409


def test_holidays_are_proposed_and_kept_by_hand(ana: Person, world: World):
    opening_id = begin(ana)
    choose(ana, opening_id, "brand")
    first = choose(ana, opening_id, "channels", holidays_country="DE")
    assert first.headers["Location"].endswith("/channels")
    page = ana.get(f"/openings/{opening_id}/channels").get_data(as_text=True)
    proposed = re.findall(r'name="holidays"\s+value="([0-9-]{10})" checked', page)
    assert len(proposed) >= 9

    choose(
        ana, opening_id, "channels",
        holidays_country="DE", proposed_country="DE", holidays=proposed[:2],
    )  # fmt: skip

    with db.transaction(world.scope("Ana")):
        opening = db.session.scalars(sa.select(Opening).where(Opening.id == opening_id)).one()
        assert [day["date"] for day in opening.choices["channels"]["holidays"]] == proposed[:2]


def test_a_manager_may_open_clients(browser: Browser, world: World):
    open_client(browser.sign_in("max@northwind.example"), world)


def test_every_step_of_making_is_kept(ana: Person, world: World):
    opening_id, _ = open_client(ana, world)

    with db.transaction(world.scope("Ana")):
        steps = db.session.scalars(
            sa.select(OpeningStep).where(OpeningStep.opening_id == opening_id)
        ).all()
        assert len(steps) == 13
        assert {(step.state, step.attempts, step.error) for step in steps} == {("done", 1, None)}
