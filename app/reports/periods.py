"""What a report is about: whole days in the client's zone, and when the next report is due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from themes.formats import format_date

LONGEST_DAYS = 366
_MORNING = time(8)


@dataclass(frozen=True, slots=True)
class Period:
    """From the start of `first` to the start of `until`."""

    first: date
    until: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.until - self.first).days

    @property
    def last(self) -> date:
        """The last day that belongs to it."""
        return self.until - timedelta(days=1)

    @property
    def is_month(self) -> bool:
        """Whether it is one calendar month."""
        return self.first.day == 1 and self.until == _next_month(self.first)

    @property
    def before(self) -> "Period":
        """What it is compared with: the month before a month, else as many days before."""
        if self.is_month:
            return Period((self.first - timedelta(days=1)).replace(day=1), self.first)
        return Period(self.first - timedelta(days=self.days), self.first)

    @property
    def words(self) -> str:
        """'October 2026', '5 to 11 October 2026', '28 September to 4 October 2026'."""
        if self.is_month:
            return format_date(self.first, form="MMMM y")
        if self.days == 1:
            return format_date(self.first, form="long")
        same_year, same_month = (
            self.first.year == self.last.year,
            (self.first.year, self.first.month) == (self.last.year, self.last.month),
        )
        form = "d" if same_month else "d MMMM" if same_year else "long"
        return f"{format_date(self.first, form=form)} to {format_date(self.last, form='long')}"

    @property
    def code(self) -> str:
        """The same for file names: '2026-10', '2026-10-05-to-2026-10-11'."""
        return f"{self.first:%Y-%m}" if self.is_month else f"{self.first}-to-{self.last}"

    @property
    def comparison_words(self) -> str:
        """The period before, as a sentence names it: 'September', 'the 7 days before'."""
        return (
            format_date(self.before.first, form="MMMM")
            if self.is_month
            else "the day before"
            if self.days == 1
            else f"the {self.days} days before"
        )

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """Start and end as moments in UTC."""
        start, end = (
            datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
            for day in (self.first, self.until)
        )
        return start, end

    def weeks(self) -> Iterator["Period"]:
        """Its weeks from Monday to Sunday, cut at both ends."""
        first = self.first
        while first < self.until:
            until = min(first + timedelta(days=7 - first.weekday()), self.until)
            yield Period(first, until)
            first = until


def today_in(zone: str, *, now: datetime) -> date:
    """The date on the client's wall."""
    return now.astimezone(ZoneInfo(zone)).date()


def last_month(today: date) -> Period:
    """The calendar month before this one."""
    first = today.replace(day=1)
    return Period((first - timedelta(days=1)).replace(day=1), first)


def last_weeks(today: date, *, weeks: int = 1) -> Period:
    """So many weeks, Monday to Sunday, the last of which is over."""
    monday = today - timedelta(days=today.weekday())
    return Period(monday - timedelta(weeks=weeks), monday)


def last_days(today: date, *, days: int) -> Period:
    """So many days, today included."""
    until = today + timedelta(days=1)
    return Period(until - timedelta(days=days), until)


def last_full_period(cadence: str, today: date) -> Period:
    """What a scheduled report is about: the week or month that is over."""
    return last_weeks(today) if cadence == "weekly" else last_month(today)


def next_report_at(cadence: str, zone: str, *, now: datetime) -> datetime:
    """Eight in the morning, in the zone, of the next Monday or first of a month after `now`."""
    today = today_in(zone, now=now)
    if cadence == "weekly":
        day = today + timedelta(days=7 - today.weekday())
    else:
        day = _next_month(today.replace(day=1))
    return datetime.combine(day, _MORNING, ZoneInfo(zone)).astimezone(UTC)


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
