"""Asking for a report, again after it failed, and by its schedule."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from app.reports.document import LAYOUT_VERSION
from app.reports.errors import BadPeriod, MailUnderway
from app.reports.facts import Facts
from app.reports.jobs import STEPS, mail_report, render_report
from app.reports.models import Report, ReportDelivery, ReportSchedule
from app.reports.periods import (
    LONGEST_DAYS,
    Period,
    last_full_period,
    next_report_at,
    today_in,
)
from app.reports.queries.facts import collect_facts
from app.reports.queries.looks import Look, agency_look, current_look
from app.reports.queries.reports import find_report, list_deliveries, lock_delivery, lock_report
from tenants.context import SYSTEM, Actor
from tenants.db import db, new_id
from tenants.jobs import enqueue
from tenants.ledger import record
from tenants.workspaces.operations import lock_workspace
from tenants.workspaces.queries import get_workspace

_LOST = "The document could not be made. Its figures are kept; try again."


def request_report(
    workspace_id: UUID,
    period_from: date,
    period_until: date,
    *,
    by: Actor,
    now: datetime,
    recipients: Iterable[str] = (),
) -> Report:
    """The report about these days; made in the background unless the same one is there already.

    The same period, data and look are the same document, whoever asks and how often. Recipients
    who do not have it yet get it by mail. Raises: BadPeriod, NotFound out of scope.
    """
    period = Period(period_from, period_until)
    _check(period, today_in(get_workspace(workspace_id).time_zone, now=now))
    facts = collect_facts(workspace_id, period_from=period_from, period_until=period_until, now=now)
    look = current_look(workspace_id)
    fingerprint = _fingerprint(facts, look)
    lock_workspace(workspace_id)
    report = find_report(workspace_id, period, fingerprint)
    if report is None:
        report = _new_report(workspace_id, period, facts, look, fingerprint, by=by, now=now)
    elif report.state == "failed":
        retry_report(report, by=by, now=now)
    _address(report, recipients, now=now)
    return report


def retry_report(report: Report, *, by: Actor, now: datetime) -> None:
    """Make the document of a failed report after all; anything else is left alone."""
    report = lock_report(report.id)
    if report.state != "failed":
        return
    report.state, report.reason, report.retried_at = "queued", None, now
    report.step, report.steps_done = "", 0
    record("report.requested", report, actor=by, at=now, data={"again": True})
    enqueue(render_report, report.id, workspace_id=report.workspace_id)


def mail_again(delivery: ReportDelivery, *, by: Actor, now: datetime) -> None:
    """A person's decision to send once more what may not have arrived.

    Raises: MailUnderway when it was accepted or is on its way.
    """
    delivery = lock_delivery(delivery.id)
    if delivery.state not in {"refused", "uncertain"}:
        raise MailUnderway
    delivery.state, delivery.attempts = "queued", 0
    delivery.queued_at = delivery.next_attempt_at = now
    delivery.ended_at = None
    report = lock_report(delivery.report_id)
    record("report.mailed_again", report, actor=by, at=now, data={"recipient": delivery.recipient})
    enqueue(mail_report, report.id, workspace_id=report.workspace_id)


def follow_schedule(schedule: ReportSchedule, *, now: datetime) -> None:
    """Ask for the week or month that is over, and set when the next one is due.

    The caller holds the schedule's row: what is due is asked for once. A client that was opened
    after that period gets nothing about it.
    """
    workspace = get_workspace(schedule.workspace_id)
    period = last_full_period(schedule.cadence, today_in(workspace.time_zone, now=now))
    _, ends_at = period.bounds(workspace.time_zone)
    schedule.next_at = next_report_at(schedule.cadence, workspace.time_zone, now=now)
    if workspace.created_at < ends_at:
        request_report(
            workspace.id,
            period.first,
            period.until,
            by=SYSTEM,
            now=now,
            recipients=schedule.recipients,
        )


def give_up(report: Report, *, now: datetime) -> None:
    """Nobody works on this document any more: say so."""
    if not report.is_underway:
        return
    report.state, report.reason = "failed", _LOST
    record("report.failed", report, actor=SYSTEM, at=now, data={"reason": _LOST})


def _check(period: Period, today: date) -> None:
    if period.until <= period.first:
        raise BadPeriod("The last day lies before the first.", field="last_day")
    if period.last > today:
        raise BadPeriod("This day has not come yet.", field="last_day")
    if period.days > LONGEST_DAYS:
        raise BadPeriod("A report covers a year at most.", field="first_day")


def _fingerprint(facts: Facts, look: Look) -> str:
    parts = [facts.to_json(), look.theme.digest, agency_look().digest, LAYOUT_VERSION]
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _new_report(
    workspace_id: UUID,
    period: Period,
    facts: Facts,
    look: Look,
    fingerprint: str,
    *,
    by: Actor,
    now: datetime,
) -> Report:
    report = Report(
        id=new_id(),
        workspace_id=workspace_id,
        period_from=period.first,
        period_until=period.until,
        fingerprint=fingerprint,
        state="queued",
        steps_total=len(STEPS),
        facts=facts.to_json(),
        theme_version_id=look.version_id,
        recipients=[],
        asked_by_id=by.id if by.kind == "member" else None,
        asked_by_name=by.name,
        created_at=now,
    )
    db.session.add(report)
    db.session.flush()  # the ledger and the job name the row
    data = {"from": period.first.isoformat(), "until": period.until.isoformat()}
    record("report.requested", report, actor=by, at=now, data=data)
    enqueue(render_report, report.id, workspace_id=workspace_id)
    return report


def _address(report: Report, recipients: Iterable[str], *, now: datetime) -> None:
    """Have it mailed to whoever is new."""
    known = {delivery.recipient for delivery in list_deliveries(report.id)}
    new = [address for address in dict.fromkeys(recipients) if address not in known]
    for address in new:
        db.session.add(
            ReportDelivery(
                workspace_id=report.workspace_id,
                report_id=report.id,
                recipient=address,
                state="queued",
                attempts=0,
                queued_at=now,
            )
        )
    report.recipients = [*report.recipients, *new]
    if new and report.is_ready:
        enqueue(mail_report, report.id, workspace_id=report.workspace_id)
