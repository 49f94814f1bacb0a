"""The periods samples are drawn from: calendar weeks, as the workspace's zone sees them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, from the start of one to the start of another."""

    first: date
    until: date

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """Start and end as moments in UTC."""
        start, end = (
            datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
            for day in (self.first, self.until)
        )
        return start, end


def last_week(now: datetime, zone: str) -> Period:
    """The latest week, Monday to Sunday, that is over in the zone."""
    monday = _monday(now, zone)
    return Period(monday - timedelta(weeks=1), monday)


def week_so_far(now: datetime, zone: str) -> Period:
    """The week that is running in the zone, up to and with today.

    Never all seven days: drawn on a Sunday, it would stand for a week that is not over.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    first = max(_monday(now, zone), today - timedelta(days=5))
    return Period(first, today + timedelta(days=1))


def _monday(now: datetime, zone: str) -> date:
    today = now.astimezone(ZoneInfo(zone)).date()
    return today - timedelta(days=today.weekday())
