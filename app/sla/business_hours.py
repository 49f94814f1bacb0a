"""The hours a desk keeps: a calendar as an immutable value, read from and written to plain JSON."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Self
from zoneinfo import available_timezones

from tenants.errors import DomainError

DAY_MINUTES = 24 * 60
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_FIELDS = frozenset({"zone", "weekly", "holidays", "special_days"})
_CLOCK_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00", re.ASCII)
_MOST_PERIODS = 24
_MOST_DATES = 2000


class BadCalendar(DomainError):
    """The hours cannot be understood; `field` is the path of the wrong part, as `weekly.monday`."""

    message = "These business hours cannot be read."


@dataclass(frozen=True, slots=True)
class Period:
    """An open stretch, in minutes after local midnight; closing before opening is next day."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not (0 <= self.opens < DAY_MINUTES and 0 <= self.closes <= DAY_MINUTES):
            raise BadCalendar("A period lies between 00:00 and 24:00.")
        if self.opens == self.closes:
            raise BadCalendar("A period needs an end; for a whole day write 00:00 to 24:00.")

    @property
    def crosses_midnight(self) -> bool:
        """Whether it ends on the day after it opens."""
        return self.closes < self.opens

    @property
    def length(self) -> int:
        """Minutes on the wall clock."""
        return self.closes - self.opens + (DAY_MINUTES if self.crosses_midnight else 0)


WHOLE_DAY = Period(0, DAY_MINUTES)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a desk is open: whenever the wall clock of its zone shows a time inside a period.

    A period belongs to the date on which it opens, so a holiday also drops its own hours after
    midnight but keeps those that began the evening before. Overlapping periods are one.
    """

    zone: str
    weekly: tuple[tuple[Period, ...], ...]  # Monday first
    holidays: frozenset[date] = frozenset()
    special_days: tuple[tuple[date, tuple[Period, ...]], ...] = ()  # replace the weekday's periods

    def __post_init__(self) -> None:
        if self.zone not in _known_zones():
            raise BadCalendar("This time zone is not known.", field="zone")
        if len(self.weekly) != len(WEEKDAYS):
            raise BadCalendar("A week has seven days.", field="weekly")
        special = [day for day, _ in self.special_days]
        if len(set(special)) != len(special):
            raise BadCalendar("A date appears twice.", field="special_days")
        if both := sorted(self.holidays.intersection(special)):
            raise BadCalendar(
                f"{both[0]} is both a holiday and a special day; keep one.", field="special_days"
            )

    @classmethod
    def always_open(cls, zone: str) -> Self:
        """Every minute of every day, for targets counted in calendar time."""
        return cls(zone, ((WHOLE_DAY,),) * len(WEEKDAYS))

    @classmethod
    def from_json(cls, document: object) -> Self:
        """Read `{"zone", "weekly", "holidays", "special_days"}`; days left out are closed.

        Periods are pairs as `["09:00", "18:00"]`, dates ISO. Raises: BadCalendar.
        """
        content = _mapping(document, "calendar")
        if unknown := sorted(set(content) - _FIELDS):
            raise BadCalendar(f"“{unknown[0]}” is not part of a calendar.", field=unknown[0])
        zone = content.get("zone")
        if not isinstance(zone, str):
            raise BadCalendar("A calendar needs a time zone.", field="zone")
        weekly = _mapping(content.get("weekly", {}), "weekly")
        if unknown := sorted(set(weekly) - set(WEEKDAYS)):
            raise BadCalendar(f"“{unknown[0]}” is not a weekday.", field="weekly")
        special_days = _mapping(content.get("special_days", {}), "special_days")
        return cls(
            zone=zone,
            weekly=tuple(_periods(weekly.get(day, []), f"weekly.{day}") for day in WEEKDAYS),
            holidays=frozenset(_dates(_list(content.get("holidays", []), "holidays"), "holidays")),
            special_days=tuple(
                (day, _periods(special_days[day.isoformat()], f"special_days.{day}"))
                for day in _dates(special_days, "special_days")
            ),
        )

    def to_json(self) -> dict[str, object]:
        """The document `from_json` reads back to an equal calendar."""
        return {
            "zone": self.zone,
            "weekly": {
                day: _written(periods)
                for day, periods in zip(WEEKDAYS, self.weekly, strict=True)
                if periods
            },
            "holidays": [day.isoformat() for day in sorted(self.holidays)],
            "special_days": {
                day.isoformat(): _written(periods) for day, periods in self.special_days
            },
        }


def _mapping(value: object, field: str) -> Mapping[str, object]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise BadCalendar(f"“{field}” must be an object.", field=field)
    if len(value) > _MOST_DATES:
        raise BadCalendar(f"At most {_MOST_DATES} dates.", field=field)
    return value


def _list(value: object, field: str) -> list[object]:
    if not isinstance(value, list):
        raise BadCalendar(f"“{field}” must be a list.", field=field)
    if len(value) > _MOST_DATES:
        raise BadCalendar(f"At most {_MOST_DATES} dates.", field=field)
    return value


def _dates(values: Iterable[object], field: str) -> list[date]:
    return [_date(value, field) for value in values]


def _date(value: object, field: str) -> date:
    if isinstance(value, str):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            pass
        else:
            if day.isoformat() == value:  # not the compact forms Python also reads
                return day
    raise BadCalendar("Write dates as year-month-day, for example 2026-12-24.", field=field)


def _periods(value: object, field: str) -> tuple[Period, ...]:
    periods = _list(value, field)
    if len(periods) > _MOST_PERIODS:
        raise BadCalendar(f"At most {_MOST_PERIODS} periods a day.", field=field)
    return tuple(_period(period, field) for period in periods)


def _period(value: object, field: str) -> Period:
    match value:
        case [str(opens), str(closes)] if opens != "24:00":
            try:
                return Period(_minute(opens, field), _minute(closes, field))
            except BadCalendar as refusal:
                raise BadCalendar(refusal.message, field=field) from None
    raise BadCalendar("A period is an opening and a closing time, as 09:00 and 18:00.", field=field)


def _minute(text: str, field: str) -> int:
    if not _CLOCK_TIME.fullmatch(text):
        raise BadCalendar("Write times as hours and minutes, for example 09:30.", field=field)
    return int(text[:2]) * 60 + int(text[3:])


def _written(periods: Iterable[Period]) -> list[list[str]]:
    return [[_clock_time(period.opens), _clock_time(period.closes)] for period in periods]


def _clock_time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@cache
def _known_zones() -> frozenset[str]:
    return frozenset(available_timezones())
