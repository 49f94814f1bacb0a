"""Service hours in one sentence, for the small print of a report."""

from itertools import groupby

from app.sla.business_hours import DAY_MINUTES, WEEKDAYS, Calendar, Period


def hours_words(calendar: Calendar) -> str:
    """'Monday to Friday 09:00 to 18:00, Saturday 10:00 to 14:00 (Europe/Berlin)'."""
    days = [
        (name.capitalize(), periods)
        for name, periods in zip(WEEKDAYS, calendar.weekly, strict=True)
    ]
    parts = []
    for periods, run in groupby(days, key=lambda day: day[1]):
        names = [name for name, _ in run]
        if periods:
            shown = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
            parts.append(f"{shown} {', '.join(_words(period) for period in periods)}")
    return f"{', '.join(parts) or 'no service hours'} ({calendar.zone})"


def _words(period: Period) -> str:
    if period.length == DAY_MINUTES:
        return "around the clock"
    return f"{_clock(period.opens)} to {_clock(period.closes)}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
