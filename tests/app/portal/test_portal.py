"""The portal: a client's people see their own brand, and nothing of the work behind it."""

from datetime import timedelta
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from app.conversations.operations.replying import add_note
from app.conversations.queries import get_conversation
from billing.contracts.models import Contract
from billing.tiers.models import Tier, TierVersion
from tenants.context import SYSTEM, Scope
from tenants.db import db, new_id
from tenants.members.operations import assign_workspace_role, find_member_by_email
from tenants.permissions import Role
from tests.browser import Browser
from tests.factories.cast import BORN, World
from tests.factories.conversations import a_conversation, a_promise, ago, leo_replies, member
from tests.factories.reports import a_report
from tests.factories.work import run_due_jobs

CLEO, CARL, ANA = "cleo@northwind.example", "carl@northwind.example", "ana@northwind.example"
PORTAL = "portal.northwind.localhost"


def text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def some_work(world: World, brand: str = "Acme") -> None:
    a_promise(world, brand)
    for number in range(3):
        asked_at = ago(days=10, hours=number)
        asked = a_conversation(
            world, brand, now=asked_at, topic="wismo", name="Sam Rivera", text="A secret of Sam's"
        )
        leo_replies(world, brand, asked, now=asked_at + timedelta(minutes=20), then="close")
        with db.transaction(world.system_scope(brand)):
            note = "A note about Sam"
            add_note(get_conversation(asked), body=note, author=member(world, "Leo"), now=asked_at)


def a_ready_report(world: World, brand: str = "Acme") -> UUID:
    report_id = a_report(world, brand)
    run_due_jobs()
    return report_id


def test_the_letter_tells_the_last_thirty_days(world: World, browser: Browser):
    some_work(world)
    report_id = a_ready_report(world)
    person = browser.sign_in(CLEO)
    assert person.get("/").headers["Location"].endswith("/overview")
    page = text(person.get("/overview"))
    for words in (
        "The last 30 days",
        "100% of first responses",
        "3 of 3",
        "business time, n = 3",
        "No survey answers yet",
        "not enough reviews (n = 0 of 10)",
        "Where is my order",
        "Your latest report",
        f"/documents/{report_id}",
    ):
        assert words in page


def test_a_client_without_anything_is_told_what_comes(world: World, browser: Browser):
    page = text(browser.sign_in(CLEO).get("/overview"))
    assert "Nobody wrote to Acme in this period." in page
    assert "No report yet" in page


def test_a_report_opens_in_the_browser_and_is_saved_under_a_good_name(
    world: World, browser: Browser
):
    report_id = a_ready_report(world)
    person = browser.sign_in(CLEO)
    assert "October 2026" in text(person.get("/documents"))
    opened = person.get(f"/documents/{report_id}")
    assert opened.data.startswith(b"%PDF")
    assert opened.headers["Content-Disposition"].startswith("inline")
    saved = person.get(f"/documents/{report_id}?save=1")
    assert (
        saved.headers["Content-Disposition"]
        == "attachment; filename=Acme-service-report-2026-10.pdf"
    )


def test_a_report_that_is_not_ready_does_not_exist_for_the_client(world: World, browser: Browser):
    report_id = a_report(world)
    person = browser.sign_in(CLEO)
    assert person.get(f"/documents/{report_id}").status_code == 404
    assert "No report yet" in text(person.get("/documents"))


def test_a_viewer_of_acme_never_sees_birch(world: World, browser: Browser):
    some_work(world, "Birch")
    report_id = a_ready_report(world, "Birch")
    person = browser.sign_in(CLEO)
    birch = world.workspaces["Birch"]
    for path in (f"/documents/{report_id}", f"/overview/{birch}", f"/documents/of/{birch}"):
        assert person.get(path).status_code == 404
    for path in ("/overview", "/documents"):
        assert "Birch" not in text(person.get(path))


def test_notes_and_names_of_people_stay_inside(world: World, browser: Browser):
    some_work(world)
    a_ready_report(world)
    page = text(browser.sign_in(CLEO).get("/overview"))
    for secret in ("Leo", "Sam Rivera", "A note about Sam", "A secret of Sam"):
        assert secret not in page


def test_cleo_reaches_no_page_of_the_agency(world: World, browser: Browser):
    here = browser.sign_in(CLEO)
    for path in ("/reports", "/queue", "/clients", "/quality"):
        assert here.get(path).status_code == 404  # the portal has no such page
    there = browser.sign_in(CLEO, host="northwind.localhost")
    for path in ("/reports", "/reports/new", "/queue", "/clients"):
        assert there.get(path).status_code == 403
    assert there.get("/overview").status_code == 404


def test_the_agencys_own_people_have_no_letter(world: World, browser: Browser):
    assert browser.sign_in(ANA, host=PORTAL).get("/overview").status_code == 403


def test_mallory_has_no_key_to_this_portal(world: World, browser: Browser):
    report_id = a_ready_report(world)
    stranger = browser.anonymous(PORTAL)
    answer = stranger.post("/sign-in", {"email": "mallory@southgate.example", "password": "x"})
    assert answer.status_code == 422
    cedar = world.workspaces["Cedar"]
    own = browser.sign_in("mallory@southgate.example", host="portal.southgate.localhost")
    assert own.get(f"/overview/{cedar}").status_code == 200
    acme = world.workspaces["Acme"]
    for path in (f"/documents/{report_id}", f"/overview/{acme}", f"/documents/of/{acme}"):
        assert own.get(path).status_code == 404


def test_who_pays_or_approves_sees_the_plan_and_who_reads_does_not(world: World, browser: Browser):
    _sign_contract(world)
    assert "Growth" in text(browser.sign_in(CARL).get("/overview"))
    page = text(browser.sign_in(CLEO).get("/overview"))
    assert "Growth" not in page
    assert "Your plan" not in page


def test_somebody_with_two_brands_chooses(world: World, browser: Browser):
    scope = _whole_agency(world, "Northwind", ["Acme", "Birch"])
    with db.transaction(scope):
        cleo = find_member_by_email(CLEO)
        assert cleo is not None
        birch = world.workspaces["Birch"]
        assign_workspace_role(cleo, Role.CLIENT_VIEWER, workspace_id=birch, now=BORN)
    person = browser.sign_in(CLEO)
    page = text(person.get("/overview"))
    assert f"/overview/{world.workspaces['Birch']}" in page
    assert "Nobody wrote to Birch" in text(person.get(f"/overview/{world.workspaces['Birch']}"))


@pytest.mark.parametrize("path", ["/overview", "/documents"])
def test_without_signing_in_there_is_only_the_form(world: World, browser: Browser, path: str):
    answer = browser.anonymous(PORTAL).get(path)
    assert answer.status_code == 303
    assert "/sign-in" in answer.headers["Location"]


def _sign_contract(world: World) -> None:
    scope = _whole_agency(world, "Northwind", ["Acme"])
    with db.transaction(scope) as session:
        tier = Tier(id=new_id(), code="growth", name="Growth", summary="", position=1)
        session.add(tier)
        session.flush()
        version = TierVersion(
            id=new_id(),
            tier_id=tier.id,
            number=1,
            price_minor=199_900,
            set_up_fee_minor=0,
            currency="EUR",
            interval="month",
            entitlements={},
            effective_from=BORN,
        )
        session.add(version)
        session.flush()
        session.add(Contract(tier_version_id=version.id, overrides={}, created_at=BORN))


def _whole_agency(world: World, agency: str, brands: list[str]) -> Scope:
    ids = frozenset(world.workspaces[brand] for brand in brands)
    return Scope(world.agencies[agency], ids, SYSTEM, agency_wide=True)
