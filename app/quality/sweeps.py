"""Drawing each week's samples once the week is over where the client is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from app.quality.models import Sample
from app.quality.operations.drawing import STREAMS, draw_week
from app.quality.weeks import Period, last_week
from tenants.context import SYSTEM, Scope
from tenants.db import db, utc_now
from tenants.workspaces.models import Workspace

_BATCH = 50
_LOOK_BACK = timedelta(days=9)  # the last full week ended within it, in every zone


@dataclass(frozen=True, slots=True)
class _Due:
    agency_id: UUID
    workspace_id: UUID
    week: Period


def draw_weekly_samples() -> None:
    """Draw last week's samples of every workspace that has none yet, some at a time."""
    now = utc_now()
    for due in _list_due(now)[:_BATCH]:
        with db.transaction(Scope(due.agency_id, frozenset({due.workspace_id}), SYSTEM)):
            draw_week(workspace_id=due.workspace_id, period=due.week, now=now)


def _list_due(now: datetime) -> list[_Due]:
    with db.system() as session:
        drawn = {
            (workspace_id, Period(first, until))
            for workspace_id, first, until in session.execute(
                sa.select(Sample.workspace_id, Sample.period_from, Sample.period_until)
                .where(Sample.period_until > now.date() - _LOOK_BACK)
                .group_by(Sample.workspace_id, Sample.period_from, Sample.period_until)
                .having(sa.func.count() == len(STREAMS))
            )
        }
        workspaces = session.execute(
            sa.select(
                Workspace.id, Workspace.agency_id, Workspace.time_zone, Workspace.created_at
            ).order_by(Workspace.id)
        ).all()
    due = []
    for workspace_id, agency_id, zone, created_at in workspaces:
        week = last_week(now, zone)
        _, week_ends_at = week.bounds(zone)
        if created_at < week_ends_at and (workspace_id, week) not in drawn:
            due.append(_Due(agency_id, workspace_id, week))
    return due
