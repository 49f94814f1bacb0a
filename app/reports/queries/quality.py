"""The quality of a period as a report may print it, with examples that name nobody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from app.contacts.models import Contact
from app.conversations.models import Conversation, Message
from app.quality.answers import Answer, Quote, read_answers
from app.quality.criteria import Criterion, read_criteria
from app.quality.models import Review, ScorecardVersion
from app.quality.queries.facts import CriterionFacts, quality_facts
from app.quality.queries.reviews import list_published
from app.reports.anonymity import anonymous
from app.reports.facts import CriterionScore, Example, Quality
from app.reports.formulas import Share
from app.reports.queries.window import Window
from tenants.db import db

_FEWEST_WORDS = 6
_GOOD_SHARE = 0.75


def read_quality(window: Window) -> Quality:
    """Scores of the random stream published in the period; none where too few carry one."""
    facts = quality_facts(window.workspace_id, starts_at=window.starts_at, ends_at=window.ends_at)
    score = facts.score if facts.score is not None and facts.score.is_enough else None
    return Quality(
        n=facts.score.n if facts.score else 0,
        score=score.value if score else None,
        low=score.interval[0] if score else None,
        high=score.interval[1] if score else None,
        passed=Share(facts.passed.passed, facts.passed.n),
        critical_failures=facts.critical_failures,
        eligible=facts.sample.eligible,
        drawn=facts.sample.drawn,
        targeted=_count_targeted(window),
        criteria=tuple(_criterion(each) for each in facts.criteria),
    )


def _count_targeted(window: Window) -> int:
    reviews = list_published(window.workspace_id, window.starts_at, window.ends_at)
    return sum(review.stream == "targeted" for review in reviews)


def _criterion(facts: CriterionFacts) -> CriterionScore:
    causes = facts.root_causes
    return CriterionScore(
        name=facts.name,
        is_critical=facts.is_critical,
        mean=facts.mean,
        n=facts.n,
        main_cause=max(sorted(causes), key=lambda cause: causes[cause]) if causes else None,
    )


@dataclass(frozen=True, slots=True)
class _Quoted:
    """Evidence a reviewer attached to a criterion."""

    review: Review
    criterion: Criterion
    answer: Answer
    quote: Quote
    share: float


def list_examples(window: Window) -> list[Example]:
    """One that went well and one that did not, from reviews drawn at random; or fewer."""
    reviews = [
        review
        for review in list_published(window.workspace_id, window.starts_at, window.ends_at)
        if review.stream == "random"
    ]
    quoted = list(_quotes(reviews))
    if not quoted:
        return []
    best = max(quoted, key=lambda each: each.share)
    worst = min(quoted, key=lambda each: each.share)
    chosen = [best] if worst.share >= best.share else [best, worst]
    return [example for example in map(_example, chosen) if example is not None]


def _quotes(reviews: Sequence[Review]) -> Iterable[_Quoted]:
    versions = _criteria_of(reviews)
    for review in reviews:
        answers = read_answers(review.answers)
        for criterion in versions[review.scorecard_version_id]:
            answer = answers.get(criterion.code)
            share = criterion.rated(answer.value).share if answer else None
            if answer is None or share is None:
                continue
            for quote in answer.quotes:
                if len(quote.text.split()) >= _FEWEST_WORDS:
                    yield _Quoted(review, criterion, answer, quote, share)


def _criteria_of(reviews: Sequence[Review]) -> Mapping[UUID, Sequence[Criterion]]:
    ids = {review.scorecard_version_id for review in reviews}
    found = db.session.scalars(sa.select(ScorecardVersion).where(ScorecardVersion.id.in_(ids)))
    return {version.id: read_criteria(version.criteria) for version in found}


def _example(quoted: _Quoted) -> Example | None:
    conversation_id = quoted.review.conversation_id
    row = db.session.execute(
        sa.select(Conversation.topic, Conversation.created_at, Contact.name, Contact.email)
        .join(
            Contact,
            sa.and_(
                Contact.workspace_id == Conversation.workspace_id,
                Contact.id == Conversation.contact_id,
            ),
        )
        .where(Conversation.id == conversation_id)
    ).one_or_none()
    if row is None:
        return None
    authors = db.session.scalars(
        sa.select(Message.author_name).where(Message.conversation_id == conversation_id).distinct()
    )
    names = [row.name, row.email.partition("@")[0], quoted.review.reviewee_name, *authors]
    return Example(
        topic=row.topic,
        day=row.created_at.date(),
        text=anonymous(quoted.quote.text, names=names),
        criterion=quoted.criterion.name,
        verdict=quoted.criterion.word(quoted.answer.value),
        is_good=quoted.share >= _GOOD_SHARE,
        cause=quoted.answer.root_cause,
    )
