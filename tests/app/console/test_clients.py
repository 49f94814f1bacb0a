"""The console: all clients at a glance, and what one of them still needs."""

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from app.console.clients import ClientLine, Load, headline, list_clients
from app.conversations.sweeps import watch_clocks
from app.provisioning.models import Opening
from billing.contracts.service_states import State
from billing.simulator.cards import TEST_CARDS
from tenants.agencies.operations import open_agency
from tenants.context import SYSTEM, Scope
from tenants.db import db, new_id
from tenants.hosts.operations import add_host
from tenants.members.models import Member
from tenants.members.operations import add_member, assign_agency_role, assign_workspace_role
from tenants.permissions import Role
from tests.browser import Browser, Person
from tests.factories.cast import BORN, PASSWORD, World
from tests.factories.conversations import a_conversation, a_promise, ago
from tests.factories.openings import choose_all
from tests.factories.work import run_due_jobs

TABS = ("", "/channels", "/service-levels", "/look", "/people", "/activity")


@pytest.fixture
def ana(browser: Browser) -> Person:
    return browser.sign_in("ana@northwind.example")


@pytest.fixture
def fern(ana: Person, world: World) -> UUID:
    opening_id = choose_all(ana, world)
    ana.post(f"/openings/{opening_id}/making")
    run_due_jobs()
    with db.transaction(world.scope("Ana")):
        return db.session.scalars(
            sa.select(Opening.new_workspace_id).where(Opening.id == opening_id)
        ).one()


