"""What time does to conversations: promises at risk and broken, and mail nobody is sending."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from app.conversations.jobs import deliver_message
from app.conversations.models import Conversation, Delivery
from app.sla.operations import record_due
from app.sla.sweeps import find_workspaces_with_due_clocks, has_due_clock
from tenants.context import SYSTEM, Scope
from tenants.db import db, utc_now
from tenants.jobs import enqueue

BATCH = 500
_STUCK_AFTER = timedelta(minutes=15)


def watch_clocks() -> None:
    """Record each promise that came to be at risk or broken, at its true time however late."""
    now = utc_now()
    for agency_id, workspace_id in find_workspaces_with_due_clocks(now=now):
        scope = Scope(agency_id, frozenset({workspace_id}), SYSTEM)
        while _watch_batch(scope, now=now) == BATCH:
            pass


def resume_deliveries() -> None:
    """Ask again for deliveries whose work was given up; what was half handed over stays safe."""
    now = utc_now()
    for agency_id, workspace_id in _find_workspaces_with_stuck(now=now):
        with db.transaction(Scope(agency_id, frozenset({workspace_id}), SYSTEM)) as session:
            message_ids = session.scalars(
                sa.update(Delivery)
                .where(_is_stuck(now=now))
                .values(next_attempt_at=now)
                .returning(Delivery.message_id)
                .execution_options(synchronize_session=False)
            )
            for message_id in set(message_ids):
                enqueue(deliver_message, message_id)


def _watch_batch(scope: Scope, *, now: datetime) -> int:
    with db.transaction(scope) as session:
        conversations = session.scalars(
            sa.select(Conversation)
            .where(has_due_clock(Conversation.workspace_id, Conversation.id, now=now))
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        record_due(conversations, now=now)
        for conversation in conversations:
            conversation.version += 1
        return len(conversations)


def _find_workspaces_with_stuck(*, now: datetime) -> Sequence[tuple[UUID, UUID]]:
    with db.system() as session:
        rows = session.execute(
            sa.select(Delivery.agency_id, Delivery.workspace_id)
            .where(_is_stuck(now=now))
            .distinct()
        )
        return [(agency_id, workspace_id) for agency_id, workspace_id in rows]


def _is_stuck(*, now: datetime) -> sa.ColumnElement[bool]:
    """Due, or half handed over, and touched by nobody for long."""
    touched = sa.func.coalesce(Delivery.next_attempt_at, Delivery.handed_over_at)
    return sa.and_(
        Delivery.ended_at.is_(None),
        Delivery.state.in_(("queued", "handing_over")),
        touched < now - _STUCK_AFTER,
    )
