"""Public holidays as a proposal: the library knows the dates, the agency keeps those that count."""

from datetime import date
from functools import cache

import holidays
from babel import Locale

from app.provisioning.choices import Holiday

_YEARS_AHEAD = 2


def propose_holidays(country: str, *, today: date) -> list[Holiday]:
    """The country's public holidays from today to the end of the next year, earliest first."""
    years = range(today.year, today.year + _YEARS_AHEAD)
    known = holidays.country_holidays(country, years=years, language="en_US")
    return [
        Holiday(date=day.isoformat(), name=name)
        for day, name in sorted(known.items())
        if day >= today
    ]


@cache
def countries() -> tuple[tuple[str, str], ...]:
    """Code and English name of every country whose holidays are known, by name."""
    names = Locale("en").territories
    codes = {code for code in holidays.list_supported_countries() if len(code) == len("DE")}
    return tuple(sorted(((code, names.get(code, code)) for code in codes), key=lambda it: it[1]))
