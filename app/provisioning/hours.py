"""Business hours as people type them: "9-12, 13:00-18:00" for one day, nothing for a closed one."""

import re
from collections.abc import Mapping
from itertools import groupby, pairwise

from app.sla.business_hours import WEEKDAYS, BadCalendar, Period

_PERIOD = re.compile(
    r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|—|to|until)\s*(\d{1,2})(?:[:.](\d{2}))?", re.ASCII
)
_MOST_PERIODS = 6

HOW = "Write the hours like 9:00–18:00, or 9–12, 13–18 with a break."


def read_hours(text: str) -> list[list[str]]:
    """The periods of one day as pairs of HH:MM, earliest first; empty for a closed day.

    Raises: BadCalendar with what is wrong.
    """
    words = text.strip().lower()
    if not words or words == "closed":
        return []
    parts = [part.strip() for part in re.split(r"[,;]| and ", words) if part.strip()]
    if len(parts) > _MOST_PERIODS:
        raise BadCalendar(f"At most {_MOST_PERIODS} periods a day.")
    periods = sorted((_read_period(part) for part in parts), key=lambda period: period.opens)
    for earlier, later in pairwise(periods):
        if earlier.crosses_midnight or later.opens < earlier.closes:
            raise BadCalendar("Two of these periods overlap.")
    return [[_clock(period.opens), _clock(period.closes)] for period in periods]


def write_hours(periods: list[list[str]]) -> str:
    """The same for a field: '09:00–12:00, 13:00–18:00'."""
    return ", ".join(f"{opens}–{closes}" for opens, closes in periods)


def week_in_words(hours: Mapping[str, list[list[str]]]) -> list[tuple[str, str]]:
    """Days in a row with the same hours as one line: ('Mon to Fri', '09:00–18:00')."""
    lines = []
    for words, run in groupby(WEEKDAYS, key=lambda day: write_hours(hours.get(day, []))):
        days = [day[:3].capitalize() for day in run]
        span = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
        lines.append((span, words or "closed"))
    return lines


def weekly_minutes(hours: Mapping[str, list[list[str]]]) -> int:
    """Open minutes in an ordinary week."""
    return sum(
        _read_period(f"{opens}-{closes}").length
        for periods in hours.values()
        for opens, closes in periods
    )


def _read_period(text: str) -> Period:
    match = _PERIOD.fullmatch(text)
    if match is None:
        raise BadCalendar(HOW)
    opens, closes = (_minute(*match.group(first, first + 1)) for first in (1, 3))
    return Period(opens, closes)


def _minute(hour: str, minute: str | None) -> int:
    if int(hour) > 24 or int(minute or 0) > 59:
        raise BadCalendar(HOW)
    return int(hour) * 60 + int(minute or 0)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
