"""How numbers, money, moments and durations are written."""

from datetime import UTC, datetime, timedelta

import pytest

from themes import formats

MOMENT = datetime(2026, 3, 12, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (0, "0 s"),
        (45, "45 s"),
        (720, "12 min"),
        (3600, "1 h"),
        (3900, "1 h 5 min"),
        (86400 + 3 * 3600 + 59, "1 d 3 h"),
        (timedelta(days=2), "2 d"),
        (-720, "−12 min"),
    ],
)
def test_a_duration_has_its_two_largest_units(length: timedelta | float, words: str):
    assert formats.format_duration(length) == words


def test_moments_are_shown_in_the_zone_of_the_brand():
    assert formats.format_datetime(MOMENT, "Europe/Berlin") == "12 Mar 2026, 10:05"
    assert formats.format_date(datetime(2026, 3, 12, 23, 30, tzinfo=UTC), "Europe/Berlin") == (
        "13 Mar 2026"
    )


def test_money_comes_from_minor_units_of_its_currency():
    assert formats.format_money(129900, "EUR") == "€1,299.00"
    assert formats.format_money(-3150, "EUR") == "-€31.50"
    assert formats.format_money(1299, "JPY") == "JP¥1,299"


@pytest.mark.parametrize(
    ("age", "words"),
    [(10, "now"), (180, "3 min"), (7200, "2 h"), (3 * 86400, "3 d"), (20 * 86400, "20 Feb")],
)
def test_an_age_is_short(age: int, words: str):
    assert formats.format_ago(MOMENT - timedelta(seconds=age), MOMENT) == words


def test_other_numbers():
    assert formats.format_number(1204.5, 1) == "1,204.5"
    assert formats.format_number(-3) == "−3"
    assert formats.format_percent(0.943, 1) == "94.3%"
    assert formats.format_size(81234) == "81 kB"
    assert formats.format_list(["Acme", "Birch", "Cedar"]) == "Acme, Birch and Cedar"
