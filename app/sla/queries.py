"""What was promised, by which hours, and how each clock of a conversation stands."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa

from app.sla.calculus import Calendar, ClockState
from app.sla.models import CalendarVersion, Clock, PolicyVersion
from tenants.db import db

Standing = Literal["running", "at_risk", "breached", "paused", "met", "none"]


def find_policy(workspace_id: UUID, *, at: datetime) -> PolicyVersion | None:
    """The policy in force at this moment; None while nothing is promised."""
    return db.session.scalar(
        sa.select(PolicyVersion)
        .where(PolicyVersion.workspace_id == workspace_id, PolicyVersion.valid_from <= at)
        .order_by(PolicyVersion.number.desc())
        .limit(1)
    )


def find_calendar_version(workspace_id: UUID, *, at: datetime) -> CalendarVersion | None:
    """The business hours in force at this moment."""
    return db.session.scalar(
        sa.select(CalendarVersion)
        .where(CalendarVersion.workspace_id == workspace_id, CalendarVersion.valid_from <= at)
        .order_by(CalendarVersion.number.desc())
        .limit(1)
    )


def list_clocks(conversation_id: UUID) -> Sequence[tuple[Clock, Calendar]]:
    """Every clock of a conversation, oldest first, with the hours it counts in."""
    return list_clocks_of([conversation_id])


def list_clocks_of(
    conversation_ids: Collection[UUID], *, only_running: bool = False
) -> Sequence[tuple[Clock, Calendar]]:
    """The same for several conversations, in one statement; read anew, for callers that lock."""
    statement = (
        sa.select(Clock, CalendarVersion)
        .join(
            CalendarVersion,
            sa.and_(
                CalendarVersion.workspace_id == Clock.workspace_id,
                CalendarVersion.id == Clock.calendar_id,
            ),
        )
        .where(Clock.conversation_id.in_(conversation_ids))
        .order_by(Clock.started_at, Clock.id)
        .execution_options(populate_existing=True)
    )
    if only_running:
        statement = statement.where(Clock.ended_at.is_(None))
    calendars: dict[UUID, Calendar] = {}
    found = []
    for clock, version in db.session.execute(statement):
        if version.id not in calendars:
            calendars[version.id] = Calendar.from_json(version.definition)
        found.append((clock, calendars[version.id]))
    return found


@dataclass(frozen=True, slots=True)
class ClockReading:
    """How one clock stands at one moment; `seconds` are open seconds, below zero when overrun."""

    kind: str
    standing: Standing
    seconds: float
    started_at: datetime
    due_at: datetime | None
    met_at: datetime | None
    breached_at: datetime | None
    excluded_reason: str | None


def read_clocks(conversation_id: UUID, *, now: datetime) -> list[ClockReading]:
    """Every clock of a conversation as the page shows it, exact to now, oldest first."""
    return [_read(clock, calendar, now) for clock, calendar in list_clocks(conversation_id)]


def read_next_due(conversation_ids: Collection[UUID], *, now: datetime) -> dict[UUID, ClockReading]:
    """Of each conversation with a clock that has not ended, the one due first; paused ones last."""
    soonest: dict[UUID, tuple[Clock, Calendar]] = {}
    for clock, calendar in list_clocks_of(conversation_ids, only_running=True):
        known = soonest.get(clock.conversation_id)
        if known is None or _due_or_never(clock) < _due_or_never(known[0]):
            soonest[clock.conversation_id] = clock, calendar
    return {
        conversation_id: _read(clock, calendar, now)
        for conversation_id, (clock, calendar) in soonest.items()
    }


def state_of(clock: Clock, calendar: Calendar) -> ClockState:
    """The stored facts of a clock, as the calculus takes them."""
    return ClockState(
        kind=clock.kind,
        started_at=clock.started_at,
        target_minutes=clock.target_minutes,
        calendar=calendar,
        pauses=tuple(
            (
                datetime.fromisoformat(pause["from"]),
                datetime.fromisoformat(pause["until"]) if pause["until"] else None,
            )
            for pause in clock.pauses
        ),
        met_at=clock.met_at,
    )


def _due_or_never(clock: Clock) -> datetime:
    return clock.due_at or datetime.max.replace(tzinfo=UTC)


def _read(clock: Clock, calendar: Calendar, now: datetime) -> ClockReading:
    state = state_of(clock, calendar)
    until = min(now, clock.ended_at) if clock.ended_at else now
    breached_at = clock.breached_at or (state.breached_at(now) if clock.is_running else None)
    return ClockReading(
        kind=clock.kind,
        standing=_standing(clock, state, breached_at, now),
        seconds=state.remaining_seconds(until),
        started_at=clock.started_at,
        due_at=clock.due_at,
        met_at=clock.met_at,
        breached_at=breached_at,
        excluded_reason=clock.excluded_reason,
    )


def _standing(
    clock: Clock, state: ClockState, breached_at: datetime | None, now: datetime
) -> Standing:
    if clock.excluded_reason is not None:
        return "none"
    if breached_at is not None:
        return "breached"
    if clock.met_at is not None:
        return "met"
    if clock.is_paused:
        return "paused"
    at_risk_at = state.at_risk_at(clock.at_risk_share)
    return "at_risk" if at_risk_at is not None and at_risk_at <= now else "running"
