"""Who reviews in a workspace, and how much they have on their desk."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa

from app.quality.models import Review
from tenants.db import db
from tenants.members.models import AgencyRole, Member, WorkspaceRole
from tenants.permissions import ROLE_PERMISSIONS, Permission

_REVIEWING_ROLES = [
    role for role, held in ROLE_PERMISSIONS.items() if Permission.REVIEWS_SCORE in held
]


def list_reviewers(workspace_id: UUID) -> Sequence[Member]:
    """The active members who may score reviews of this workspace, by name."""
    over_agency = sa.select(AgencyRole.member_id).where(AgencyRole.role.in_(_REVIEWING_ROLES))
    in_workspace = sa.select(WorkspaceRole.member_id).where(
        WorkspaceRole.workspace_id == workspace_id, WorkspaceRole.role.in_(_REVIEWING_ROLES)
    )
    return db.session.scalars(
        sa.select(Member)
        .where(
            Member.deactivated_at.is_(None),
            sa.or_(Member.id.in_(over_agency), Member.id.in_(in_workspace)),
        )
        .order_by(Member.name, Member.id)
    ).all()


def count_open_reviews() -> Mapping[UUID, int]:
    """Unpublished reviews by reviewer, over the workspaces of the scope."""
    rows = db.session.execute(
        sa.select(Review.reviewer_id, sa.func.count())
        .where(Review.state != "published", Review.reviewer_id.is_not(None))
        .group_by(Review.reviewer_id)
    )
    return {reviewer_id: count for reviewer_id, count in rows if reviewer_id is not None}


def names_of(member_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Members' own names, as colleagues call them."""
    rows = db.session.execute(sa.select(Member.id, Member.name).where(Member.id.in_(member_ids)))
    return {row.id: row.name for row in rows}
