"""Reports that are due by the calendar, and those nobody works on any more."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from app.reports.jobs import render_report
from app.reports.models import Report, ReportSchedule
from app.reports.operations import follow_schedule, give_up
from tenants.context import SYSTEM, Scope
from tenants.db import db, utc_now
from tenants.jobs import Job, registered_name

_BATCH = 20
_LOST_AFTER = timedelta(minutes=2)


def request_scheduled_reports() -> None:
    """Ask for every report whose time has come; two sweeps at once ask once."""
    now = utc_now()
    with db.system() as session:
        due = session.execute(
            sa.select(ReportSchedule.agency_id, ReportSchedule.workspace_id, ReportSchedule.id)
            .where(ReportSchedule.next_at <= now)
            .order_by(ReportSchedule.next_at)
            .limit(_BATCH)
        ).all()
    for agency_id, workspace_id, schedule_id in due:
        with db.transaction(_scope(agency_id, workspace_id)) as session:
            schedule = session.scalar(
                sa.select(ReportSchedule)
                .where(ReportSchedule.id == schedule_id, ReportSchedule.next_at <= now)
                .with_for_update(skip_locked=True)
            )
            if schedule is not None:
                follow_schedule(schedule, now=now)


def give_up_lost_reports() -> None:
    """Call failed what no job will finish: its last try has failed, and somebody may wait."""
    now = utc_now()
    with db.system() as session:
        job = sa.select(Job.id).where(
            Job.state.in_(("due", "sent")),
            Job.function == registered_name(render_report),
            Job.workspace_id == Report.workspace_id,
            Job.args[0]["uuid"].as_string() == sa.cast(Report.id, sa.Text()),
        )
        lost = session.execute(
            sa.select(Report.agency_id, Report.workspace_id, Report.id)
            .where(
                Report.state.in_(("queued", "rendering")),
                sa.func.coalesce(Report.retried_at, Report.created_at) < now - _LOST_AFTER,
                ~job.exists(),
            )
            .limit(_BATCH)
        ).all()
    for agency_id, workspace_id, report_id in lost:
        with db.transaction(_scope(agency_id, workspace_id)) as session:
            report = session.scalar(
                sa.select(Report).where(Report.id == report_id).with_for_update(skip_locked=True)
            )
            if report is not None:
                give_up(report, now=now)


def _scope(agency_id: UUID, workspace_id: UUID) -> Scope:
    return Scope(agency_id, frozenset({workspace_id}), SYSTEM)
