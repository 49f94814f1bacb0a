"""Calendars as plain JSON: what is read, and which sentence a wrong part gets."""

from datetime import date

import pytest

from app.sla.business_hours import BadCalendar, Calendar, Period

DOCUMENT = {
    "zone": "Europe/Paris",
    "weekly": {
        "monday": [["09:00", "12:00"], ["13:00", "18:00"]],
        "saturday": [["22:00", "02:00"]],
    },
    "holidays": ["2026-04-06", "2026-12-25"],
    "special_days": {"2026-12-24": [["09:00", "12:00"]], "2026-12-31": []},
}


def test_a_calendar_reads_its_document_and_writes_it_again() -> None:
    calendar = Calendar.from_json(DOCUMENT)
    assert calendar.weekly[0] == (Period(540, 720), Period(780, 1080))
    assert calendar.weekly[1] == ()
    assert calendar.weekly[5] == (Period(1320, 120),)
    assert calendar.holidays == {date(2026, 4, 6), date(2026, 12, 25)}
    assert dict(calendar.special_days)[date(2026, 12, 31)] == ()
    assert calendar.to_json() == DOCUMENT


def test_a_whole_day_runs_to_24_00() -> None:
    always = Calendar.always_open("Asia/Kathmandu")
    assert always.to_json()["weekly"]["friday"] == [["00:00", "24:00"]]  # type: ignore[index]
    assert Calendar.from_json(always.to_json()) == always


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"zone": None}, "zone"),
        ({"hours": {}}, "hours"),
        ({"weekly": []}, "weekly"),
        ({"weekly": {"lundi": []}}, "weekly"),
        ({"weekly": {"monday": {}}}, "weekly.monday"),
        ({"weekly": {"monday": ["09:00", "18:00"]}}, "weekly.monday"),
        ({"weekly": {"monday": [["09:00"]]}}, "weekly.monday"),
        ({"weekly": {"monday": [["9:00", "18:00"]]}}, "weekly.monday"),
        ({"weekly": {"monday": [["09:00", "25:00"]]}}, "weekly.monday"),
        ({"weekly": {"monday": [["09:00", "18:60"]]}}, "weekly.monday"),
        ({"weekly": {"monday": [["24:00", "18:00"]]}}, "weekly.monday"),
        ({"weekly": {"monday": [["٠٩:00", "18:00"]]}}, "weekly.monday"),
        ({"weekly": {"monday": [["09:00", "09:00"]]}}, "weekly.monday"),
        ({"weekly": {"monday": [[540, 1080]]}}, "weekly.monday"),
        ({"weekly": {"monday": [["09:00", "18:00"]] * 25}}, "weekly.monday"),
        ({"holidays": "2026-04-06"}, "holidays"),
        ({"holidays": ["2026-02-29"]}, "holidays"),
        ({"holidays": ["20260406"]}, "holidays"),
        ({"holidays": ["2026-04-06"] * 2001}, "holidays"),
        ({"special_days": {"Christmas": []}}, "special_days"),
        ({"special_days": {"2026-12-24": [["noon", "night"]]}}, "special_days.2026-12-24"),
        ({"special_days": {"2026-04-06": []}}, "special_days"),
    ],
)
def test_a_wrong_part_is_refused_by_name(change: dict[str, object], field: str) -> None:
    with pytest.raises(BadCalendar) as refusal:
        Calendar.from_json(DOCUMENT | change)
    assert refusal.value.field == field
    assert refusal.value.status == 422
    assert refusal.value.message.endswith(".")


@pytest.mark.parametrize("document", [None, [], "Europe/Paris", {1: 2}])
def test_what_is_not_an_object_is_no_calendar(document: object) -> None:
    with pytest.raises(BadCalendar):
        Calendar.from_json(document)


def test_a_week_of_six_days_is_refused() -> None:
    with pytest.raises(BadCalendar):
        Calendar("Europe/Paris", ((),) * 6)


def test_a_date_with_two_special_days_is_refused() -> None:
    with pytest.raises(BadCalendar):
        Calendar("Europe/Paris", ((),) * 7, special_days=((date(2026, 5, 4), ()),) * 2)
