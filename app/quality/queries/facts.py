"""What the reviews of a period say about quality, for reports, dashboards and the desk itself."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean
from uuid import UUID

import sqlalchemy as sa

from app.quality.answers import NO_ANSWER, read_answers
from app.quality.criteria import read_criteria
from app.quality.formulas import (
    ClientScore,
    Measured,
    PassRate,
    ReviewResult,
    Stream,
    iqs_client,
    measured,
    pass_rate,
    random_scores,
)
from app.quality.models import Review, Sample, ScorecardVersion
from app.quality.queries.reviews import list_published
from tenants.db import db


@dataclass(frozen=True, slots=True)
class CriterionFacts:
    """One criterion over the random stream; `mean` is a share of its scale, over n ratings."""

    code: str
    name: str
    group: str
    is_critical: bool
    mean: float
    n: int
    root_causes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SampleFacts:
    """What one stream was drawn from and how far its reviews are, over the period's draws."""

    eligible: int
    drawn: int
    excluded: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TargetedFacts:
    """The stream that looks for trouble: never part of the score, shown apart."""

    scores: Measured | None
    reasons: Mapping[str, int]
    sample: SampleFacts


@dataclass(frozen=True, slots=True)
class QualityFacts:
    """Everything about quality a report may print; `score` speaks for the random stream alone.

    `score` is None without a single scored review; print it only where `score.is_enough`.
    `by_agents` is the same weighted by what each agent closed. `unscored` reviews had nothing that
    could be rated.
    """

    score: Measured | None
    by_agents: ClientScore
    passed: PassRate
    critical_failures: int
    unscored: int
    criteria: Sequence[CriterionFacts]
    sample: SampleFacts
    targeted: TargetedFacts


def quality_facts(workspace_id: UUID, *, starts_at: datetime, ends_at: datetime) -> QualityFacts:
    """The quality of a workspace by the reviews published in the period.

    A published score never changes, so the facts of a period that is over do not either. The
    samples are those drawn in the period.
    """
    reviews = list_published(workspace_id, starts_at, ends_at)
    versions = _versions_of(reviews)
    results = [_result(review) for review in reviews]
    scores = random_scores(results)
    at_random = [review for review in reviews if review.stream == "random"]
    targeted = [review for review in reviews if review.stream == "targeted"]
    samples = _list_samples(workspace_id, starts_at, ends_at)
    return QualityFacts(
        score=measured(scores),
        by_agents=iqs_client(results, _closed_by_agent(at_random)),
        passed=_passed(at_random, versions),
        critical_failures=sum(review.failed_critical for review in at_random),
        unscored=sum(review.score is None for review in at_random),
        criteria=_criteria_facts(at_random, versions),
        sample=_sample_facts(samples, "random"),
        targeted=TargetedFacts(
            scores=measured([each.score for each in targeted if each.score is not None]),
            reasons=Counter(reason for each in targeted for reason in each.draw_reasons),
            sample=_sample_facts(samples, "targeted"),
        ),
    )


@dataclass(frozen=True, slots=True)
class BrandScore:
    """The random stream of one brand, and how many targeted reviews stand beside it."""

    workspace_id: UUID
    score: Measured | None
    targeted: Measured | None


def list_brand_scores(
    workspace_ids: Iterable[UUID], *, starts_at: datetime, ends_at: datetime
) -> list[BrandScore]:
    """The scores of these brands over what was published in the period, in one statement."""
    rows = db.session.execute(
        sa.select(Review.workspace_id, Review.stream, Review.score).where(
            Review.published_at >= starts_at,
            Review.published_at < ends_at,
        )
    )
    scores: dict[tuple[UUID, str], list[float]] = defaultdict(list)
    for workspace_id, stream, score in rows:
        if score is not None:
            scores[workspace_id, stream].append(score)
    return [
        BrandScore(each, measured(scores[each, "random"]), measured(scores[each, "targeted"]))
        for each in workspace_ids
    ]


def _result(review: Review) -> ReviewResult:
    stream: Stream = "random" if review.stream == "random" else "targeted"
    return ReviewResult(review.score, stream, review.reviewee_id)


def _versions_of(reviews: Sequence[Review]) -> Mapping[UUID, ScorecardVersion]:
    ids = {review.scorecard_version_id for review in reviews}
    found = db.session.scalars(sa.select(ScorecardVersion).where(ScorecardVersion.id.in_(ids)))
    return {version.id: version for version in found}


def _passed(reviews: Sequence[Review], versions: Mapping[UUID, ScorecardVersion]) -> PassRate:
    """Each review against the pass mark of the scorecard it was made with."""
    rates = [
        pass_rate([review.score], versions[review.scorecard_version_id].pass_mark)
        for review in reviews
    ]
    return PassRate(sum(rate.passed for rate in rates), sum(rate.n for rate in rates))


def _criteria_facts(
    reviews: Sequence[Review], versions: Mapping[UUID, ScorecardVersion]
) -> list[CriterionFacts]:
    """By code, over all versions; a criterion is named as the newest version names it."""
    shares: dict[str, list[float]] = defaultdict(list)
    causes: dict[str, Counter[str]] = defaultdict(Counter)
    for review in reviews:
        answers = read_answers(review.answers)
        for criterion in read_criteria(versions[review.scorecard_version_id].criteria):
            answer = answers.get(criterion.code, NO_ANSWER)
            share = criterion.rated(answer.value).share
            if share is not None:
                shares[criterion.code].append(share)
            if answer.root_cause:
                causes[criterion.code][answer.root_cause] += 1
    named = {
        criterion.code: criterion
        for version in sorted(versions.values(), key=lambda each: each.number)
        for criterion in read_criteria(version.criteria)
    }
    return [
        CriterionFacts(
            code=code,
            name=criterion.name,
            group=criterion.group,
            is_critical=criterion.critical,
            mean=fmean(shares[code]),
            n=len(shares[code]),
            root_causes=causes[code],
        )
        for code, criterion in named.items()
        if shares[code]
    ]


def _list_samples(workspace_id: UUID, starts_at: datetime, ends_at: datetime) -> Sequence[Sample]:
    return db.session.scalars(
        sa.select(Sample)
        .where(
            Sample.workspace_id == workspace_id,
            Sample.drawn_at >= starts_at,
            Sample.drawn_at < ends_at,
        )
        .order_by(Sample.drawn_at, Sample.id)
    ).all()


def _closed_by_agent(reviews: Iterable[Review]) -> Mapping[Hashable, int]:
    """What each agent closed in the weeks these reviews were drawn from, of the eligible."""
    candidates = db.session.scalars(
        sa.select(Sample.candidates).where(Sample.id.in_({each.sample_id for each in reviews}))
    )
    return Counter(UUID(each["agent"]) for of_sample in candidates for each in of_sample)


def _sample_facts(samples: Iterable[Sample], stream: str) -> SampleFacts:
    of_stream = [sample for sample in samples if sample.stream == stream]
    excluded: Counter[str] = Counter()
    for sample in of_stream:
        excluded.update(sample.frame["excluded"])
    return SampleFacts(
        eligible=sum(sample.eligible_count for sample in of_stream),
        drawn=sum(sample.drawn_count for sample in of_stream),
        excluded=excluded,
    )
