"""Filling a review and making its score final."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from app.conversations.models import Message
from app.quality.answers import Answer, Answers, missing_for_publication, needs_cause, standing_of
from app.quality.criteria import Criterion, read_criteria
from app.quality.errors import BadAnswers, NotYourReview, OwnReview, ReviewPublished
from app.quality.models import Review, ScorecardVersion
from app.quality.queries.scorecards import get_scorecard_version
from tenants.context import Actor
from tenants.db import db
from tenants.ledger import record


def save_draft(review: Review, *, answers: Answers, comment: str, by: Actor, now: datetime) -> None:
    """Keep what the reviewer has said so far; only they see it.

    Raises: BadAnswers, NotYourReview, OwnReview, ReviewPublished.
    """
    _fill(review, answers, comment, by=by, now=now)
    review.state = "draft"


def publish_review(
    review: Review, *, answers: Answers, comment: str, by: Actor, now: datetime
) -> None:
    """Make the score final and show it to the reviewee. A critical failure makes it 0.

    Each criterion must be rated or not applicable, and a low rating needs its root cause.
    Raises: BadAnswers, NotYourReview, OwnReview, ReviewPublished.
    """
    criteria = _fill(review, answers, comment, by=by, now=now)
    missing = missing_for_publication(criteria, answers)
    if missing:
        raise BadAnswers(missing)
    standing = standing_of(criteria, answers)
    review.score = standing.score
    review.failed_critical = bool(standing.failed)
    review.state, review.published_at = "published", now
    record(
        "review.published",
        review,
        actor=by,
        at=now,
        data={
            "conversation_id": str(review.conversation_id),
            "reviewee_id": str(review.reviewee_id),
            "stream": review.stream,
            "score": review.score,
            "failed": [criterion.code for criterion in standing.failed],
        },
    )


def _fill(
    review: Review, answers: Answers, comment: str, *, by: Actor, now: datetime
) -> tuple[Criterion, ...]:
    db.session.refresh(review, with_for_update=True)  # two windows of one reviewer take turns
    if review.is_published:
        raise ReviewPublished
    if by.id == review.reviewee_id:
        raise OwnReview
    if by.id != review.reviewer_id:
        raise NotYourReview(review.reviewer_name)
    version = get_scorecard_version(review.scorecard_version_id)
    criteria = read_criteria(version.criteria)
    _check(review, version, criteria, answers)
    review.answers = {
        criterion.code: _kept(criterion, answers[criterion.code]).to_json()
        for criterion in criteria
        if criterion.code in answers
    }
    review.comment = comment
    review.saved_at = now
    return criteria


def _check(
    review: Review, version: ScorecardVersion, criteria: Sequence[Criterion], answers: Answers
) -> None:
    texts = _texts_of(review) if any(answer.quotes for answer in answers.values()) else {}
    wrong = {}
    for criterion in criteria:
        answer = answers.get(criterion.code, Answer())
        if answer.value is not None and not 1 <= answer.value <= criterion.scale:
            wrong[f"value-{criterion.code}"] = "This is not on the scale."
        if answer.root_cause is not None and answer.root_cause not in version.root_causes:
            wrong[f"cause-{criterion.code}"] = "Choose a cause from the list."
        for quote in answer.quotes:
            if _plain(quote.text) not in texts.get(quote.message_id, ""):
                wrong[f"quotes-{criterion.code}"] = "A quote is not in this conversation."
    if wrong:
        raise BadAnswers(wrong)


def _kept(criterion: Criterion, answer: Answer) -> Answer:
    """Without a cause for what did not fail: one chosen before the rating was raised."""
    return answer if needs_cause(criterion, answer) else replace(answer, root_cause=None)


def _texts_of(review: Review) -> dict[UUID, str]:
    rows = db.session.execute(
        sa.select(Message.id, Message.visible_text).where(
            Message.workspace_id == review.workspace_id,
            Message.conversation_id == review.conversation_id,
        )
    )
    return {message_id: _plain(text) for message_id, text in rows}


def _plain(text: str) -> str:
    """As a browser's selection and the stored text agree: apart from white space."""
    return "".join(text.split())
