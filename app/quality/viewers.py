"""Who sees which review: one predicate, for lists and single rows alike."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from app.quality.models import Review
from tenants.members.access import Access
from tenants.permissions import Permission


@dataclass(frozen=True, slots=True)
class Viewer:
    """A member, with the workspaces in which they score reviews or answer for the quality."""

    member_id: UUID
    scores_in: frozenset[UUID]
    oversees: frozenset[UUID]

    @property
    def sees(self) -> sa.ColumnElement[bool]:
        """Every review of others where they oversee; of their own, only what is published."""
        others = sa.and_(
            Review.workspace_id.in_(self.oversees), Review.reviewee_id != self.member_id
        )
        own = sa.and_(Review.reviewee_id == self.member_id, Review.state == "published")
        return sa.or_(others, own)


def viewer_of(access: Access) -> Viewer:
    """What the member may see: reviewers, and whoever may have samples drawn, see every review."""
    scores_in = access.workspaces_for(Permission.REVIEWS_SCORE)
    return Viewer(
        member_id=access.member_id,
        scores_in=scores_in,
        oversees=scores_in | access.workspaces_for(Permission.SAMPLES_DRAW),
    )
