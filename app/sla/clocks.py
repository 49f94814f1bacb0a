"""One clock: what happens to it by itself and by what people do, each with its ledger row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from app.sla.calculus import Calendar
from app.sla.models import Clock
from app.sla.queries import state_of
from tenants.context import SYSTEM, Actor
from tenants.ledger import record


class Matter(Protocol):
    """What a clock runs for: a conversation, which shows its most urgent clock on its own row."""

    __tablename__: str
    id: Any
    workspace_id: Any
    channel: Any
    topic: Any
    next_due_at: Any
    is_breached: Any


@dataclass(frozen=True, slots=True)
class TickingClock:
    """A clock row with its hours and what it runs for; the caller holds the conversation's lock."""

    matter: Matter
    row: Clock
    calendar: Calendar

    def start(self, *, now: datetime) -> None:
        """Work out the due time of a new row."""
        self._reckon()
        self._record("clock.started", at=now, target_minutes=self.row.target_minutes)

    def catch_up(self, *, now: datetime) -> None:
        """Record what has happened by itself up to now, each at its true time and only once."""
        row, state = self.row, state_of(self.row, self.calendar)
        at_risk_at = state.at_risk_at(row.at_risk_share)
        if row.at_risk_recorded_at is None and at_risk_at is not None and at_risk_at <= now:
            row.at_risk_recorded_at = now
            self._record("clock.at_risk", at=at_risk_at, actor=SYSTEM)
        breached_at = state.breached_at(now)
        if row.breached_at is None and breached_at is not None:
            row.breached_at = breached_at
            self._record("clock.breached", at=breached_at, actor=SYSTEM)
        self._reckon()

    def meet(self, *, now: datetime) -> None:
        """The promise is kept, in time or late."""
        if not self.row.is_running:
            return
        self._close_pause(now)
        self.row.met_at = self.row.ended_at = now
        self.catch_up(now=now)
        self._record("clock.met", at=now, in_time=self.row.breached_at is None)

    def give_up(self, reason: str, *, now: datetime) -> None:
        """Nobody will keep the promise now: breached stays breached, else it does not count."""
        if not self.row.is_running:
            return
        self.catch_up(now=now)
        self.row.ended_at = now
        if self.row.breached_at is None:
            self.row.excluded_reason = reason
            self._record("clock.excluded", at=now, reason=reason)
        self._reckon()

    def pause(self, reason: str, *, now: datetime) -> None:
        """Stop counting until `resume`."""
        if not self.row.is_running or self.row.is_paused:
            return
        self.catch_up(now=now)
        self.row.pauses = [
            *self.row.pauses,
            {"from": now.isoformat(), "until": None, "reason": reason},
        ]
        self._reckon()
        self._record("clock.paused", at=now, reason=reason)

    def resume(self, *, now: datetime) -> None:
        """Count on from here."""
        if not self.row.is_running or not self.row.is_paused:
            return
        self._close_pause(now)
        self._reckon()
        self._record("clock.resumed", at=now)

    def _close_pause(self, now: datetime) -> None:
        if not self.row.is_paused:
            return
        last = self.row.pauses[-1]
        until = max(now, datetime.fromisoformat(last["from"]))
        self.row.pauses = [*self.row.pauses[:-1], last | {"until": until.isoformat()}]

    def _reckon(self) -> None:
        """Due and next times from the stored facts alone, so that downtime cannot move them."""
        row, state = self.row, state_of(self.row, self.calendar)
        row.due_at = state.due_at
        row.at_risk_at = state.at_risk_at(row.at_risk_share)
        row.next_at = self._next_at() if row.is_running else None

    def _next_at(self) -> datetime | None:
        if self.row.at_risk_recorded_at is None and self.row.at_risk_at is not None:
            return self.row.at_risk_at
        return self.row.due_at if self.row.breached_at is None else None

    def _record(
        self, kind: str, *, at: datetime, actor: Actor | None = None, **data: str | float
    ) -> None:
        due_at = self.row.due_at
        record(
            kind,
            self.matter,
            at=at,
            actor=actor,
            data={
                "clock_id": str(self.row.id),
                "clock": self.row.kind,
                "due_at": due_at.isoformat() if due_at else None,
                **data,
            },
        )


def show_most_urgent(matter: Matter, clocks: list[TickingClock]) -> None:
    """Keep what lists sort and mark by on the conversation's own row."""
    running = [clock.row for clock in clocks if clock.row.is_running]
    matter.next_due_at = min((row.due_at for row in running if row.due_at), default=None)
    matter.is_breached = any(row.breached_at is not None for row in running)
