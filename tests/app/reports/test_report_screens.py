"""Reports on the agency's host: asking, watching, downloading, and who may."""

from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from app.reports.models import Report, ReportDelivery
from tenants.db import db
from tests.app.conversations.mail_server import MailServer
from tests.browser import Browser
from tests.factories.cast import World
from tests.factories.reports import a_report, read_report
from tests.factories.work import run_due_jobs

MAX, LIN, MALLORY = "max@northwind.example", "lin@northwind.example", "mallory@southgate.example"


def text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def wanted(world: World, **changed: str) -> dict[str, str]:
    return {"client": str(world.workspaces["Acme"]), "period": "last_month", **changed}


def test_max_asks_for_last_month_and_downloads_it(
    world: World, browser: Browser, mail_server: MailServer
):
    person = browser.sign_in(MAX)
    answer = person.post("/reports", wanted(world, recipients="cleo@acme.example"))
    assert answer.status_code == 303
    place = urlsplit(answer.headers["Location"]).path
    waiting = person.get(place)
    assert "Waiting for its turn" in text(waiting)
    assert "hx-get" in text(waiting)
    assert person.get(f"{place}/document").status_code == 409
    run_due_jobs()
    ready = person.get(place)
    assert "Download PDF" in text(ready)
    assert "hx-get" not in text(ready).split('id="standing"')[1]
    assert "Mailed" in text(ready)
    file = person.get(f"{place}/document")
    assert file.mimetype == "application/pdf"
    disposition = file.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=Acme-service-report-20")
    assert file.data.startswith(b"%PDF")
    opened = person.get(f"{place}/document?open=1")
    assert opened.headers["Content-Disposition"].startswith("inline")


def test_the_same_form_sent_twice_leads_to_the_same_report(world: World, browser: Browser):
    person = browser.sign_in(MAX)
    places = {person.post("/reports", wanted(world)).headers["Location"] for _ in range(2)}
    assert len(places) == 1


def test_the_list_shows_each_clients_reports_with_their_state(world: World, browser: Browser):
    person = browser.sign_in(MAX)
    assert "No reports yet" in text(person.get("/reports"))
    a_report(world)
    run_due_jobs()
    a_report(world, "Birch")
    page = text(person.get("/reports"))
    assert "October 2026" in page
    for words in ("Acme", "Birch", "Ready", "Waiting for its turn"):
        assert words in page
    fragment = text(person.get("/reports", headers={"HX-Request": "true"}))
    assert fragment.strip().startswith('<div id="reports"')


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"client": ""}, "Choose a client."),
        ({"client": "nonsense"}, "Choose a client."),
        ({"period": "always"}, "Choose a period."),
        ({"period": "custom"}, "Choose a day."),
        ({"period": "custom", "first_day": "2026-13-01", "last_day": "x"}, "This is not a day."),
        (
            {"period": "custom", "first_day": "2026-10-09", "last_day": "2026-10-01"},
            "The last day lies before the first.",
        ),
        (
            {"period": "custom", "first_day": "2026-10-09", "last_day": "2999-01-01"},
            "This day has not come yet.",
        ),
        (
            {"period": "custom", "first_day": "0001-01-01", "last_day": "2026-10-01"},
            "A report covers a year at most.",
        ),
        ({"recipients": "cleo@acme.example, nobody"}, "“nobody” is not a mail address."),
        ({"recipients": " ".join(f"a{n}@b.example" for n in range(11))}, "At most 10 addresses."),
    ],
)
def test_wrong_values_come_back_with_a_message_and_what_was_typed(
    world: World, browser: Browser, changed: dict[str, str], message: str
):
    person = browser.sign_in(MAX)
    typed = wanted(world, **{"recipients": "max@northwind.example", **changed})
    answer = person.post("/reports", typed)
    assert answer.status_code == 422
    assert message in text(answer)
    assert typed["recipients"] in text(answer)
    with db.transaction(world.system_scope("Acme")) as session:
        assert session.scalar(sa.select(sa.func.count(Report.id))) == 0


def test_a_failed_report_says_why_and_is_made_when_tried_again(world: World, browser: Browser):
    report_id = a_report(world)
    with db.transaction(world.system_scope("Acme")) as session:
        session.execute(sa.update(Report).values(state="failed", reason="The press jammed."))
    person = browser.sign_in(MAX)
    page = text(person.get(f"/reports/{report_id}"))
    assert "The press jammed." in page
    assert "Try again" in page
    assert person.post(f"/reports/{report_id}/attempts").status_code == 303
    run_due_jobs()
    assert read_report(world, report_id).state == "ready"


def test_a_mail_that_may_not_have_arrived_is_sent_again_by_hand(
    world: World, browser: Browser, mail_server: MailServer
):
    mail_server.rcpt = "550 nobody here"
    report_id = a_report(world, recipients=["cleo@acme.example"])
    run_due_jobs()
    mail_server.rcpt = "250 OK"
    person = browser.sign_in(MAX)
    page = text(person.get(f"/reports/{report_id}"))
    assert "550 nobody here" in page
    with db.transaction(world.system_scope("Acme")) as session:
        delivery_id = session.scalars(sa.select(ReportDelivery.id)).one()
    again = f"/reports/{report_id}/deliveries/{delivery_id}/attempts"
    assert person.post(again).status_code == 303
    run_due_jobs()
    assert len(mail_server.mails) == 1
    assert person.post(again).status_code == 409
    other = a_report(world, "Birch")
    assert person.post(f"/reports/{other}/deliveries/{delivery_id}/attempts").status_code == 404


def test_lin_has_no_reports_and_creates_none(world: World, browser: Browser):
    person = browser.sign_in(LIN)
    for path in ("/reports", "/reports/new", f"/reports/{a_report(world)}"):
        assert person.get(path).status_code == 403
    assert person.post("/reports", wanted(world)).status_code == 403


def test_mallory_finds_nothing(world: World, browser: Browser):
    report_id = a_report(world, recipients=["cleo@acme.example"])
    run_due_jobs()
    with db.transaction(world.system_scope("Acme")) as session:
        delivery_id = session.scalars(sa.select(ReportDelivery.id)).one()
    person = browser.sign_in(MALLORY)
    assert "Acme" not in text(person.get("/reports"))
    for path in (f"/reports/{report_id}", f"/reports/{report_id}/document"):
        assert person.get(path).status_code == 404
    for path in ("attempts", f"deliveries/{delivery_id}/attempts"):
        assert person.post(f"/reports/{report_id}/{path}").status_code == 404
    assert person.post("/reports", wanted(world)).status_code == 404
