"""Asking for a report: one document for one state of things, made and mailed once."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.reports.errors import BadPeriod, MailUnderway
from app.reports.jobs import mail_report, render_report
from app.reports.models import Report, ReportDelivery
from app.reports.operations import mail_again, request_report, retry_report
from app.reports.sweeps import give_up_lost_reports
from tenants.blobs import get_blob
from tenants.context import SYSTEM
from tenants.db import db, utc_now
from tenants.errors import NotFound
from tenants.jobs import Job, enqueue
from tenants.ledger import list_events_of
from tests.app.conversations.mail_server import DROP, MailServer
from tests.factories.cast import World
from tests.factories.conversations import a_conversation
from tests.factories.reports import a_report, read_report
from tests.factories.work import run_due_jobs
from themes.operations import publish_theme
from themes.tokens import Theme

OCTOBER = (date(2026, 10, 1), date(2026, 11, 1))
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
CLEO = "cleo@acme.example"


def in_october(world: World) -> UUID:
    return a_conversation(world, "Acme", now=datetime(2026, 10, 7, 9, tzinfo=UTC))


def deliveries(world: World, report_id: UUID) -> dict[str, str]:
    with db.transaction(world.system_scope("Acme")) as session:
        rows = session.scalars(
            sa.select(ReportDelivery).where(ReportDelivery.report_id == report_id)
        )
        return {row.recipient: row.state for row in rows}


def count_reports(world: World) -> int:
    with db.transaction(world.system_scope("Acme")) as session:
        return session.scalar(sa.select(sa.func.count(Report.id))) or 0


def kinds(world: World, report_id: UUID) -> list[str]:
    with db.transaction(world.system_scope("Acme")):
        found = list_events_of(report_id, workspace_id=world.workspaces["Acme"])
        return [event.kind for event in found]


def test_a_report_is_asked_for_made_kept_and_mailed(world: World, mail_server: MailServer):
    in_october(world)
    report_id = a_report(world, recipients=[CLEO])
    assert read_report(world, report_id).state == "queued"
    run_due_jobs()
    report = read_report(world, report_id)
    assert (report.state, report.steps_done, report.steps_total) == ("ready", 3, 3)
    with db.transaction(world.system_scope("Acme")):
        pdf = get_blob(str(report.pdf_digest))
    assert pdf.startswith(b"%PDF")
    assert report.pdf_bytes == len(pdf)
    assert report.mailed_at is not None
    [mail] = mail_server.mails
    [attached] = mail.iter_attachments()
    assert attached.get_filename() == "Acme-service-report-2026-10.pdf"
    assert attached.get_content() == pdf
    assert kinds(world, report_id) == ["report.requested", "report.ready", "report.mailed"]


def test_asked_twice_it_is_the_same_document_and_mailed_once(world: World, mail_server: MailServer):
    in_october(world)
    first = a_report(world, recipients=[CLEO])
    assert a_report(world, recipients=[CLEO]) == first
    run_due_jobs()
    later = NOW + timedelta(days=3)
    assert a_report(world, recipients=[CLEO], now=later) == first
    run_due_jobs()
    assert count_reports(world) == 1
    assert len(mail_server.mails) == 1


def test_a_new_recipient_gets_the_same_document(world: World, mail_server: MailServer):
    report_id = a_report(world, recipients=[CLEO])
    run_due_jobs()
    a_report(world, recipients=[CLEO, "carl@acme.example"])
    run_due_jobs()
    assert [mail["To"] for mail in mail_server.mails] == [CLEO, "carl@acme.example"]
    assert set(deliveries(world, report_id).values()) == {"accepted"}


def test_other_data_or_another_look_is_another_document(world: World):
    reports = {a_report(world)}
    in_october(world)
    reports.add(a_report(world))
    with db.transaction(world.system_scope("Acme")):
        look = Theme(name="Acme", primary="#7a2048")
        publish_theme(world.workspaces["Acme"], look, by=SYSTEM, now=NOW)
    reports.add(a_report(world))
    assert len(reports) == 3


@pytest.mark.parametrize(
    ("first", "until"),
    [
        (date(2026, 11, 1), date(2026, 11, 1)),
        (date(2026, 11, 2), date(2026, 10, 1)),
        (date(2026, 11, 1), date(2026, 11, 4)),
        (date(2024, 1, 1), date(2026, 1, 1)),
    ],
)
def test_a_period_nobody_can_report_on_is_refused(world: World, first: date, until: date):
    with pytest.raises(BadPeriod):
        a_report(world, first=first, until=until)


def test_a_brand_out_of_scope_does_not_exist(world: World):
    with db.transaction(world.system_scope("Birch")), pytest.raises(NotFound):
        request_report(world.workspaces["Acme"], *OCTOBER, by=SYSTEM, now=NOW)


def test_a_second_run_of_either_job_changes_nothing(world: World, mail_server: MailServer):
    report_id = a_report(world, recipients=[CLEO])
    run_due_jobs()
    before = read_report(world, report_id)
    with db.transaction(world.system_scope("Acme")):
        enqueue(render_report, report_id)
        enqueue(mail_report, report_id)
    run_due_jobs()
    after = read_report(world, report_id)
    assert (after.pdf_digest, after.ready_at) == (before.pdf_digest, before.ready_at)
    assert len(mail_server.mails) == 1


def test_what_no_job_will_finish_is_called_failed_and_made_when_tried_again(world: World):
    report_id = a_report(world, now=utc_now() - timedelta(minutes=5))
    give_up_lost_reports()
    assert read_report(world, report_id).state == "queued"  # its job still waits
    with db.system() as session:
        session.execute(sa.update(Job).values(state="dead"))
    give_up_lost_reports()
    report = read_report(world, report_id)
    assert report.state == "failed"
    assert report.reason
    with db.transaction(world.system_scope("Acme")):
        retry_report(report, by=SYSTEM, now=utc_now())
    run_due_jobs()
    assert read_report(world, report_id).state == "ready"


def test_a_refused_address_is_told_and_sent_to_again_only_by_a_person(
    world: World, mail_server: MailServer
):
    mail_server.rcpt = "550 nobody here"
    report_id = a_report(world, recipients=[CLEO])
    run_due_jobs()
    assert deliveries(world, report_id) == {CLEO: "refused"}
    assert read_report(world, report_id).mailed_at is None
    mail_server.rcpt = "250 OK"
    with db.transaction(world.system_scope("Acme")) as session:
        delivery = session.scalars(sa.select(ReportDelivery)).one()
        mail_again(delivery, by=SYSTEM, now=utc_now())
    run_due_jobs()
    assert deliveries(world, report_id) == {CLEO: "accepted"}
    with db.transaction(world.system_scope("Acme")), pytest.raises(MailUnderway):
        mail_again(delivery, by=SYSTEM, now=utc_now())


def test_a_mail_without_a_verdict_is_uncertain_and_never_repeated_by_itself(
    world: World, mail_server: MailServer
):
    mail_server.data = DROP
    report_id = a_report(world, recipients=[CLEO])
    run_due_jobs()
    with db.transaction(world.system_scope("Acme")):
        enqueue(mail_report, report_id)
    run_due_jobs()
    assert deliveries(world, report_id) == {CLEO: "uncertain"}
    assert len(mail_server.mails) == 1


def test_a_server_that_is_busy_is_asked_again_later(world: World, mail_server: MailServer):
    mail_server.rcpt = "451 later"
    report_id = a_report(world, recipients=[CLEO])
    run_due_jobs()
    assert deliveries(world, report_id) == {CLEO: "queued"}
    with db.system() as session:
        waiting = session.scalars(
            sa.select(Job).where(Job.state == "due", Job.function.endswith("mail_report"))
        ).all()
    assert [job.available_at > utc_now() for job in waiting] == [True]


def test_the_mail_is_the_agencys_in_every_header(world: World, mail_server: MailServer):
    a_report(world, recipients=[CLEO])
    run_due_jobs()
    [mail], [envelope] = mail_server.mails, mail_server.envelopes
    assert mail["From"] == "Northwind <reports@northwind.localhost>"
    assert mail["Message-ID"].endswith("@northwind.localhost>")
    assert mail["Reply-To"] == "Northwind <ana@northwind.example>"
    assert envelope.mail_from == "reports@northwind.localhost"
    raw = bytes(envelope.content or b"").lower()
    for name in (b"livery", b"birch", b"weasyprint", b"mail.northwind.example"):
        assert name not in raw
