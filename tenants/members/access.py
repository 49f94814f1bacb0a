"""What a member may touch now: the one predicate behind scope, permissions and live updates.

Read fresh for every request and every step of a job, so that taking a role away has effect at the
next transaction. Needs the system role: the scope is what is being worked out.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from tenants.context import Actor, Scope
from tenants.db import db
from tenants.members.models import AgencyRole, Member, MemberSession, WorkspaceRole
from tenants.permissions import Permission, Role, permissions_of
from tenants.workspaces.models import Workspace


@dataclass(frozen=True)
class Access:
    """One member's roles, resolved: agency-wide ones, and those of each workspace."""

    member_id: UUID
    agency_id: UUID
    name: str
    shown_name: str
    email: str
    agency_roles: frozenset[Role]
    workspace_roles: dict[UUID, frozenset[Role]]
    all_workspace_ids: frozenset[UUID]

    @property
    def is_client(self) -> bool:
        """Whether this is a person of a client brand and of nothing else."""
        roles = self.agency_roles.union(*self.workspace_roles.values())
        return bool(roles) and all(role.is_client for role in roles)

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything the member may do somewhere."""
        return permissions_of(self.agency_roles.union(*self.workspace_roles.values()))

    def workspaces_for(self, permission: Permission) -> frozenset[UUID]:
        """The workspaces in which the member holds this permission."""
        if permission in permissions_of(self.agency_roles):
            return self.all_workspace_ids
        return frozenset(
            workspace_id
            for workspace_id, roles in self.workspace_roles.items()
            if permission in permissions_of(roles)
        )

    def may(self, permission: Permission) -> bool:
        """Whether the member holds the permission anywhere."""
        return permission in self.permissions

    def scope_for(self, permission: Permission) -> Scope:
        """What a view asking for this permission may read and write."""
        return Scope(
            agency_id=self.agency_id,
            workspace_ids=self.workspaces_for(permission),
            actor=Actor(kind="member", id=self.member_id, name=self.shown_name),
            agency_wide=permission in permissions_of(self.agency_roles),
        )


def find_access_by_session(
    token: str, *, agency_id: UUID, host: str, now: datetime
) -> Access | None:
    """The access of the browser that holds this token, on the host it signed in on."""
    of_session = sa.select(MemberSession.member_id).where(
        MemberSession.agency_id == agency_id,
        MemberSession.token_hash == hash_token(token),
        MemberSession.host == host,
        MemberSession.ended_at.is_(None),
        MemberSession.expires_at > now,
    )
    with db.system():
        return _find(agency_id, of_session.scalar_subquery())


def find_access(agency_id: UUID, member_id: UUID) -> Access | None:
    """The access of a member; None when unknown or deactivated. Inside system work."""
    return _find(agency_id, sa.literal(member_id))


def _find(agency_id: UUID, member_id: sa.ColumnElement[UUID]) -> Access | None:
    """Two statements: the member with the agency-wide roles, then those of each workspace."""
    member = db.session.execute(
        sa.select(Member.id, Member.name, Member.alias, Member.email, _agency_roles()).where(
            Member.agency_id == agency_id, Member.id == member_id, Member.deactivated_at.is_(None)
        )
    ).first()
    if member is None:
        return None
    agency_roles = frozenset(Role(role) for role in member.agency_roles or ())
    every: set[UUID] = set()
    roles: dict[UUID, set[Role]] = {}
    for workspace_id, role in db.session.execute(_workspace_roles(agency_id, member.id)):
        if role is not None:
            roles.setdefault(workspace_id, set()).add(Role(role))
        if role is not None or agency_roles:
            every.add(workspace_id)
    return Access(
        member_id=member.id,
        agency_id=agency_id,
        name=member.name,
        shown_name=member.alias or member.name,
        email=member.email,
        agency_roles=agency_roles,
        workspace_roles={key: frozenset(value) for key, value in roles.items()},
        all_workspace_ids=frozenset(every),
    )


def _agency_roles() -> sa.Label[list[str] | None]:
    return (
        sa.select(sa.func.array_agg(AgencyRole.role))
        .where(AgencyRole.agency_id == Member.agency_id, AgencyRole.member_id == Member.id)
        .scalar_subquery()
        .label("agency_roles")
    )


def _workspace_roles(agency_id: UUID, member_id: UUID) -> sa.Select[UUID, str | None]:
    """Every workspace of the agency, with each role the member has there, or none."""
    return (
        sa.select(Workspace.id, WorkspaceRole.role)
        .outerjoin(
            WorkspaceRole,
            sa.and_(
                WorkspaceRole.agency_id == Workspace.agency_id,
                WorkspaceRole.workspace_id == Workspace.id,
                WorkspaceRole.member_id == member_id,
            ),
        )
        .where(Workspace.agency_id == agency_id)
    )


def hash_token(token: str) -> str:
    """What is stored of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()
