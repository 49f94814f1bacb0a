"""Business-hours calculus: how long a clock has run in open hours, and when it runs out.

Source: reference "metrics", business-hours calculus.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import TypeAlias

from app.sla.business_hours import BadCalendar, Calendar, Period
from app.sla.open_hours import SECOND, instant_of, moment_of, open_hours
from tenants.errors import DomainError

__all__ = [
    "BadCalendar",
    "BadTarget",
    "Calendar",
    "ClockState",
    "NeverOpen",
    "Pause",
    "Period",
    "due_at",
    "elapsed",
    "next_opening",
    "open_minutes",
]

Pause: TypeAlias = tuple[datetime, datetime | None]
"""From, until; until is None while the pause lasts. Pauses of one clock may overlap."""

_MINUTE = 60 * SECOND
_YEAR = 366 * 24 * 60 * _MINUTE
_LONGEST_TARGET_MINUTES = 366 * 24 * 60


class NeverOpen(DomainError):
    """No opening within a year: nothing counted over this calendar would ever run out."""

    message = "These business hours have no opening within a year."


class BadTarget(DomainError):
    """A target that is not a positive, bounded time."""

    message = "A target is more than nothing and at most a year."


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockState:
    """All that decides a clock's result: stored facts only, so that downtime cannot move it."""

    kind: str
    started_at: datetime
    target_minutes: float
    calendar: Calendar
    pauses: tuple[Pause, ...] = ()
    met_at: datetime | None = None

    @property
    def due_at(self) -> datetime | None:
        """When the target is used up; None while a pause that began before that moment lasts."""
        return self._used_up_at(self.target_minutes)

    @property
    def is_met_in_time(self) -> bool:
        """Met, at the due time or before it."""
        due = self.due_at
        return self.met_at is not None and (due is None or self.met_at <= due)

    def breached_at(self, now: datetime) -> datetime | None:
        """The true time of the breach, however late it is found; None without one up to `now`."""
        due = self.due_at
        if due is None or due > now or self.is_met_in_time:
            return None
        return due

    def is_breached_at(self, now: datetime) -> bool:
        """Whether the due time had passed unanswered."""
        return self.breached_at(now) is not None

    def at_risk_at(self, share: float = 0.8) -> datetime | None:
        """When this share of the target is used up; None if met before, or paused before."""
        if not 0 < share <= 1:
            raise BadTarget("The at-risk share lies between 0 and 1.")
        moment = self._used_up_at(self.target_minutes * share)
        if moment is None or (self.met_at is not None and self.met_at <= moment):
            return None
        return moment

    def remaining_seconds(self, now: datetime) -> float:
        """Open seconds left; below zero by the open seconds overrun. Stands still while paused."""
        until = now if self.met_at is None else min(now, self.met_at)
        used = _running_between(
            instant_of(self.started_at), instant_of(until), self.calendar, self.pauses
        )
        return (_amount(self.target_minutes) - used) / SECOND

    def _used_up_at(self, minutes: float) -> datetime | None:
        met_at = self.met_at  # what happens after the answer no longer concerns the clock
        pauses = [pause for pause in self.pauses if met_at is None or pause[0] < met_at]
        return due_at(self.started_at, minutes, self.calendar, pauses)


def due_at(
    start: datetime, target_minutes: float, calendar: Calendar, pauses: Iterable[Pause] = ()
) -> datetime | None:
    """The moment a clock started at `start` runs out, counting open hours outside pauses only.

    The earliest such moment: a target that ends with the day is due at closing time. UTC-aware.
    None while paused: an unfinished pause began before the target was used up.
    Raises: NeverOpen if the calendar has no opening within a year, BadTarget.
    """
    left = _amount(target_minutes)
    for since, until in _running(instant_of(start), pauses):
        if until is not None:
            used = _open_between(since, until, calendar)
            if used < left:
                left -= used
                continue
        return moment_of(_advance(since, left, calendar))
    return None


def elapsed(
    start: datetime, end: datetime, calendar: Calendar, pauses: Iterable[Pause] = ()
) -> float:
    """Open seconds in [start, end) outside pauses, exact to the microsecond; 0 if end <= start."""
    return _running_between(instant_of(start), instant_of(end), calendar, pauses) / SECOND


def open_minutes(
    start: datetime, end: datetime, calendar: Calendar, pauses: Iterable[Pause] = ()
) -> float:
    """`elapsed` in minutes, with their fraction."""
    return _running_between(instant_of(start), instant_of(end), calendar, pauses) / _MINUTE


def next_opening(at: datetime, calendar: Calendar) -> datetime:
    """`at` itself (in UTC) when the desk is open then, else the moment it opens next.

    Raises: NeverOpen if that is more than a year away.
    """
    instant = instant_of(at)
    for year in count(_year(instant)):
        hours = open_hours(calendar, year)
        opening = hours.opening_from(instant)
        if (hours.until if opening is None else opening) - instant > _YEAR:
            break
        if opening is not None:
            return moment_of(opening)
    raise NeverOpen


def _running_between(start: int, end: int, calendar: Calendar, pauses: Iterable[Pause]) -> int:
    return sum(
        _open_between(since, end if until is None else min(until, end), calendar)
        for since, until in _running(start, pauses)
        if since < end
    )


def _running(start: int, pauses: Iterable[Pause]) -> Iterator[tuple[int, int | None]]:
    """The stretches outside all pauses; the last has no end unless a pause has none."""
    position = start
    for pause_start, pause_end in sorted(pauses, key=lambda pause: pause[0]):
        paused_from = instant_of(pause_start)
        if paused_from > position:
            yield position, paused_from
            position = paused_from
        if pause_end is None:
            return
        position = max(position, instant_of(pause_end))
    yield position, None


def _open_between(start: int, end: int, calendar: Calendar) -> int:
    years = range(_year(start), _year(end) + 1)
    opened = (open_hours(calendar, year) for year in years)
    return sum(hours.open_before(end) - hours.open_before(start) for hours in opened)


def _advance(start: int, amount: int, calendar: Calendar) -> int:
    """The earliest instant with `amount` > 0 open microseconds since start."""
    rests_from = start
    for year in count(_year(start)):
        hours = open_hours(calendar, year)
        opening = hours.opening_from(rests_from)
        if (hours.until if opening is None else opening) - rests_from > _YEAR:
            break
        if opening is None:
            continue
        used_before = hours.open_before(start)
        if hours.total - used_before >= amount:
            return hours.instant_after(used_before + amount)
        amount -= hours.total - used_before
        rests_from = hours.ends[-1]
    raise NeverOpen


def _amount(target_minutes: float) -> int:
    if not 0 < target_minutes <= _LONGEST_TARGET_MINUTES:
        raise BadTarget
    return max(1, round(target_minutes * _MINUTE))


def _year(instant: int) -> int:
    return moment_of(instant).year
