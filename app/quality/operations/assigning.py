"""Who reviews what: never the reviewee, and the least busy first."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from app.quality.errors import OwnReview, ReviewPublished
from app.quality.models import Review
from app.quality.queries.people import count_open_reviews, list_reviewers
from tenants.context import Actor
from tenants.ledger import record
from tenants.members.models import Member


def assign_reviewer(review: Review, *, to: Actor, now: datetime, by: Actor | None = None) -> None:
    """Make `to` the reviewer; the ledger keeps who it was before.

    Raises: OwnReview, ReviewPublished.
    """
    if review.is_published:
        raise ReviewPublished
    if to.id == review.reviewee_id:
        raise OwnReview
    if to.id == review.reviewer_id:
        return
    data = {"to": to.name, "before": review.reviewer_name}
    review.reviewer_id, review.reviewer_name = to.id, to.name
    record("review.assigned", review, actor=by, at=now, data=data)


def assign_least_busy(reviews: Iterable[Review], *, workspace_id: UUID, now: datetime) -> None:
    """Spread new reviews over everybody who may score here; where nobody may, they stay open."""
    reviewers = list_reviewers(workspace_id)
    load = Counter(count_open_reviews())
    for review in reviews:
        fit = [member for member in reviewers if member.id != review.reviewee_id]
        if not fit:
            continue
        chosen = min(fit, key=lambda member: (load[member.id], _turn(review, member)))
        load[chosen.id] += 1
        assign_reviewer(review, to=Actor("member", chosen.id, chosen.name), now=now)


def _turn(review: Review, member: Member) -> bytes:
    """Equally busy reviewers take turns by lot, or the first by name would get every odd one."""
    return blake2b(review.conversation_id.bytes + member.id.bytes, digest_size=8).digest()
