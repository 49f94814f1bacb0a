"""What must hold for every calendar, and 408 cases against counting minute by minute."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.sla.business_hours import DAY_MINUTES, Calendar, Period
from app.sla.calculus import Pause, due_at, elapsed, open_minutes

MINUTE = timedelta(minutes=1)

# A zone, and the local days around which its cases start: clock changes, leap day, new year, 31st.
ZONES = {
    "Europe/Paris": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "America/St_Johns": (date(2026, 3, 8), date(2026, 11, 1)),  # -3:30
    "America/Havana": (date(2026, 3, 8), date(2026, 11, 1)),  # repeats the hour after midnight
    "America/Santiago": (date(2026, 9, 6), date(2026, 4, 5)),  # skips the hour after midnight
    "Asia/Kolkata": (date(2028, 2, 29), date(2026, 1, 1)),  # +5:30
    "Asia/Kathmandu": (date(2028, 2, 29), date(2026, 8, 31)),  # +5:45
    "Australia/Lord_Howe": (date(2026, 10, 4), date(2026, 4, 5)),  # changes by half an hour
    "Pacific/Chatham": (date(2026, 9, 27), date(2026, 4, 5)),  # +12:45, +13:45
    "Africa/Casablanca": (date(2026, 2, 15), date(2026, 3, 22)),  # winter time in Ramadan
    "Antarctica/Troll": (date(2026, 3, 29), date(2026, 10, 25)),  # changes by two hours
    "Pacific/Apia": (date(2011, 12, 30), date(2028, 2, 29)),  # left out a whole day
}
CASES_PER_ZONE = 34


def counted_by_the_minute(
    start: datetime, end: datetime, calendar: Calendar, pauses: list[Pause], target: int
) -> tuple[int, datetime | None]:
    """(open minutes, the moment the target is used up), by looking at the clock on the wall."""
    zone = ZoneInfo(calendar.zone)
    special_days = dict(calendar.special_days)

    def hours_of(day: date) -> tuple[Period, ...]:
        if day in calendar.holidays:
            return ()
        return special_days.get(day, calendar.weekly[day.weekday()])

    def is_open(moment: datetime) -> bool:
        wall = moment.astimezone(zone)
        minute, today = wall.hour * 60 + wall.minute, wall.date()
        return any(
            period.opens <= minute and (period.crosses_midnight or minute < period.closes)
            for period in hours_of(today)
        ) or any(
            period.crosses_midnight and minute < period.closes
            for period in hours_of(today - timedelta(days=1))
        )

    minutes, due, moment = 0, None, start
    while moment < end:
        if is_open(moment) and not any(a <= moment < (b or end) for a, b in pauses):
            minutes += 1
            if minutes == target:
                due = moment + MINUTE
        moment += MINUTE
    return minutes, due


def some_periods(random: Random) -> tuple[Period, ...]:
    count = random.choice((0, 1, 1, 2, 3))
    edges = (0, 60, 90, 120, 135, 150, 180, 540, 720, 1080, 1320, 1425)
    periods: list[Period] = []
    while len(periods) < count:
        opens = random.choice((*edges, random.randrange(DAY_MINUTES)))
        closes = random.choice((*edges, DAY_MINUTES, random.randrange(DAY_MINUTES)))
        if opens != closes:
            periods.append(Period(opens, closes))
    return tuple(periods)


@pytest.mark.parametrize("zone", ZONES)
def test_the_calculus_agrees_with_counting_minute_by_minute(zone: str) -> None:
    random = Random(zone)  # noqa: S311 -- the same cases each time
    for case in range(CASES_PER_ZONE):
        change = ZONES[zone][case % 2]
        calendar = Calendar(
            zone,
            tuple(some_periods(random) for _ in range(7)),
            holidays=frozenset({change}) if random.random() < 0.2 else frozenset(),
            special_days=((change + timedelta(days=1), some_periods(random)),),
        )
        midnight = datetime(change.year, change.month, change.day, tzinfo=UTC)
        start = midnight + random.randrange(-2500, 600) * MINUTE
        end = start + random.randrange(1, 3600) * MINUTE
        paused = start + random.randrange(-100, 1200) * MINUTE
        histories: list[list[Pause]] = [
            [],
            [(paused, None)],
            [(paused, paused + 300 * MINUTE), (paused + 200 * MINUTE, paused + 700 * MINUTE)],
        ]
        pauses = random.choice(histories)
        target = random.randrange(1, 1500)

        minutes, due = counted_by_the_minute(start, end, calendar, pauses, target)

        assert open_minutes(start, end, calendar, pauses) == minutes, (case, calendar, start, end)
        if due is not None:
            assert due_at(start, target, calendar, pauses) == due, (case, calendar, start, target)


moments = st.datetimes(
    min_value=datetime(2025, 12, 1),  # noqa: DTZ001
    max_value=datetime(2027, 2, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
targets = st.one_of(st.integers(1, 6000), st.floats(0.01, 6000))
periods = (
    st.tuples(st.integers(0, DAY_MINUTES - 1), st.integers(0, DAY_MINUTES))
    .filter(lambda edges: edges[0] != edges[1])
    .map(lambda edges: Period(*edges))
)
days = st.lists(periods, max_size=3).map(tuple)
calendars = st.builds(
    Calendar,
    zone=st.sampled_from(sorted(ZONES)),
    weekly=st.tuples(st.lists(periods, min_size=1, max_size=3).map(tuple), *[days] * 6),
    holidays=st.frozensets(st.dates(date(2026, 1, 1), date(2026, 6, 30)), max_size=10),
    special_days=st.dictionaries(
        st.dates(date(2026, 7, 1), date(2026, 12, 31)), days, max_size=5
    ).map(lambda special: tuple(special.items())),
)
pauses = st.lists(st.tuples(moments, moments).map(lambda ends: (min(ends), max(ends))), max_size=3)

each_calendar = settings(max_examples=50, deadline=None)


@each_calendar
@given(calendars, moments, moments, moments, pauses)
def test_open_time_adds_up_over_split_intervals(
    calendar: Calendar, one: datetime, two: datetime, three: datetime, paused: list[Pause]
) -> None:
    start, middle, end = sorted((one, two, three))
    parts = elapsed(start, middle, calendar, paused) + elapsed(middle, end, calendar, paused)
    assert parts == pytest.approx(elapsed(start, end, calendar, paused), abs=1e-6)


@each_calendar
@given(calendars, moments, moments, pauses)
def test_open_time_never_exceeds_calendar_time(
    calendar: Calendar, one: datetime, two: datetime, paused: list[Pause]
) -> None:
    start, end = sorted((one, two))
    always = Calendar.always_open(calendar.zone)
    seconds = elapsed(start, end, calendar, paused)
    assert seconds <= elapsed(start, end, always, paused) <= (end - start).total_seconds()
    assert elapsed(start, end, always) == (end - start).total_seconds()


@each_calendar
@given(calendars, moments, targets, pauses)
def test_the_open_time_until_the_due_time_is_the_target(
    calendar: Calendar, start: datetime, target: float, paused: list[Pause]
) -> None:
    due = due_at(start, target, calendar, paused)
    assert due is not None
    used = elapsed(start, due, calendar, paused)
    assert used == pytest.approx(target * 60, abs=1e-6)
    assert elapsed(start, due - timedelta(microseconds=1), calendar, paused) < used


@each_calendar
@given(calendars, moments, targets, pauses, st.tuples(moments, moments))
def test_a_pause_never_brings_a_due_time_forward(
    calendar: Calendar,
    start: datetime,
    target: float,
    paused: list[Pause],
    more: tuple[datetime, datetime],
) -> None:
    due = due_at(start, target, calendar, paused)
    delayed = due_at(start, target, calendar, [*paused, (min(more), max(more))])
    assert due is not None
    assert delayed is not None
    assert delayed >= due


@each_calendar
@given(calendars, moments, targets, st.integers(0, 6), st.integers(1, 240))
def test_widening_a_period_never_makes_due_later(
    calendar: Calendar, start: datetime, target: float, weekday: int, minutes: int
) -> None:
    widened = tuple(
        Period(period.opens, (period.closes + minutes) % DAY_MINUTES)
        if period.length + minutes < DAY_MINUTES
        else period
        for period in calendar.weekly[weekday]
    )
    weekly = (*calendar.weekly[:weekday], widened, *calendar.weekly[weekday + 1 :])
    due = due_at(start, target, calendar)
    sooner = due_at(start, target, replace(calendar, weekly=weekly))
    assert due is not None
    assert sooner is not None
    assert sooner <= due


@each_calendar
@given(calendars, moments, targets, targets)
def test_adding_business_minutes_is_monotone_and_additive(
    calendar: Calendar, start: datetime, first: float, second: float
) -> None:
    sooner, later = sorted((first, first + second))
    halfway, due = due_at(start, sooner, calendar), due_at(start, later, calendar)
    assert halfway is not None
    assert due is not None
    assert halfway < due
    onward = due_at(halfway, second, calendar)
    assert onward is not None
    # The target is a float of minutes; each sum may be rounded by a microsecond.
    assert abs(elapsed(start, onward, calendar) - elapsed(start, due, calendar)) <= 3e-6


@each_calendar
@given(calendars)
def test_a_calendar_survives_its_json(calendar: Calendar) -> None:
    assert Calendar.from_json(json.loads(json.dumps(calendar.to_json()))) == calendar
