"""Making a report's document, and mailing it: progress durable step by step, each effect once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
import structlog

from app.channels.email.compose import Outgoing, compose
from app.channels.email.outgoing import mail_settings
from app.channels.email.smtp import Receipt, Timeouts, hand_over
from app.reports.document import render_report_document
from app.reports.facts import Facts
from app.reports.mail import write_mail
from app.reports.models import Report, ReportDelivery
from app.reports.pages import count_pages
from app.reports.periods import today_in
from app.reports.queries.looks import agency_logo, look_of
from app.reports.queries.reports import list_deliveries, lock_delivery, lock_report
from tenants.blobs import put_blob
from tenants.context import SYSTEM
from tenants.db import db, utc_now
from tenants.jobs import enqueue, job, step
from tenants.ledger import record
from themes.tokens import Theme

log = structlog.get_logger()

STEPS = ("Reading the figures", "Setting the pages", "Keeping the document")
GIVE_UP_AFTER = timedelta(days=2)
_WAITS_MINUTES = (1, 5, 15, 60, 180, 360)
_LOST = "The connection or the program was lost during the hand-over."
# A hand-over fits into a job's lease: past it, another worker has to call the mail uncertain.
_TIMEOUTS = Timeouts(connect=10, command=20, verdict=75)


@dataclass(frozen=True, slots=True)
class _Order:
    """All that a document is made of, read in one transaction."""

    facts: Facts
    theme: Theme
    made_on: date
    logo: bytes | None


@job("documents", in_steps=True)
def render_report(report_id: UUID) -> None:
    """Make the document, keep it, and have it mailed.

    Killed at any point, it is made again from the same facts; a report that is ready stays as it
    is, so that it is stored and mailed once.
    """
    with step():
        order = _begin(report_id)
    if order is None:
        return
    with step():
        _show(report_id, 1)
    pdf = render_report_document(order.facts, order.theme, made_on=order.made_on, logo=order.logo)
    with step():
        _show(report_id, 2)
    with step():
        _keep(lock_report(report_id), pdf, now=utc_now())


def _begin(report_id: UUID) -> _Order | None:
    report = lock_report(report_id)
    if not report.is_underway:
        return None
    report.state = "rendering"
    _show(report_id, 0)
    facts = Facts.from_json(report.facts)
    return _Order(
        facts=facts,
        theme=look_of(report.workspace_id, report.theme_version_id),
        made_on=today_in(facts.zone, now=report.created_at),
        logo=agency_logo(),
    )


def _show(report_id: UUID, done: int) -> None:
    """What a waiting person reads."""
    report = lock_report(report_id)
    report.step, report.steps_done, report.steps_total = STEPS[done], done, len(STEPS)


def _keep(report: Report, pdf: bytes, *, now: datetime) -> None:
    if not report.is_underway:
        return
    report.pdf_digest = put_blob(pdf)
    report.pdf_bytes, report.page_count = len(pdf), count_pages(pdf)
    report.state, report.step, report.steps_done = "ready", "", len(STEPS)
    report.ready_at, report.reason = now, None
    data = {"digest": report.pdf_digest, "pages": report.page_count}
    record("report.ready", report, actor=SYSTEM, at=now, data=data)
    for delivery in list_deliveries(report.id):
        delivery.queued_at = now  # from here on it is tried
    enqueue(mail_report, report.id)


@job("mail", in_steps=True)
def mail_report(report_id: UUID) -> None:
    """Hand the report to the mail server for each recipient who does not have it yet.

    That a mail is being handed over is durable before its first byte leaves. Whoever finds one in
    that state later cannot know whether it arrived: it becomes `uncertain`, and only a person
    sends it again.
    """
    with step():
        delivery_ids = db.session.scalars(
            sa.select(ReportDelivery.id)
            .where(ReportDelivery.report_id == report_id)
            .order_by(ReportDelivery.recipient)
        ).all()
    for delivery_id in delivery_ids:
        with step():
            mail = _begin_mail(report_id, delivery_id, now=utc_now())
        if mail is None:
            continue
        receipt = _hand_over(mail)
        with step():
            _settle(lock_report(report_id), lock_delivery(delivery_id), receipt, now=utc_now())


def _begin_mail(report_id: UUID, delivery_id: UUID, *, now: datetime) -> Outgoing | None:
    """The mail to hand over now, or None when there is nothing to do for this recipient."""
    report, delivery = lock_report(report_id), lock_delivery(delivery_id)
    if delivery.state == "handing_over":
        _end(report, delivery, "uncertain", _LOST, now=now)
        return None
    waits = delivery.next_attempt_at is not None and delivery.next_attempt_at > now
    if delivery.state != "queued" or not report.is_ready or waits:
        return None
    mail = write_mail(report, delivery, now=now)
    delivery.state = "handing_over"
    delivery.attempts += 1
    delivery.next_attempt_at = None
    return mail


def _hand_over(mail: Outgoing) -> Receipt:
    try:
        return hand_over(
            compose(mail),
            envelope_from=mail.sender.address,
            recipient=mail.recipient.address,
            smtp_url=mail_settings().smtp_url,
            timeouts=_TIMEOUTS,
        )
    except ValueError as error:  # an address that no mail can carry
        return Receipt("refused", "recipient", permanent=True, text=str(error))


def _settle(report: Report, delivery: ReportDelivery, receipt: Receipt, *, now: datetime) -> None:
    """Write down what the server made of it, and when to try again if it asked for that."""
    said = f"{receipt.code} {receipt.text}".strip() if receipt.code else receipt.text
    log.info("report.delivery", id=str(delivery.id), outcome=receipt.outcome, said=said)
    wait = timedelta(minutes=_WAITS_MINUTES[min(delivery.attempts, len(_WAITS_MINUTES)) - 1])
    is_final = receipt.permanent or now + wait > delivery.queued_at + GIVE_UP_AFTER
    if receipt.outcome != "refused" or is_final:
        _end(report, delivery, receipt.outcome, said, now=now)
        return
    delivery.state, delivery.last_response = "queued", said
    delivery.next_attempt_at = now + wait
    enqueue(mail_report, report.id, at=delivery.next_attempt_at)


def _end(report: Report, delivery: ReportDelivery, state: str, said: str, *, now: datetime) -> None:
    delivery.state, delivery.ended_at = state, now
    delivery.last_response = said or delivery.last_response
    kind = "report.mailed" if state == "accepted" else f"report.mail_{state}"
    if state == "accepted":
        report.mailed_at = report.mailed_at or now
    data = {"recipient": delivery.recipient, "response": delivery.last_response}
    record(kind, report, actor=SYSTEM, at=now, data=data)
