"""The promises of a period, and business time as their calendars count it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from app.conversations.models import Conversation
from app.reports.formulas import ClockResult
from app.reports.queries.window import Window
from app.sla.calculus import Calendar, Pause, elapsed
from app.sla.models import CalendarVersion, Clock
from app.sla.queries import find_calendar_version
from tenants.db import db


@dataclass(frozen=True, slots=True)
class Promise:
    """One clock that began in the period."""

    kind: str
    target_minutes: int
    conversation_id: UUID
    topic: str
    started_at: datetime
    result: ClockResult

    def is_late(self, now: datetime) -> bool:
        """Missed, or open past its due time."""
        due, met = self.result.due_at, self.result.met_at
        if self.result.excluded_reason is not None or due is None:
            return False
        return due < met if met is not None else due <= now


def list_promises(window: Window) -> list[Promise]:
    """Every clock that began in the period, with the topic it was for."""
    rows = db.session.execute(
        sa.select(
            Clock.kind,
            Clock.target_minutes,
            Clock.conversation_id,
            Conversation.topic,
            Clock.started_at,
            Clock.due_at,
            Clock.met_at,
            Clock.excluded_reason,
        )
        .join(
            Conversation,
            sa.and_(
                Conversation.workspace_id == Clock.workspace_id,
                Conversation.id == Clock.conversation_id,
            ),
        )
        .where(
            Clock.workspace_id == window.workspace_id,
            Clock.started_at >= window.starts_at,
            Clock.started_at < window.ends_at,
        )
        .order_by(Clock.started_at, Clock.id)
    )
    return [
        Promise(
            kind=row.kind,
            target_minutes=row.target_minutes,
            conversation_id=row.conversation_id,
            topic=row.topic or "",
            started_at=row.started_at,
            result=ClockResult(row.due_at, row.met_at, row.excluded_reason),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class _Run:
    """A clock's stretch of running time."""

    started_at: datetime
    ended_at: datetime | None
    pauses: tuple[Pause, ...]
    calendar: Calendar


class BusinessTime:
    """Open seconds of conversations, by the calendar each clock began with.

    Where nothing was promised there is no clock: then the calendar that is in force counts.
    """

    def __init__(self, window: Window, runs: Mapping[UUID, list[_Run]]) -> None:
        self._runs = runs
        found = find_calendar_version(window.workspace_id, at=window.ends_at)
        self._calendar = Calendar.from_json(found.definition) if found else None

    def between(self, conversation_id: UUID, start: datetime, end: datetime) -> float | None:
        """Open seconds from start to end; None without any calendar."""
        runs = self._runs.get(conversation_id)
        calendar = runs[0].calendar if runs else self._calendar
        return None if calendar is None else elapsed(start, end, calendar)

    def running(self, conversation_id: UUID, start: datetime, end: datetime) -> float | None:
        """The same without pauses, and without the time it was closed in between."""
        runs = self._runs.get(conversation_id)
        if not runs:
            return self.between(conversation_id, start, end)
        return sum(
            elapsed(run.started_at, min(run.ended_at or end, end), run.calendar, run.pauses)
            for run in runs
        )


def resolution_time(window: Window, conversation_ids: Collection[UUID]) -> BusinessTime:
    """Business time of these conversations by their resolution clocks, in two statements."""
    calendars: dict[UUID, Calendar] = {
        version_id: Calendar.from_json(document)
        for version_id, document in db.session.execute(
            sa.select(CalendarVersion.id, CalendarVersion.definition).where(
                CalendarVersion.workspace_id == window.workspace_id
            )
        )
    }
    rows = db.session.execute(
        sa.select(
            Clock.conversation_id,
            Clock.calendar_id,
            Clock.started_at,
            Clock.ended_at,
            Clock.pauses,
        )
        .where(
            Clock.workspace_id == window.workspace_id,
            Clock.kind == "resolution",
            Clock.conversation_id.in_(conversation_ids),
        )
        .order_by(Clock.started_at)
    )
    runs: dict[UUID, list[_Run]] = {}
    for conversation_id, calendar_id, started_at, ended_at, pauses in rows:
        read = tuple((_moment(each["from"]), _optional(each["until"])) for each in pauses)
        run = _Run(started_at, ended_at, read, calendars[calendar_id])
        runs.setdefault(conversation_id, []).append(run)
    return BusinessTime(window, runs)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _optional(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
