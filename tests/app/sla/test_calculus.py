"""The business-hours vectors, and what a clock makes of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.sla.business_hours import Calendar, Period
from app.sla.calculus import (
    BadTarget,
    ClockState,
    NeverOpen,
    Pause,
    due_at,
    elapsed,
    next_opening,
    open_minutes,
)

PARIS = "Europe/Paris"
WORKDAY = (Period(9 * 60, 18 * 60),)
WORKWEEK = Calendar(PARIS, (WORKDAY,) * 5 + ((), ()))
ALWAYS = Calendar.always_open(PARIS)


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(PARIS))


def daily(*periods: Period) -> Calendar:
    return Calendar(PARIS, (periods,) * 7)


NIGHT = daily(Period(22 * 60, 2 * 60))
LONG_NIGHT = daily(Period(22 * 60, 3 * 60 + 30))
WITH_LUNCH = Calendar(PARIS, ((Period(540, 720), Period(780, 1080)),) * 5 + ((), ()))
EASTER = replace(WORKWEEK, holidays=frozenset({date(2026, 4, 6)}))


@pytest.mark.parametrize(
    ("calendar", "start", "end", "minutes"),
    [
        pytest.param(WORKWEEK, "2026-03-27T17:30", "2026-03-30T09:30", 60, id="1 over a weekend"),
        pytest.param(ALWAYS, "2026-03-28T12:00", "2026-03-29T12:00", 1380, id="2 spring day"),
        pytest.param(ALWAYS, "2026-10-24T12:00", "2026-10-25T12:00", 1500, id="3 autumn day"),
        pytest.param(NIGHT, "2026-03-23T21:00", "2026-03-24T03:00", 240, id="4 over midnight"),
        pytest.param(LONG_NIGHT, "2026-03-28T21:00", "2026-03-29T06:00", 270, id="5 spring night"),
        pytest.param(LONG_NIGHT, "2026-10-24T21:00", "2026-10-25T06:00", 390, id="6 autumn night"),
        pytest.param(WITH_LUNCH, "2026-03-30T11:30", "2026-03-30T13:30", 60, id="7 over lunch"),
    ],
)
def test_only_open_minutes_count(calendar: Calendar, start: str, end: str, minutes: int) -> None:
    assert open_minutes(paris(start), paris(end), calendar) == minutes


@pytest.mark.parametrize(
    ("calendar", "start", "target", "pause", "due"),
    [
        pytest.param(
            EASTER, "2026-04-03T17:00", 120, None, "2026-04-07T10:00", id="8 holiday on Monday"
        ),
        pytest.param(
            WORKWEEK, "2026-03-28T11:00", 60, None, "2026-03-30T10:00", id="9 outside hours"
        ),
        pytest.param(
            WORKWEEK,
            "2026-03-30T09:00",
            240,
            ("2026-03-30T10:00", "2026-03-31T10:00"),
            "2026-03-31T13:00",
            id="10 paused for a day",
        ),
        pytest.param(
            WORKWEEK, "2026-03-30T17:00", 60, None, "2026-03-30T18:00", id="11 ends with the day"
        ),
        pytest.param(
            WORKWEEK,
            "2026-03-30T17:30",
            120,
            ("2026-03-30T20:00", "2026-03-31T08:00"),
            "2026-03-31T10:30",
            id="12 paused while closed",
        ),
        pytest.param(
            ALWAYS, "2026-03-28T12:00", 1440, None, "2026-03-29T13:00", id="13 spring change"
        ),
        pytest.param(
            ALWAYS, "2026-10-24T12:00", 1440, None, "2026-10-25T11:00", id="14 autumn change"
        ),
    ],
)
def test_a_clock_is_due_when_its_open_minutes_are_used_up(
    calendar: Calendar, start: str, target: int, pause: tuple[str, str] | None, due: str
) -> None:
    pauses: list[Pause] = [(paris(pause[0]), paris(pause[1]))] if pause else []
    assert due_at(paris(start), target, calendar, pauses) == paris(due)


def test_due_times_are_utc() -> None:
    due = due_at(paris("2026-03-30T09:00"), 60, WORKWEEK)
    assert due is not None
    assert due.tzinfo is UTC


def test_seconds_and_microseconds_are_never_cut_off() -> None:
    start = paris("2026-03-27T17:59:59.999999")
    assert due_at(start, 1, WORKWEEK) == paris("2026-03-30T09:00:59.999999")
    assert elapsed(start, paris("2026-03-30T09:00:00.25"), WORKWEEK) == 0.250001
    assert due_at(start, 0.5, ALWAYS) == start + timedelta(seconds=30)


def test_an_end_before_the_start_is_no_time() -> None:
    assert elapsed(paris("2026-03-31T10:00"), paris("2026-03-30T10:00"), WORKWEEK) == 0


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(TypeError):
        elapsed(datetime(2026, 3, 30, 9), paris("2026-03-30T10:00"), WORKWEEK)  # noqa: DTZ001


@pytest.mark.parametrize("target", [0, -5, float("nan"), float("inf"), 10_000_000])
def test_a_target_of_no_or_endless_time_is_refused(target: float) -> None:
    with pytest.raises(BadTarget):
        due_at(paris("2026-03-30T09:00"), target, WORKWEEK)


def test_a_special_day_replaces_the_weekday() -> None:
    calendar = replace(WORKWEEK, special_days=((date(2026, 12, 24), (Period(540, 720),)),))
    assert due_at(paris("2026-12-24T11:00"), 120, calendar) == paris("2026-12-25T10:00")


def test_a_holiday_keeps_the_hours_that_began_the_evening_before() -> None:
    calendar = replace(NIGHT, holidays=frozenset({date(2026, 3, 24)}))
    assert open_minutes(paris("2026-03-23T12:00"), paris("2026-03-25T12:00"), calendar) == 240


def test_hours_named_twice_count_once() -> None:
    calendar = daily(Period(540, 720), Period(600, 780), Period(1320, 600))
    assert open_minutes(paris("2026-06-02T00:00"), paris("2026-06-03T00:00"), calendar) == 900


def test_a_time_the_spring_change_skips_is_never_open() -> None:
    calendar = daily(Period(120, 150))  # 02:00 to 02:30, which 29 March does not have
    assert open_minutes(paris("2026-03-29T00:00"), paris("2026-03-29T12:00"), calendar) == 0


def test_a_time_the_autumn_change_repeats_is_open_twice() -> None:
    calendar = daily(Period(120, 150))
    assert open_minutes(paris("2026-10-25T00:00"), paris("2026-10-25T12:00"), calendar) == 60


def test_a_closure_of_months_does_not_end_the_count() -> None:
    closed = frozenset(date(2026, 3, 1) + timedelta(days) for days in range(330))
    calendar = replace(WORKWEEK, holidays=closed)
    assert due_at(paris("2026-02-27T17:00"), 120, calendar) == paris("2027-01-25T10:00")


def test_a_long_target_over_few_hours_runs_for_years() -> None:
    an_hour_a_week = Calendar(PARIS, ((Period(540, 600),), *[()] * 6))
    due = due_at(paris("2026-01-01T12:00"), 200 * 60, an_hour_a_week)
    assert due == paris("2029-10-29T10:00")  # the 200th Monday


def test_hours_over_new_year_are_one_stretch() -> None:
    start = paris("2026-12-31T21:00")
    assert due_at(start, 240, NIGHT) == paris("2027-01-01T02:00")
    assert open_minutes(start, paris("2027-01-01T12:00"), NIGHT) == 240


def test_the_next_opening_is_now_while_open_and_the_first_moment_after_otherwise() -> None:
    assert next_opening(paris("2026-03-27T17:30"), WORKWEEK) == paris("2026-03-27T17:30")
    assert next_opening(paris("2026-03-27T18:00"), WORKWEEK) == paris("2026-03-30T09:00")
    assert next_opening(paris("2026-12-31T18:00"), WORKWEEK) == paris("2027-01-01T09:00")


def every_day_off(days: int) -> Calendar:
    return replace(ALWAYS, holidays=frozenset(date(2026, 1, 1) + timedelta(n) for n in range(days)))


@pytest.mark.parametrize("calendar", [Calendar(PARIS, ((),) * 7), every_day_off(800)])
def test_a_calendar_without_an_opening_within_a_year_is_refused(calendar: Calendar) -> None:
    with pytest.raises(NeverOpen):
        next_opening(paris("2026-01-01T00:00"), calendar)
    with pytest.raises(NeverOpen):
        due_at(paris("2026-01-01T00:00"), 60, calendar)


def test_a_closure_of_exactly_a_year_still_opens() -> None:
    opening = paris("2026-01-01T00:00") + timedelta(days=366)
    assert next_opening(paris("2026-01-01T00:00"), every_day_off(366)) == opening
    with pytest.raises(NeverOpen):
        next_opening(paris("2026-01-01T00:00"), every_day_off(367))


def test_a_calendar_that_stops_opening_before_the_target_is_used_up_is_refused() -> None:
    only_day = Calendar(PARIS, ((),) * 7, special_days=((date(2026, 5, 4), WORKDAY),))
    assert due_at(paris("2026-05-01T12:00"), 540, only_day) == paris("2026-05-04T18:00")
    with pytest.raises(NeverOpen):
        due_at(paris("2026-05-01T12:00"), 541, only_day)


def test_overlapping_pauses_count_once() -> None:
    start = paris("2026-03-30T09:00")
    pauses: list[Pause] = [
        (paris("2026-03-30T11:00"), paris("2026-03-30T12:00")),
        (paris("2026-03-30T10:00"), paris("2026-03-30T13:00")),
        (paris("2026-03-30T08:00"), paris("2026-03-30T08:30")),
    ]
    assert due_at(start, 120, WORKWEEK, pauses) == paris("2026-03-30T14:00")
    assert open_minutes(start, paris("2026-03-30T15:00"), WORKWEEK, pauses) == 180


def test_a_pause_that_ends_before_it_began_is_no_pause() -> None:
    start = paris("2026-03-30T09:00")
    pauses: list[Pause] = [(paris("2026-03-30T11:00"), paris("2026-03-30T10:00"))]
    assert due_at(start, 240, WORKWEEK, pauses) == paris("2026-03-30T13:00")
    assert open_minutes(start, paris("2026-03-30T15:00"), WORKWEEK, pauses) == 360


CLOCK = ClockState(
    kind="resolution",
    started_at=paris("2026-03-30T09:00"),
    target_minutes=100,
    calendar=WORKWEEK,
)
DUE = paris("2026-03-30T10:40")


def test_an_unanswered_clock_breaches_at_its_due_time_however_late_it_is_found() -> None:
    assert not CLOCK.is_breached_at(DUE - timedelta(microseconds=1))
    assert CLOCK.breached_at(DUE) == DUE
    assert CLOCK.breached_at(DUE + timedelta(days=40)) == DUE


def test_an_answer_at_the_due_time_is_in_time_and_a_later_one_is_not() -> None:
    in_time, late = replace(CLOCK, met_at=DUE), replace(CLOCK, met_at=DUE + timedelta(seconds=1))
    assert in_time.is_met_in_time
    assert not in_time.is_breached_at(DUE + timedelta(days=1))
    assert not late.is_met_in_time
    assert late.breached_at(DUE + timedelta(days=1)) == DUE


def test_a_paused_clock_has_no_due_time_and_keeps_what_is_left() -> None:
    paused = replace(CLOCK, pauses=((paris("2026-03-30T10:00"), None),))
    assert paused.due_at is None
    assert paused.at_risk_at() is None
    assert not paused.is_breached_at(DUE + timedelta(days=40))
    assert paused.remaining_seconds(paris("2026-03-30T10:00")) == 40 * 60
    assert paused.remaining_seconds(DUE + timedelta(days=40)) == 40 * 60


def test_a_pause_after_the_breach_does_not_undo_it() -> None:
    paused = replace(CLOCK, pauses=((DUE, None),))
    assert paused.breached_at(DUE + timedelta(days=1)) == DUE


def test_a_pause_after_the_answer_leaves_the_due_time() -> None:
    answered = replace(
        CLOCK, met_at=paris("2026-03-30T10:00"), pauses=((paris("2026-03-30T10:00"), None),)
    )
    assert answered.due_at == DUE
    assert answered.is_met_in_time


def test_a_clock_is_at_risk_when_four_fifths_of_its_open_time_are_used() -> None:
    assert CLOCK.at_risk_at() == paris("2026-03-30T10:20")
    assert CLOCK.at_risk_at(share=0.5) == paris("2026-03-30T09:50")
    late = replace(CLOCK, started_at=paris("2026-03-27T17:00"))
    assert late.at_risk_at() == paris("2026-03-30T09:20")


def test_a_clock_met_before_was_never_at_risk() -> None:
    assert replace(CLOCK, met_at=paris("2026-03-30T10:19")).at_risk_at() is None
    assert replace(CLOCK, met_at=paris("2026-03-30T10:21")).at_risk_at() is not None


@pytest.mark.parametrize("share", [0, -0.1, 1.01])
def test_an_at_risk_share_outside_the_target_is_refused(share: float) -> None:
    with pytest.raises(BadTarget):
        CLOCK.at_risk_at(share)


def test_time_left_falls_below_zero_by_the_open_time_overrun() -> None:
    assert CLOCK.remaining_seconds(CLOCK.started_at) == 6000
    assert CLOCK.remaining_seconds(paris("2026-03-30T18:00")) == -440 * 60
    assert CLOCK.remaining_seconds(paris("2026-03-31T08:00")) == -440 * 60
    assert replace(CLOCK, met_at=DUE).remaining_seconds(paris("2026-04-30T08:00")) == 0
