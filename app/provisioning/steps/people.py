"""Step: the client's own person, who sets a password later through an invitation."""

from datetime import datetime

import sqlalchemy as sa

from app.provisioning.choices import choices_of
from app.provisioning.models import Opening
from billing.enforcement import require
from billing.entitlements import Key
from tenants.db import db
from tenants.members.models import WorkspaceRole
from tenants.members.operations import add_member, assign_workspace_role, find_member_by_email
from tenants.permissions import Role


def ensure_client_people(opening: Opening, *, now: datetime) -> None:
    """The contact as a member with a client's role. Raises: LimitReached beyond the seats."""
    service = choices_of(opening)["service"]
    member = find_member_by_email(service["contact_email"])
    if member is not None and _has_a_role(member.id):
        return
    require(opening.new_workspace_id, Key.CLIENT_SEATS_MAX, wanted=1, used=_count_seats, now=now)
    if member is None:
        member = add_member(email=service["contact_email"], name=service["contact_name"], now=now)
        db.session.flush()  # the role names the member
    assign_workspace_role(
        member, Role(service["contact_role"]), workspace_id=opening.new_workspace_id, now=now
    )


def _has_a_role(member_id: object) -> bool:
    role = sa.select(WorkspaceRole.id).where(WorkspaceRole.member_id == member_id).limit(1)
    return db.session.scalar(role) is not None


def _count_seats() -> int:
    seats = sa.select(sa.func.count(WorkspaceRole.member_id.distinct())).where(
        WorkspaceRole.role.like("client_%")
    )
    return db.session.scalars(seats).one()
