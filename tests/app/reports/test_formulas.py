"""The reported figures, on the reference's vectors and at their edges."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.reports.formulas import (
    ClockResult,
    Handled,
    Share,
    age_bands,
    average_handling_seconds,
    bounce_rate,
    ces,
    ces_easy,
    csat,
    escalation_rate,
    first_contact_resolution,
    full_resolution,
    handoff_completeness,
    nps,
    one_touch,
    percentile,
    reopen_rate,
    repeat_contact_rate,
    sla_attainment,
    spread,
)

NOW = datetime(2026, 4, 30, 12, tzinfo=UTC)
EARLIER, LATER = NOW - timedelta(hours=2), NOW + timedelta(hours=2)
CLOSED = Handled(closed_at=NOW - timedelta(days=8), human_replies=1)
OPEN = Handled()


@pytest.mark.parametrize(("percent", "value"), [(50, 5), (90, 9), (95, 10), (100, 10), (0, 1)])
def test_a_percentile_is_the_value_at_its_rank(percent: int, value: int) -> None:
    assert percentile([7, 3, 10, 1, 5, 9, 2, 8, 6, 4], percent) == value


def test_the_rank_is_exact_where_floats_are_not() -> None:
    assert percentile(range(1, 101), 7) == 7  # 0.07 * 100 is above 7


@settings(deadline=None)
@given(st.lists(st.floats(0, 1e6), min_size=1), st.integers(1, 100))
def test_a_percentile_is_a_real_case_with_that_share_at_or_below(
    values: list[float], percent: int
) -> None:
    value = percentile(values, percent)
    assert value is not None
    assert value in values
    assert 100 * sum(each <= value for each in values) >= percent * len(values)
    assert 100 * sum(each < value for each in values) < percent * len(values)


def test_below_twenty_values_there_is_only_a_median() -> None:
    few, enough = spread(range(1, 20)), spread(range(1, 21))
    assert (few.n, few.median, few.p90, few.p95) == (19, 10, None, None)
    assert (enough.n, enough.median, enough.p90, enough.p95) == (20, 10, 18, 19)


def test_no_values_have_no_median() -> None:
    assert spread([]).median is None
    assert percentile([], 50) is None


def test_a_share_of_nothing_has_no_value() -> None:
    assert Share(0, 0).value is None
    assert Share(0, 4).value == 0


def test_csat_is_the_share_of_fours_and_fives() -> None:
    result = csat([5, 4, 3, 1, 5], asked=20)
    assert (result.score, result.n, result.response_rate) == (0.6, 5, 0.25)


def test_a_survey_nobody_answered_or_got_has_no_score() -> None:
    assert csat([], asked=20).score is None
    assert csat([], asked=20).response_rate == 0
    assert csat([], asked=0).response_rate is None
    assert ces([], asked=3).score is None
    assert nps([], asked=3).score is None


def test_ces_is_the_mean_and_the_share_of_five_and_more() -> None:
    assert ces([7, 5, 4, 2], asked=8).score == 4.5
    assert ces_easy([7, 5, 4, 2]) == Share(2, 4)


def test_nps_is_promoters_minus_detractors() -> None:
    assert nps([10, 9, 8, 7, 6, 0, 10, 9, 3, 8], asked=10).score == pytest.approx(0.1)


MET = ClockResult(due_at=NOW, met_at=EARLIER)
BREACHED = ClockResult(due_at=EARLIER, met_at=NOW)
OPEN_PAST_DUE = ClockResult(due_at=EARLIER)
OPEN_NOT_DUE = ClockResult(due_at=LATER)
EXCLUDED = ClockResult(due_at=EARLIER, excluded_reason="billing_hold")


def test_sla_attainment_of_the_reference_is_eight_of_ten() -> None:
    clocks = [MET] * 8 + [BREACHED, OPEN_PAST_DUE, OPEN_NOT_DUE, OPEN_NOT_DUE, EXCLUDED]
    result = sla_attainment(clocks, now=NOW)
    assert result.share == Share(8, 10)
    assert result.share.value == 0.8
    assert result.undecided == 2
    assert result.excluded == {"billing_hold": 1}


def test_only_excluded_and_undecided_clocks_attain_nothing() -> None:
    result = sla_attainment([OPEN_NOT_DUE, EXCLUDED, EXCLUDED], now=NOW)
    assert result.share.value is None
    assert result.excluded == {"billing_hold": 2}


@pytest.mark.parametrize(
    ("clock", "share"),
    [
        pytest.param(ClockResult(due_at=NOW, met_at=NOW), Share(1, 1), id="met at the due time"),
        pytest.param(ClockResult(due_at=NOW), Share(0, 1), id="due this moment"),
        pytest.param(ClockResult(due_at=None), Share(0, 0), id="paused"),
        pytest.param(ClockResult(due_at=None, met_at=EARLIER), Share(1, 1), id="met while paused"),
        pytest.param(ClockResult(due_at=EARLIER, met_at=LATER), Share(0, 1), id="not yet met then"),
        pytest.param(ClockResult(due_at=LATER, met_at=LATER), Share(0, 0), id="not yet due then"),
    ],
)
def test_a_clock_counts_as_it_stood_at_that_time(clock: ClockResult, share: Share) -> None:
    assert sla_attainment([clock], now=NOW).share == share


def test_one_touch_is_exactly_one_human_reply() -> None:
    others = [replace(CLOSED, human_replies=0), replace(CLOSED, human_replies=2), OPEN]
    assert one_touch([CLOSED, *others]) == Share(1, 3)


def test_the_reopen_rate_is_of_closed_conversations() -> None:
    assert reopen_rate([CLOSED, replace(CLOSED, was_reopened=True), OPEN]) == Share(1, 2)


@pytest.mark.parametrize("fault", ["wrote_after_answer", "was_reopened", "came_again"])
def test_first_contact_resolution_needs_the_contact_to_stay_away(fault: str) -> None:
    failed = replace(CLOSED, **{fault: True})  # type: ignore[arg-type]
    assert first_contact_resolution([CLOSED, failed], now=NOW) == Share(1, 2)


def test_a_close_without_answer_resolves_nothing_at_first_contact() -> None:
    assert first_contact_resolution([replace(CLOSED, human_replies=0)], now=NOW) == Share(0, 1)


def test_net_first_contact_resolution_leaves_out_what_l1_may_not_solve() -> None:
    pods = replace(CLOSED, l1_may_solve=False, was_reopened=True)
    assert first_contact_resolution([CLOSED, pods], now=NOW) == Share(1, 2)
    assert first_contact_resolution([CLOSED, pods], now=NOW, net=True) == Share(1, 1)


def test_full_resolution_waits_until_the_seven_days_are_over() -> None:
    settled = replace(CLOSED, closed_at=NOW - timedelta(days=7))
    last_week = replace(CLOSED, closed_at=NOW - timedelta(days=7) + timedelta(seconds=1))
    back = replace(CLOSED, came_again=True)
    assert full_resolution([settled, last_week, back, OPEN], now=NOW) == Share(1, 2)
    assert first_contact_resolution([settled, last_week, back], now=NOW) == Share(1, 2)


def test_repeat_contacts_are_of_all_conversations() -> None:
    assert repeat_contact_rate([CLOSED, OPEN, replace(OPEN, came_before=True)]) == Share(1, 3)


def test_escalations_are_of_closed_or_escalated_and_bounces_and_packets_of_escalated() -> None:
    complete = replace(CLOSED, was_escalated=True, packet_fields=5)
    bounced = replace(OPEN, was_escalated=True, was_bounced=True, packet_fields=4)
    every = [CLOSED, CLOSED, OPEN, complete, bounced]
    assert escalation_rate(every) == Share(2, 4)
    assert bounce_rate(every) == Share(1, 2)
    assert handoff_completeness(every) == Share(1, 2)


def test_handling_time_is_the_mean_of_measured_closed_conversations() -> None:
    measured = [replace(CLOSED, handling_seconds=seconds) for seconds in (60, 120)]
    still_open = replace(OPEN, handling_seconds=9000)
    assert average_handling_seconds([*measured, CLOSED, still_open]) == 90
    assert average_handling_seconds([CLOSED]) is None


def test_the_backlog_is_counted_in_bands_that_begin_at_their_bound() -> None:
    bounds = [timedelta(days=1), timedelta(days=3)]
    ages = [timedelta(hours=hours) for hours in (0, 23, 24, 71, 72, 500)]
    assert age_bands(ages, bounds) == [2, 2, 2]
