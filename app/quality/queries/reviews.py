"""Reviews as lists and one by one, as far as the viewer may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from app.conversations.models import Conversation
from app.quality.models import Review, Sample
from app.quality.viewers import Viewer
from tenants.db import db
from tenants.errors import NotFound

PAGE_SIZE = 50
ROUND_DAYS = 7
"""What was published this recently still counts as done in “7 of 20”."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A review with the conversation it is about."""

    review: Review
    number: int
    subject: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some reviews; `next` is the id to go on after, if there are more."""

    rows: Sequence[Listed]
    next: UUID | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reviewer is through what was assigned to them."""

    done: int
    total: int


def get_review(review_id: UUID, viewer: Viewer) -> Review:
    """The review. Raises: NotFound, also for what the viewer may not see."""
    review = db.session.scalar(sa.select(Review).where(Review.id == review_id, viewer.sees))
    if review is None:
        raise NotFound
    return review


def get_sample(sample_id: UUID) -> Sample:
    """The sample a review belongs to. Raises: NotFound."""
    sample = db.session.scalar(sa.select(Sample).where(Sample.id == sample_id))
    if sample is None:
        raise NotFound
    return sample


def list_to_review(viewer: Viewer) -> Sequence[Listed]:
    """What waits for this reviewer, or for anybody: their own first, then by due date."""
    mine = Review.reviewer_id == viewer.member_id
    nobodys = sa.and_(Review.reviewer_id.is_(None), Review.workspace_id.in_(viewer.scores_in))
    return _list(
        _listed(viewer)
        .where(Review.state != "published", sa.or_(mine, nobodys))
        .order_by(Review.reviewer_id.is_(None), Review.due_at, Review.id)
        .limit(PAGE_SIZE)
    )


def list_with_others(viewer: Viewer) -> Sequence[Listed]:
    """What other reviewers have before them."""
    return _list(
        _listed(viewer)
        .where(Review.state != "published", Review.reviewer_id != viewer.member_id)
        .order_by(Review.due_at, Review.id)
        .limit(PAGE_SIZE)
    )


def find_next_to_review(viewer: Viewer) -> UUID | None:
    """The review this reviewer would open next."""
    return db.session.scalar(
        sa.select(Review.id)
        .where(viewer.sees, Review.state != "published", Review.reviewer_id == viewer.member_id)
        .order_by(Review.due_at, Review.id)
        .limit(1)
    )


def progress_of(viewer: Viewer, *, now: datetime) -> Progress:
    """Done and assigned, counting what is open and what was published in the last days."""
    done, total = db.session.execute(
        sa.select(sa.func.count().filter(Review.state == "published"), sa.func.count()).where(
            Review.reviewer_id == viewer.member_id,
            sa.or_(
                Review.state != "published",
                Review.published_at > now - timedelta(days=ROUND_DAYS),
            ),
        )
    ).one()
    return Progress(done, total)


def list_published_page(
    viewer: Viewer, *, after: UUID | None = None, only_own: bool = False
) -> Page:
    """Published reviews the viewer may see, newest first."""
    statement = (
        _listed(viewer)
        .where(Review.state == "published")
        .order_by(Review.published_at.desc(), Review.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    if only_own:
        statement = statement.where(Review.reviewee_id == viewer.member_id)
    if after is not None:
        last = get_review(after, viewer)
        statement = statement.where(
            sa.tuple_(Review.published_at, Review.id)
            < sa.tuple_(sa.literal(last.published_at), sa.literal(last.id))
        )
    rows = _list(statement)
    more = len(rows) > PAGE_SIZE
    return Page(rows[:PAGE_SIZE], rows[PAGE_SIZE - 1].review.id if more else None)


def list_published(workspace_id: UUID, starts_at: datetime, ends_at: datetime) -> Sequence[Review]:
    """What was published in a workspace from `starts_at` until before `ends_at`, oldest first."""
    return db.session.scalars(
        sa.select(Review)
        .where(
            Review.workspace_id == workspace_id,
            Review.published_at >= starts_at,
            Review.published_at < ends_at,
        )
        .order_by(Review.published_at, Review.id)
    ).all()


def _listed(viewer: Viewer) -> sa.Select[Review, int, str]:
    return (
        sa.select(Review, Conversation.number, Conversation.subject)
        .join(
            Conversation,
            sa.and_(
                Conversation.workspace_id == Review.workspace_id,
                Conversation.id == Review.conversation_id,
            ),
        )
        .where(viewer.sees)
    )


def _list(statement: sa.Select[Review, int, str]) -> Sequence[Listed]:
    return [Listed(*row) for row in db.session.execute(statement)]