def a_line(**changed: object) -> ClientLine:
    line = {
        "id": new_id(), "key": "k", "name": "Fern", "monogram": "F", "time_zone": "UTC",
        "tier": "Growth", "state": State.LIVE, "load": Load(), "next_report_at": None,
    }  # fmt: skip
    return ClientLine(**{**line, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("needing", "calm", "words"),
    [
        (0, 1, "Your client is in order today."),
        (1, 0, "Your client needs you today."),
        (0, 14, "All 14 clients are in order today."),
        (1, 13, "1 of 14 clients needs you today."),
        (2, 12, "2 of 14 clients need you today."),
    ],
)
def test_the_day_is_said_in_one_sentence(needing: int, calm: int, words: str):
    late = [a_line(load=Load(open=3, breached=1)) for _ in range(needing)]

    assert headline([*late, *(a_line() for _ in range(calm))]) == words


def test_an_agency_without_clients_is_shown_the_first_step(browser: Browser, world: World):
    agency = open_agency(slug="newest", name="Newest", now=BORN)
    with db.transaction(Scope(agency.id, frozenset(), SYSTEM, agency_wide=True)):
        add_host("newest.localhost", "agency", now=BORN)
        owner = add_member(email="oz@newest.example", name="Oz", now=BORN, password=PASSWORD)
        assign_agency_role(owner, Role.OWNER, now=BORN)
    oz = browser.sign_in("oz@newest.example", host="newest.localhost")

    page = oz.get("/clients").get_data(as_text=True)

    assert "No clients yet" in page
    assert page.count("Open your first client") == 1
    assert oz.post("/openings").status_code == 303


def test_a_new_client_is_on_the_list(ana: Person, fern: UUID):
    page = ana.get("/clients").get_data(as_text=True)

    assert f"/clients/{fern}" in page
    assert "Foundation" in page
    assert "Not live yet" in page


def test_the_list_costs_the_same_for_many_clients(
    ana: Person, fern: UUID, world: World, browser: Browser
):
    def statements(path: str) -> int:
        assert db._app is not None
        engine, seen = db._app.kw["bind"], []

        def note(*args: object) -> None:
            seen.append(args[2])

        event.listen(engine, "before_cursor_execute", note)
        ana.get(path)
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    before = statements("/clients")
    changed = {
        "brand": {"name": "Gale", "slug": "gale"},
        "channels": {"address": "hello@gale.localhost"},
        "service": {"contact_email": "gus@gale.example"},
    }
    ana.post(f"/openings/{choose_all(ana, world, **changed)}/making")
    run_due_jobs()

    assert statements("/clients") == before


def test_every_page_about_a_client_is_shown(ana: Person, fern: UUID):
    for tab in TABS:
        assert ana.get(f"/clients/{fern}{tab}").status_code == 200, tab


def test_the_go_live_list_is_made_of_facts(ana: Person, fern: UUID, world: World):
    def done() -> set[str]:
        page = ana.get(f"/clients/{fern}").get_data(as_text=True)
        found = re.findall(
            r'data-done="yes">.*?</svg>\s*<span class="grow">([^<]+)<', page, re.DOTALL
        )
        return set(found)

    assert done() == {
        "A mail address is set",
        "Business hours are set",
        "An L1 agent serves the brand",
        "The scorecard is assigned",
    }
    with db.transaction(world.scope("Ana")):
        pia = db.session.scalars(sa.select(Member).where(Member.name == "Pia")).one()
        assign_workspace_role(pia, Role.POD_AGENT, workspace_id=fern, now=BORN)

    assert "The pod has a member" in done()


def test_paying_makes_a_client_live(ana: Person, fern: UUID):
    to_page = ana.post(f"/clients/{fern}/checkout")
    assert to_page.status_code == 303
    path = to_page.headers["Location"].partition(":8000")[2] or to_page.headers["Location"]
    page = ana.get(path)
    assert page.status_code == 200
    paid = ana.post(f"{path}/payments", {"card": TEST_CARDS[0].token})
    assert paid.status_code == 303, paid.get_data(as_text=True)
    assert paid.headers["Location"].endswith(f"/clients/{fern}?paid=1")
    waiting = ana.get(f"/clients/{fern}?paid=1").get_data(as_text=True)
    assert "is being confirmed" in waiting

    run_due_jobs()

    assert "The first payment has arrived" in ana.get(f"/clients/{fern}").get_data(as_text=True)
    live = ana.get(f"/clients/{fern}?paid=1").get_data(as_text=True)
    assert "Live" in live
    assert "is being confirmed" not in live
    assert ana.post(f"/clients/{fern}/checkout").status_code == 409


def test_only_who_pays_bills_sees_prices(browser: Browser, ana: Person, fern: UUID):
    max_ = browser.sign_in("max@northwind.example")

    assert "690.00" in ana.get(f"/clients/{fern}").get_data(as_text=True)
    page = max_.get(f"/clients/{fern}").get_data(as_text=True)
    assert "690.00" not in page
    assert "Go to payment" not in page
    assert max_.post(f"/clients/{fern}/checkout").status_code == 403


def test_everybody_is_on_the_list_of_people(ana: Person):
    page = ana.get("/members").get_data(as_text=True)

    assert all(name in page for name in ("Ana", "Leo", "Cleo", "Acme: Client viewer"))
    assert "Mallory" not in page


def test_mallory_finds_no_client(browser: Browser, fern: UUID):
    mallory = browser.sign_in("mallory@southgate.example")

    for tab in TABS:
        assert mallory.get(f"/clients/{fern}{tab}").status_code == 404, tab
    assert mallory.post(f"/clients/{fern}/checkout").status_code == 404
    assert "Fern" not in mallory.get("/clients").get_data(as_text=True)


def test_agents_do_not_run_the_agency(browser: Browser, fern: UUID):
    lin = browser.sign_in("lin@northwind.example")

    for path in ("/clients", f"/clients/{fern}", "/members"):
        assert lin.get(path).status_code == 403


def test_open_risky_and_late_conversations_are_counted(ana: Person, world: World):
    a_promise(world, "Acme", first_response_minutes=600, resolution_minutes=6000)
    for hours in (1, 9, 11):
        a_conversation(world, "Acme", now=ago(hours=hours))
    watch_clocks()

    with db.transaction(world.scope("Ana")):
        loads = {line.name: line.load for line in list_clients(now=datetime.now(UTC))}
    assert loads["Acme"] == Load(open=3, at_risk=1, breached=1)
    assert loads["Birch"] == Load()
    assert "1 late" in ana.get("/clients").get_data(as_text=True)


def test_the_standing_refreshes_by_itself_while_a_payment_is_confirmed(ana: Person, fern: UUID):
    fragment = ana.get(f"/clients/{fern}?paid=1", headers={"HX-Request": "true"})

    text = fragment.get_data(as_text=True)
    assert text.strip().startswith('<div id="standing"')
    assert "Before it goes live" in text
