"""Finding clocks for which something has come by itself."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from app.sla.models import Clock
from tenants.db import db


def find_workspaces_with_due_clocks(*, now: datetime) -> Sequence[tuple[UUID, UUID]]:
    """(agency, workspace) wherever a clock is due to be at risk or breached; over all tenants."""
    with db.system() as session:
        rows = session.execute(
            sa.select(Clock.agency_id, Clock.workspace_id).where(Clock.next_at <= now).distinct()
        )
        return [(agency_id, workspace_id) for agency_id, workspace_id in rows]


def has_due_clock(
    workspace_id: sa.ColumnElement[UUID] | sa.SQLColumnExpression[UUID],
    conversation_id: sa.ColumnElement[UUID] | sa.SQLColumnExpression[UUID],
    *,
    now: datetime,
) -> sa.ColumnElement[bool]:
    """Whether the conversation of these columns has such a clock, for the sweep that locks it."""
    return sa.exists().where(
        Clock.workspace_id == workspace_id,
        Clock.conversation_id == conversation_id,
        Clock.next_at <= now,
    )
