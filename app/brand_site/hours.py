"""Business hours as a shopper reads them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.sla.business_hours import WEEKDAYS, Calendar, Period
from app.sla.calculus import next_opening

_TODAY, _TOMORROW = 0, 1


@dataclass(frozen=True)
class DayLine:
    """One weekday with its hours in words."""

    name: str
    hours: str
    is_today: bool


@dataclass(frozen=True)
class ShownHours:
    """What stands on the page: a sentence about now, and the week."""

    now: str
    is_open: bool
    week: list[DayLine]


def shown_hours(calendar: Calendar, *, now: datetime) -> ShownHours:
    """The hours of this week, and whether somebody answers at this moment."""
    today = now.astimezone(ZoneInfo(calendar.zone)).date()
    opening = next_opening(now, calendar)
    is_open = opening <= now
    hours = _words(_periods_on(calendar, today))
    return ShownHours(
        now=f"Open today {hours}"
        if is_open
        else f"Closed now, open again {_when(opening, now, calendar)}",
        is_open=is_open,
        week=[
            DayLine(name.capitalize(), _words(periods), index == today.weekday())
            for index, (name, periods) in enumerate(zip(WEEKDAYS, calendar.weekly, strict=True))
        ],
    )


def _periods_on(calendar: Calendar, day: date) -> tuple[Period, ...]:
    if day in calendar.holidays:
        return ()
    return dict(calendar.special_days).get(day, calendar.weekly[day.weekday()])


def _when(opening: datetime, now: datetime, calendar: Calendar) -> str:
    zone = ZoneInfo(calendar.zone)
    local = opening.astimezone(zone)
    days = (local.date() - now.astimezone(zone).date()) // timedelta(days=1)
    clock = f"{local:%H:%M}"
    if days == _TODAY:
        return f"today at {clock}"
    if days == _TOMORROW:
        return f"tomorrow at {clock}"
    if days < len(WEEKDAYS):
        return f"on {local:%A} at {clock}"
    return f"on {local.day} {local:%B} at {clock}"


def _words(periods: tuple[Period, ...]) -> str:
    return ", ".join(f"{_clock(it.opens)} to {_clock(it.closes)}" for it in periods) or "Closed"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
