"""What reviews add up to: scores, their uncertainty, and how far reviewers agree.

Every formula answers None where it has no answer; a missing score is never 0 and never 100.
Agreement between reviewers is in `app/quality/agreement.py`. Source: reference "quality".
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean
from typing import Literal, TypeAlias

Stream: TypeAlias = Literal["random", "targeted"]
Interval: TypeAlias = tuple[float, float]

MINIMUM_REVIEWS = 10  # below this: no score, no rank, no colour
NOT_ENOUGH_REVIEWS = "not enough reviews"
MANY_REVIEWS = 30  # on both sides: a trend is shown though intervals overlap

_Z = 1.959963984540054  # 95 %


@dataclass(frozen=True, slots=True)
class Rating:
    """One criterion as rated; value is None for not applicable or not yet rated."""

    value: float | None
    maximum: float
    weight: float
    is_critical: bool = False
    minimum: float = 1

    @property
    def share(self) -> float | None:
        """Where the value lies between the worst (0) and the best (1) of its scale."""
        if self.value is None:
            return None
        return (self.value - self.minimum) / (self.maximum - self.minimum)

    @property
    def is_critical_failure(self) -> bool:
        """Whether this rating alone brings the review to 0."""
        return self.is_critical and self.share is not None and self.share < 0.5


def review_score(ratings: Iterable[Rating]) -> float | None:
    """0 to 100: the weighted mean of what was rated, 0 after a critical failure.

    None if nothing that has weight was rated.
    """
    ratings = list(ratings)
    if any(rating.is_critical_failure for rating in ratings):
        return 0.0
    rated = [(rating.weight, rating.share) for rating in ratings if rating.share is not None]
    weight = sum(weight for weight, _ in rated)
    if weight == 0:
        return None
    return 100 * sum(weight * share for weight, share in rated) / weight


@dataclass(frozen=True, slots=True)
class ReviewResult:
    """A final review, as much of it as the scores need."""

    score: float | None
    stream: Stream
    reviewee: Hashable = None


def random_scores(reviews: Iterable[ReviewResult]) -> list[float]:
    """The scores that count: the targeted stream looks for trouble and would lower them."""
    return [
        review.score for review in reviews if review.stream == "random" and review.score is not None
    ]


def iqs(reviews: Iterable[ReviewResult]) -> float | None:
    """Internal quality score: the mean of the random stream's scores."""
    scores = random_scores(reviews)
    return fmean(scores) if scores else None


@dataclass(frozen=True, slots=True)
class ClientScore:
    """A client's score over n reviews.

    coverage is the share of its closed conversations whose agents were reviewed at all: the score
    speaks for these.
    """

    score: float | None
    n: int
    coverage: float


def iqs_client(
    reviews: Iterable[ReviewResult], closed_by_agent: Mapping[Hashable, int]
) -> ClientScore:
    """The mean of each agent's mean, weighted by the conversations that agent closed.

    Agents without a review have no mean and leave the weights; see `ClientScore.coverage`.
    """
    by_agent: dict[Hashable, list[float]] = {}
    for review in reviews:
        if review.reviewee in closed_by_agent:
            by_agent.setdefault(review.reviewee, []).extend(random_scores([review]))
    means = {agent: fmean(scores) for agent, scores in by_agent.items() if scores}
    covered = sum(closed_by_agent[agent] for agent in means)
    total = sum(closed_by_agent.values())
    weighted = sum(closed_by_agent[agent] * mean for agent, mean in means.items())
    return ClientScore(
        score=weighted / covered if covered else None,
        n=sum(len(scores) for scores in by_agent.values()),
        coverage=covered / total if total else 0.0,
    )


@dataclass(frozen=True, slots=True)
class PassRate:
    """How many of n reviews reach the pass mark."""

    passed: int
    n: int

    @property
    def rate(self) -> float | None:
        """From 0 to 1; None without reviews."""
        return self.passed / self.n if self.n else None

    @property
    def interval(self) -> Interval | None:
        """Where the rate lies with 95 % confidence; None without reviews."""
        return wilson(self.passed, self.n)


def pass_rate(scores: Iterable[float | None], pass_mark: float) -> PassRate:
    """Reviews at or above the mark; reviews without a score leave both counts."""
    rated = [score for score in scores if score is not None]
    return PassRate(passed=sum(score >= pass_mark for score in rated), n=len(rated))


def wilson(successes: float, n: int) -> Interval | None:
    """The 95 % Wilson interval of successes / n; None for n = 0."""
    if n == 0:
        return None
    p = successes / n
    square = _Z * _Z / n
    centre, scale = p + square / 2, 1 + square
    half = _Z * sqrt(p * (1 - p) / n + square / (4 * n))
    low = 0.0 if successes == 0 else max(0.0, (centre - half) / scale)
    high = 1.0 if successes == n else min(1.0, (centre + half) / scale)
    return low, high


def score_interval(scores: Sequence[float]) -> Interval | None:
    """A 95 % interval for the mean of scores from 0 to 100, on the safe side.

    Wilson's for the mean as a share: scores vary at most as much as passes and failures with the
    same mean would.
    """
    interval = wilson(sum(scores) / 100, len(scores))
    return interval and (100 * interval[0], 100 * interval[1])


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure with what it stands on."""

    value: float
    n: int
    interval: Interval

    @property
    def is_enough(self) -> bool:
        """Whether n carries a score."""
        return enough_reviews(self.n)


def measured(scores: Sequence[float]) -> Measured | None:
    """The mean of scores from 0 to 100, with n and interval; None without a score."""
    interval = score_interval(scores)
    return interval and Measured(fmean(scores), len(scores), interval)


def enough_reviews(n: int) -> bool:
    """Whether n reviews carry a score; if not, print `NOT_ENOUGH_REVIEWS`."""
    return n >= MINIMUM_REVIEWS


def intervals_overlap(one: Interval, other: Interval) -> bool:
    """Figures whose intervals overlap are not ranked against each other."""
    return one[0] <= other[1] and other[0] <= one[1]


def trend(before: Measured | None, now: Measured | None) -> Literal["up", "down"] | None:
    """The arrow beside a score: only where the intervals are apart, or n >= 30 on both sides."""
    if before is None or now is None or not (before.is_enough and now.is_enough):
        return None
    many = min(before.n, now.n) >= MANY_REVIEWS
    apart = not intervals_overlap(before.interval, now.interval)
    if now.value == before.value or not (many or apart):
        return None
    return "up" if now.value > before.value else "down"
