"""Review scores, IQS, pass rates and their intervals, on the reference's vectors."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.quality.formulas import (
    Measured,
    Rating,
    ReviewResult,
    enough_reviews,
    intervals_overlap,
    iqs,
    iqs_client,
    measured,
    pass_rate,
    review_score,
    score_interval,
    trend,
    wilson,
)


def on_five(value: float | None, weight: float, *, is_critical: bool = False) -> Rating:
    return Rating(value, maximum=5, weight=weight, is_critical=is_critical)


def random_review(score: float | None, reviewee: str = "Leo") -> ReviewResult:
    return ReviewResult(score, "random", reviewee)


@pytest.mark.parametrize(("value", "share"), [(1, 0), (2, 0.25), (3, 0.5), (4, 0.75), (5, 1)])
def test_a_five_point_scale_runs_from_nothing_to_all(value: int, share: float) -> None:
    assert on_five(value, 10).share == share


def test_scales_of_different_length_weigh_the_same() -> None:
    yes = Rating(1, minimum=0, maximum=1, weight=50)
    middle_of_three = Rating(2, maximum=3, weight=50)
    assert review_score([yes, middle_of_three]) == 75


def test_a_review_is_the_weighted_mean_of_what_was_rated() -> None:
    assert review_score([on_five(5, 25), on_five(3, 75)]) == 62.5


def test_a_criterion_not_applicable_leaves_both_sums() -> None:
    assert review_score([on_five(4, 25), on_five(None, 75)]) == 75


def test_a_review_with_nothing_rated_has_no_score() -> None:
    assert review_score([]) is None
    assert review_score([on_five(None, 25), on_five(None, 75, is_critical=True)]) is None


def test_a_rating_without_weight_makes_no_score() -> None:
    assert review_score([on_five(5, 0, is_critical=True)]) is None


def test_a_critical_failure_zeroes_a_98_point_review() -> None:
    flawless = [on_five(5, 98), on_five(1, 2)]
    assert review_score(flawless) == 98
    assert review_score([*flawless, on_five(2, 0, is_critical=True)]) == 0


def test_the_middle_of_the_scale_is_no_critical_failure() -> None:
    assert review_score([on_five(5, 50), on_five(3, 50, is_critical=True)]) == 75


def test_an_uncritical_failure_zeroes_only_itself() -> None:
    assert review_score([on_five(5, 50), on_five(1, 50)]) == 50


SCORES = (100, 9.91, 63.96, 90.99, 0)


def test_iqs_is_the_mean_of_review_scores() -> None:
    assert iqs(map(random_review, SCORES)) == pytest.approx(52.972)


def test_a_targeted_review_never_moves_iqs() -> None:
    reviews = [*map(random_review, SCORES), ReviewResult(0, "targeted", "Leo")]
    assert iqs(reviews) == pytest.approx(52.972)
    assert iqs_client(reviews, {"Leo": 3}).score == pytest.approx(52.972)
    assert iqs_client(reviews, {"Leo": 3}).n == 5


def test_a_review_without_score_leaves_iqs() -> None:
    assert iqs([random_review(80), random_review(None)]) == 80
    assert iqs([random_review(None)]) is None


def test_a_clients_score_weighs_agents_by_the_conversations_they_closed() -> None:
    reviews = [random_review(90), random_review(70), random_review(40, "Lin")]
    result = iqs_client(reviews, {"Leo": 30, "Lin": 10})
    assert result.score == pytest.approx((30 * 80 + 10 * 40) / 40)
    assert (result.n, result.coverage) == (3, 1)


def test_agents_without_a_review_leave_the_clients_score_and_its_coverage() -> None:
    result = iqs_client([random_review(80), random_review(None, "Lin")], {"Leo": 30, "Lin": 10})
    assert (result.score, result.n, result.coverage) == (80, 1, 0.75)


def test_a_client_without_reviews_has_no_score() -> None:
    result = iqs_client([], {"Leo": 30})
    assert (result.score, result.n, result.coverage) == (None, 0, 0)
    assert iqs_client([], {}).coverage == 0


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (9, 10, 0.5958500, 0.9821238),
        (90, 100, 0.8256343, 0.9447709),
        (17, 20, 0.6395811, 0.9476313),
        (0, 10, 0, 0.2775328),
        (10, 10, 0.7224672, 1),
    ],
)
def test_wilson_gives_the_published_interval(
    successes: int, n: int, low: float, high: float
) -> None:
    assert wilson(successes, n) == pytest.approx((low, high), abs=5e-8)


def test_wilson_is_exact_at_its_ends_and_undefined_without_reviews() -> None:
    assert wilson(0, 10)[0] == 0  # type: ignore[index]
    assert wilson(10, 10)[1] == 1  # type: ignore[index]
    assert wilson(0, 0) is None


def test_a_score_at_the_pass_mark_passes() -> None:
    result = pass_rate([80, 79.99, 95, None], 80)
    assert (result.passed, result.n) == (2, 3)
    assert result.rate == pytest.approx(2 / 3)
    assert result.interval == wilson(2, 3)


def test_no_reviews_pass_at_no_rate() -> None:
    assert pass_rate([None], 80).rate is None
    assert pass_rate([None], 80).interval is None


def test_ten_reviews_are_enough_and_nine_are_not() -> None:
    assert enough_reviews(10)
    assert not enough_reviews(9)


@settings(deadline=None)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=50))
def test_a_score_lies_in_its_interval_and_the_interval_in_0_to_100(scores: list[float]) -> None:
    interval = score_interval(scores)
    assert interval is not None
    low, high = interval
    assert 0 <= low <= high <= 100
    assert low - 1e-9 <= sum(scores) / len(scores) <= high + 1e-9


def of(score: float, n: int) -> Measured:
    result = measured([score] * n)
    assert result is not None
    return result


def test_nothing_measured_is_nothing() -> None:
    assert measured([]) is None


def test_a_trend_shows_where_intervals_are_apart() -> None:
    assert not intervals_overlap(of(20, 12).interval, of(95, 12).interval)
    assert trend(of(20, 12), of(95, 12)) == "up"
    assert trend(of(95, 12), of(20, 12)) == "down"


def test_a_trend_within_overlapping_intervals_needs_thirty_reviews_on_both_sides() -> None:
    assert trend(of(80, 29), of(85, 200)) is None
    assert trend(of(80, 30), of(85, 30)) == "up"


def test_there_is_no_trend_below_ten_reviews_without_a_past_or_without_a_change() -> None:
    assert trend(of(5, 9), of(95, 100)) is None
    assert trend(None, of(95, 100)) is None
    assert trend(of(80, 40), of(80, 40)) is None
