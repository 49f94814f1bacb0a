"""What a sample is drawn from: the conversations closed in a period, and what decides on a draw."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import quantiles
from uuid import UUID

import sqlalchemy as sa

from app.conversations.models import Conversation, Message
from app.escalations.models import Escalation
from app.quality.models import Review, Sample
from app.quality.sampling import Candidate, Reason
from app.quality.weeks import Period
from app.sla.models import Clock
from tenants.db import db
from tenants.members.models import Member

NEW_HIRE_DAYS = 30
NOBODY = UUID(int=0)
"""Stands for the agent where no agent wrote: such a conversation is counted, never drawn."""

_LONG = 8  # messages; shorter conversations are never outliers


@dataclass
class _Written:
    """Who wrote how much in one conversation."""

    contact_messages: int = 0
    agents: dict[UUID, tuple[int, int]] = field(default_factory=dict)  # messages, words
    last_agent: UUID | None = None


def list_candidates(
    workspace_id: UUID, *, starts_at: datetime, ends_at: datetime
) -> list[Candidate]:
    """Every conversation closed from `starts_at` until before `ends_at`, in five statements.

    An escalated one stands once for each agent with a public reply, any other one for its
    assignee at close.
    """
    conversations = db.session.scalars(
        sa.select(Conversation)
        .where(_closed(workspace_id, starts_at, ends_at))
        .order_by(Conversation.id)
    ).all()
    ids = (
        sa.select(Conversation.id)
        .where(_closed(workspace_id, starts_at, ends_at))
        .scalar_subquery()
    )
    written = _written(workspace_id, ids)
    escalated = _marked(Escalation, workspace_id, ids)
    breached = _marked(Clock, workspace_id, ids, Clock.breached_at.is_not(None))
    hired_at = {row.id: row.created_at for row in db.session.execute(_members())}
    fence = _long_fence([each.message_count for each in conversations])
    candidates = []
    for conversation in conversations:
        facts = written.get(conversation.id, _Written())
        shared = {
            Reason.REOPENED: conversation.reopen_count > 0,
            Reason.SLA_BREACH: conversation.id in breached,
            Reason.ESCALATED: conversation.id in escalated,
            Reason.OUTLIER: conversation.message_count > fence,
        }
        for agent in _reviewed(conversation, facts, is_escalated=conversation.id in escalated):
            messages, words = facts.agents.get(agent, (0, 0))
            new_until = hired_at.get(agent, starts_at) + timedelta(days=NEW_HIRE_DAYS)
            applying = {reason for reason, applies in shared.items() if applies}
            if agent in hired_at and starts_at < new_until:
                applying.add(Reason.NEW_HIRE)
            candidates.append(
                Candidate(
                    id=conversation.id,
                    workspace=workspace_id,
                    agent=agent,
                    channel=conversation.channel,
                    topic=conversation.topic,
                    contact_messages=facts.contact_messages,
                    agent_messages=messages,
                    agent_words=words,
                    is_automatic=conversation.is_automatic,
                    reasons=frozenset(applying),
                )
            )
    return candidates


def list_earlier_samples(workspace_id: UUID, period: Period, stream: str) -> Sequence[Sample]:
    """Samples of the stream whose period shares a day with this one: an early draw of the week."""
    return db.session.scalars(
        sa.select(Sample)
        .where(
            Sample.workspace_id == workspace_id,
            Sample.stream == stream,
            Sample.period_from < period.until,
            Sample.period_until > period.first,
        )
        .options(sa.orm.undefer(Sample.candidates))
        .order_by(Sample.drawn_at, Sample.id)
    ).all()


def list_drawn_pairs(samples: Iterable[Sample]) -> set[tuple[UUID, UUID]]:
    """The conversations, each with its reviewee, that these samples drew."""
    rows = db.session.execute(
        sa.select(Review.conversation_id, Review.reviewee_id).where(
            Review.sample_id.in_([sample.id for sample in samples])
        )
    )
    return {(row.conversation_id, row.reviewee_id) for row in rows}


def _members() -> sa.Select[UUID, datetime]:
    return sa.select(Member.id, Member.created_at)


def _closed(workspace_id: UUID, starts_at: datetime, ends_at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        Conversation.workspace_id == workspace_id,
        Conversation.status == "closed",
        Conversation.closed_at >= starts_at,
        Conversation.closed_at < ends_at,
    )


def _written(workspace_id: UUID, ids: sa.ScalarSelect[UUID]) -> dict[UUID, _Written]:
    rows = db.session.execute(
        sa.select(
            Message.conversation_id,
            Message.author_kind,
            Message.author_id,
            sa.func.count(),
            sa.func.sum(sa.func.regexp_count(Message.visible_text, r"\S+")),
            sa.func.max(Message.created_at).label("last_at"),
        )
        .where(
            Message.workspace_id == workspace_id,
            Message.conversation_id.in_(ids),
            Message.is_note.is_(False),
            Message.is_automatic.is_(False),
        )
        .group_by(Message.conversation_id, Message.author_kind, Message.author_id)
        .order_by("last_at")
    )
    written: dict[UUID, _Written] = defaultdict(_Written)
    for conversation_id, kind, author_id, messages, words, _ in rows:
        facts = written[conversation_id]
        if kind == "contact":
            facts.contact_messages += messages
        elif kind == "agent" and author_id is not None:
            facts.agents[author_id] = (messages, words)
            facts.last_agent = author_id
    return written


def _marked(
    table: type[Escalation] | type[Clock],
    workspace_id: UUID,
    ids: sa.ScalarSelect[UUID],
    *conditions: sa.ColumnElement[bool],
) -> set[UUID]:
    """The conversations that have such a row."""
    return set(
        db.session.scalars(
            sa.select(table.conversation_id).where(
                table.workspace_id == workspace_id, table.conversation_id.in_(ids), *conditions
            )
        )
    )


def _reviewed(conversation: Conversation, facts: _Written, *, is_escalated: bool) -> Sequence[UUID]:
    if is_escalated and facts.agents:
        return sorted(facts.agents)
    if conversation.assignee_id in facts.agents:
        return [conversation.assignee_id]
    return [facts.last_agent or NOBODY]


def _long_fence(counts: Sequence[int]) -> float:
    """More messages than this are an outlier: Tukey's fence over the period, and never few."""
    if len(counts) < 2:
        return _LONG
    low, _, high = quantiles(counts, n=4)
    return max(_LONG, high + 1.5 * (high - low))
