"""What waits: pages of the queue, soonest due first, over all clients of the scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from app.contacts.models import Contact
from app.conversations.models import Conversation
from tenants.context import Actor
from tenants.db import db

PAGE_SIZE = 50
AT_RISK_LEAD = timedelta(minutes=30)
"""What is due within this time, or late already, is shown as at risk."""

Order = tuple[sa.UnaryExpression[datetime | None], orm.InstrumentedAttribute[UUID]]


class View(StrEnum):
    """The views of the queue."""

    POOL = "pool"
    MINE = "mine"
    AT_RISK = "at-risk"
    WAITING = "waiting"
    ESCALATED = "escalated"
    ALL = "all"


@dataclass(frozen=True)
class QueueRow:
    """One line of the queue."""

    id: UUID
    workspace_id: UUID
    number: int
    subject: str
    topic: str | None
    status: str
    team: str
    assignee_id: UUID | None
    assignee_name: str | None
    waiting_since: datetime | None
    last_message_at: datetime
    next_due_at: datetime | None
    is_breached: bool
    contact_name: str


@dataclass(frozen=True)
class Cursor:
    """The last row of a page: where the next one begins."""

    at: datetime | None
    id: UUID


@dataclass(frozen=True)
class QueuePage:
    """Some rows, and where the next page begins, if there is one."""

    rows: Sequence[QueueRow]
    next: Cursor | None


def list_queue(
    view: View,
    *,
    member_id: UUID,
    now: datetime,
    workspace_id: UUID | None = None,
    after: Cursor | None = None,
) -> QueuePage:
    """A page of a view: soonest due first, then what has no due time.

    Waiting conversations have no running clock; there the longest silent comes first.
    """
    key = _sort_key(view)
    statement = (
        sa.select(
            Conversation.id,
            Conversation.workspace_id,
            Conversation.number,
            Conversation.subject,
            Conversation.topic,
            Conversation.status,
            Conversation.team,
            Conversation.assignee_id,
            Conversation.assignee_name,
            Conversation.waiting_since,
            Conversation.last_message_at,
            Conversation.next_due_at,
            Conversation.is_breached,
            sa.func.coalesce(sa.func.nullif(Contact.name, ""), Contact.email),
        )
        .join(Contact, _is_contact_of_conversation())
        .where(in_view(view, member_id=member_id, now=now))
        .order_by(key.asc().nulls_last(), Conversation.id)
        .limit(PAGE_SIZE + 1)
    )
    if workspace_id is not None:
        statement = statement.where(Conversation.workspace_id == workspace_id)
    if after is not None:
        statement = statement.where(_is_after(after, key))
    rows = [QueueRow(*tuple(row)) for row in db.session.execute(statement)]
    if len(rows) <= PAGE_SIZE:
        return QueuePage(rows, None)
    last = rows[PAGE_SIZE - 1]
    at = last.last_message_at if view is View.WAITING else last.next_due_at
    return QueuePage(rows[:PAGE_SIZE], Cursor(at, last.id))


def count_open_of(actor: Actor) -> int:
    """How many open conversations this person has, over all brands of the scope."""
    return db.session.scalars(
        sa.select(sa.func.count())
        .select_from(Conversation)
        .where(Conversation.assignee_id == actor.id, Conversation.is_open)
    ).one()


def in_view(view: View, *, member_id: UUID, now: datetime) -> sa.ColumnElement[bool]:
    """What belongs to a view, as the one predicate behind its list and its count."""
    is_open = sa.and_(Conversation.is_open)
    match view:
        case View.POOL:
            return in_pool()
        case View.MINE:
            return sa.and_(is_open, Conversation.assignee_id == member_id)
        case View.AT_RISK:
            return sa.and_(is_open, Conversation.next_due_at <= now + AT_RISK_LEAD)
        case View.WAITING:
            # A literal, so that a partial index over pending conversations can serve it.
            return Conversation.status == sa.literal("pending", literal_execute=True)
        case View.ESCALATED:
            return sa.and_(is_open, Conversation.team == "pod")
        case View.ALL:
            return is_open


def in_pool() -> sa.ColumnElement[bool]:
    """What anybody of L1 may claim."""
    return sa.and_(
        Conversation.is_open, Conversation.assignee_id.is_(None), Conversation.team == "l1"
    )


def soonest_first() -> Order:
    """The order in which waiting work is taken."""
    return Conversation.next_due_at.asc().nulls_last(), Conversation.id


def _sort_key(view: View) -> orm.InstrumentedAttribute[datetime | None]:
    if view is View.WAITING:
        return Conversation.last_message_at  # never null, sorts alike
    return Conversation.next_due_at


def _is_contact_of_conversation() -> sa.ColumnElement[bool]:
    return sa.and_(
        Contact.workspace_id == Conversation.workspace_id, Contact.id == Conversation.contact_id
    )


def _is_after(
    cursor: Cursor, key: orm.InstrumentedAttribute[datetime | None]
) -> sa.ColumnElement[bool]:
    if cursor.at is None:
        return sa.and_(key.is_(None), Conversation.id > cursor.id)
    later = sa.tuple_(key, Conversation.id) > sa.tuple_(
        sa.literal(cursor.at), sa.literal(cursor.id)
    )
    return sa.or_(later, key.is_(None))
