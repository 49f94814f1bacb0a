"""When the first report of a rhythm is due."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_MORNING = time(8)


def first_report_at(cadence: str, zone: str, *, now: datetime) -> datetime:
    """Eight in the morning, in the brand's zone, of the next Monday or first of a month."""
    local = now.astimezone(ZoneInfo(zone))
    if cadence == "weekly":
        day = local.date() + timedelta(days=7 - local.weekday())
    else:
        day = (local.date().replace(day=1) + timedelta(days=32)).replace(day=1)
    return datetime.combine(day, _MORNING, ZoneInfo(zone)).astimezone(UTC)
