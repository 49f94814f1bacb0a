"""Conversations of a period: opened, answered, closed, and what was left at its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from app.conversations.models import Conversation, Message
from app.reports.queries.window import Window
from tenants.db import db
from tenants.ledger import Event


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation of people, with its first answer by a person."""

    id: UUID
    topic: str
    channel: str
    opened_at: datetime
    asked_at: datetime | None  # None where we wrote first
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Closed:
    """A conversation that was closed in the period; `closed_at` is its last close there."""

    id: UUID
    topic: str
    opened_at: datetime
    closed_at: datetime
    human_replies: int
    was_reopened: bool  # by the shopper, at any time after its first close in the period


def list_opened(window: Window) -> list[Opened]:
    """Every conversation opened in the period but automatic mail."""
    statement = sa.select(
        Conversation.id, Conversation.topic, Conversation.channel, Conversation.created_at
    ).where(window.opened, Conversation.is_automatic.is_(False))
    rows = db.session.execute(statement.order_by(Conversation.created_at, Conversation.id)).all()
    waits = _first_messages(window)
    return [
        Opened(row.id, row.topic or "", row.channel, row.created_at, *_wait(waits.get(row.id)))
        for row in rows
    ]


def count_automatic(window: Window) -> int:
    """Automatic mail that opened a conversation of its own."""
    return (
        db.session.scalar(
            sa.select(sa.func.count()).where(window.opened, Conversation.is_automatic.is_(True))
        )
        or 0
    )


def count_replies(window: Window) -> int:
    """Answers that people wrote in the period."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Conversation)
            .join(Message, _message_of_conversation())
            .where(
                Conversation.workspace_id == window.workspace_id,
                Conversation.last_message_at >= window.starts_at,
                *_BY_PEOPLE,
                Message.author_kind == "agent",
                Message.created_at >= window.starts_at,
                Message.created_at < window.ends_at,
            )
        )
        or 0
    )


def list_closed(window: Window) -> list[Closed]:
    """Every conversation closed in the period but automatic mail, each once."""
    closes = _closes(window).subquery()
    rows = db.session.execute(
        sa.select(
            Conversation.id,
            Conversation.topic,
            Conversation.created_at,
            closes.c.first_at,
            closes.c.last_at,
        )
        .join(closes, closes.c.subject_id == Conversation.id)
        .where(
            Conversation.workspace_id == window.workspace_id,
            Conversation.is_automatic.is_(False),
        )
        .order_by(closes.c.last_at, Conversation.id)
    ).all()
    replies, reopened = _count_replies_of(window), _last_reopening(window)
    return [
        Closed(
            id=row.id,
            topic=row.topic or "",
            opened_at=row.created_at,
            closed_at=row.last_at,
            human_replies=replies.get(row.id, 0),
            was_reopened=row.id in reopened and reopened[row.id] > row.first_at,
        )
        for row in rows
    ]


def list_open_at_end(window: Window) -> Sequence[datetime]:
    """When each conversation was opened that was not closed at the end of the period.

    One that was reopened since is looked up in the ledger: its own row only tells about now.
    """
    at = window.ends_at
    last = (
        sa.select(Event.kind)
        .where(
            Event.workspace_id == window.workspace_id,
            Event.subject_id == Conversation.id,
            Event.kind.in_(("conversation.closed", "conversation.reopened")),
            Event.at < at,
        )
        .order_by(Event.at.desc(), Event.id.desc())
        .limit(1)
        .correlate(Conversation)
        .scalar_subquery()
    )
    not_closed_since = sa.or_(Conversation.closed_at.is_(None), Conversation.closed_at >= at)
    was_open = sa.case(
        (Conversation.reopen_count == 0, sa.true()),
        else_=sa.func.coalesce(last, "") != "conversation.closed",
    )
    return db.session.scalars(
        sa.select(Conversation.created_at).where(
            Conversation.workspace_id == window.workspace_id,
            Conversation.is_automatic.is_(False),
            Conversation.created_at < at,
            not_closed_since,
            was_open,
        )
    ).all()


_BY_PEOPLE = (Message.is_note.is_(False), Message.is_automatic.is_(False))


@dataclass(frozen=True, slots=True)
class _Wait:
    asked_at: datetime | None
    answered_at: datetime | None


def _wait(found: _Wait | None) -> tuple[datetime | None, datetime | None]:
    """From question to answer; nobody waited where the first word was ours."""
    if found is None or found.asked_at is None:
        return None, None
    if found.answered_at is not None and found.answered_at < found.asked_at:
        return None, None
    return found.asked_at, found.answered_at


def _first_messages(window: Window) -> Mapping[UUID, _Wait]:
    first = sa.func.min(Message.created_at)
    rows = db.session.execute(
        sa.select(
            Message.conversation_id,
            first.filter(Message.author_kind == "contact"),
            first.filter(Message.author_kind == "agent"),
        )
        .join(Conversation, _message_of_conversation())
        .where(window.opened, *_BY_PEOPLE)
        .group_by(Message.conversation_id)
    )
    return {row[0]: _Wait(*row[1:]) for row in rows}


def _count_replies_of(window: Window) -> Mapping[UUID, int]:
    closes = _closes(window).subquery()
    rows = db.session.execute(
        sa.select(Message.conversation_id, sa.func.count())
        .join(closes, closes.c.subject_id == Message.conversation_id)
        .where(
            Message.workspace_id == window.workspace_id,
            Message.author_kind == "agent",
            Message.created_at <= closes.c.last_at,
            *_BY_PEOPLE,
        )
        .group_by(Message.conversation_id)
    )
    return {row[0]: row[1] for row in rows}


def _closes(window: Window) -> sa.Select[UUID, datetime, datetime]:
    return (
        sa.select(
            Event.subject_id,
            sa.func.min(Event.at).label("first_at"),
            sa.func.max(Event.at).label("last_at"),
        )
        .where(
            Event.workspace_id == window.workspace_id,
            Event.kind == "conversation.closed",
            Event.at >= window.starts_at,
            Event.at < window.ends_at,
        )
        .group_by(Event.subject_id)
    )


def _last_reopening(window: Window) -> Mapping[UUID, datetime]:
    rows = db.session.execute(
        sa.select(Event.subject_id, sa.func.max(Event.at))
        .where(
            Event.workspace_id == window.workspace_id,
            Event.kind == "conversation.reopened",
            Event.at >= window.starts_at,
            Event.data["by_contact"].as_boolean(),
        )
        .group_by(Event.subject_id)
    )
    return {row[0]: row[1] for row in rows}


def _message_of_conversation() -> sa.ColumnElement[bool]:
    return sa.and_(
        Message.workspace_id == Conversation.workspace_id,
        Message.conversation_id == Conversation.id,
    )
