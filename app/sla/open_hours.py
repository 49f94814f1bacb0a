"""A calendar compiled to the instants at which a desk is open, one UTC year at a time.

Whole microseconds since 1970, so nothing is rounded; a question is answered by bisection.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.sla.business_hours import Calendar

SECOND = 1_000_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_DAY_SECONDS = 24 * 3600


def instant_of(moment: datetime) -> int:
    """Microseconds since 1970; a naive time raises TypeError."""
    return (moment - _EPOCH) // _TICK


def moment_of(instant: int) -> datetime:
    """The UTC time of an instant."""
    return _EPOCH + instant * _TICK


@dataclass(frozen=True, slots=True)
class OpenHours:
    """One UTC year of a calendar: its open intervals, and the open time before each of them."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]
    total: int
    until: int

    def open_before(self, instant: int) -> int:
        """Open time of this year before the instant; all of it after the year."""
        index = bisect_right(self.starts, instant) - 1
        if index < 0:
            return 0
        return self.before[index] + min(instant, self.ends[index]) - self.starts[index]

    def instant_after(self, amount: int) -> int:
        """The earliest instant with `amount` open before it; 0 < amount <= total."""
        index = bisect_left(self.before, amount) - 1
        return self.starts[index] + amount - self.before[index]

    def opening_from(self, instant: int) -> int | None:
        """The first open instant from here on; None if this year has none."""
        index = bisect_right(self.ends, instant)
        return max(self.starts[index], instant) if index < len(self.starts) else None


@lru_cache(maxsize=2048)
def open_hours(calendar: Calendar, year: int) -> OpenHours:
    """A UTC year of the calendar; built on first use and kept."""
    zone = ZoneInfo(calendar.zone)
    since, until = (
        instant_of(datetime(each, 1, 1, tzinfo=UTC)) // SECOND for each in (year, year + 1)
    )
    wall_periods = _wall_periods(calendar, year)
    intervals = _united(
        (max(opens - offset, begins), min(closes - offset, ends))
        for begins, ends, offset in _constant_offsets(zone, since, until)
        for opens, closes in wall_periods
    )
    before, total = [], 0
    for opens, closes in intervals:
        before.append(total)
        total += (closes - opens) * SECOND
    return OpenHours(
        starts=tuple(opens * SECOND for opens, _ in intervals),
        ends=tuple(closes * SECOND for _, closes in intervals),
        before=tuple(before),
        total=total,
        until=until * SECOND,
    )


def _wall_periods(calendar: Calendar, year: int) -> list[tuple[int, int]]:
    """The year's periods in seconds of the wall clock, as if it never changed.

    Two days more on both sides: local dates differ from UTC's, and a period may cross midnight.
    """
    special_days = dict(calendar.special_days)
    epoch = _EPOCH.date().toordinal()
    periods = []
    for ordinal in range(date(year, 1, 1).toordinal() - 2, date(year + 1, 1, 1).toordinal() + 2):
        day = date.fromordinal(ordinal)
        if day in calendar.holidays:
            continue
        midnight = (ordinal - epoch) * _DAY_SECONDS
        for period in special_days.get(day, calendar.weekly[day.weekday()]):
            opens = midnight + period.opens * 60
            periods.append((opens, opens + period.length * 60))
    return _united(periods)


def _constant_offsets(zone: ZoneInfo, since: int, until: int) -> Iterator[tuple[int, int, int]]:
    """(from, to, UTC offset) for each stretch between clock changes, all in seconds.

    Cutting the hours at the changes themselves settles times that a change skips or repeats: the
    desk is open exactly while the wall clock shows an open time.
    """
    begins, offset = since, _utc_offset(zone, since)
    for day in range(since, until, _DAY_SECONDS):
        later = _utc_offset(zone, day + _DAY_SECONDS)
        if later == offset:
            continue
        change = _first_second_with(later, zone, range(day, day + _DAY_SECONDS))
        yield begins, change, offset
        begins, offset = change, later
    yield begins, until, offset


def _first_second_with(offset: int, zone: ZoneInfo, seconds: range) -> int:
    """The first of these seconds with this offset, which all later ones have too."""

    def is_reached(second: int) -> bool:
        return _utc_offset(zone, second) == offset

    return seconds.start + bisect_left(seconds, x=True, key=is_reached)


def _utc_offset(zone: ZoneInfo, second: int) -> int:
    local = datetime.fromtimestamp(second, zone)
    return (local.replace(tzinfo=UTC) - _EPOCH) // timedelta(seconds=1) - second


def _united(intervals: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted and disjoint, without the empty ones."""
    united: list[tuple[int, int]] = []
    for start, end in sorted(interval for interval in intervals if interval[0] < interval[1]):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united
