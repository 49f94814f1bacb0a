"""Members, their roles and their sessions."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from tenants.db import AgencyScoped, Base, WorkspaceScoped, agency_key
from tenants.permissions import Role

_ROLES = ", ".join(f"'{role}'" for role in Role)


class Member(AgencyScoped, Base):
    """A person of an agency or of one of its clients; the mail address is unique per agency."""

    __tablename__ = "member"
    __table_args__ = (sa.UniqueConstraint("agency_id", "email"),)

    email: orm.Mapped[str]
    name: orm.Mapped[str]
    alias: orm.Mapped[str | None]
    password_hash: orm.Mapped[str | None]
    created_at: orm.Mapped[datetime]
    deactivated_at: orm.Mapped[datetime | None]

    @property
    def shown_name(self) -> str:
        """What shoppers and clients read."""
        return self.alias or self.name


class AgencyRole(AgencyScoped, Base):
    """A role over the whole agency, and with it over every workspace."""

    __tablename__ = "agency_role"
    __table_args__ = (
        agency_key("member_id", "member", ondelete="CASCADE"),
        sa.UniqueConstraint("agency_id", "member_id", "role"),
        sa.CheckConstraint(f"role IN ({_ROLES})", name="role"),
        sa.CheckConstraint("role NOT LIKE 'client_%'", name="not_client"),
    )

    member_id: orm.Mapped[UUID]
    role: orm.Mapped[str]
    assigned_at: orm.Mapped[datetime]


class WorkspaceRole(WorkspaceScoped, Base):
    """A role in one workspace."""

    __tablename__ = "workspace_role"
    __table_args__ = (
        agency_key("member_id", "member", ondelete="CASCADE"),
        sa.UniqueConstraint("workspace_id", "member_id", "role"),
        sa.Index("ix_workspace_role_member", "agency_id", "member_id"),
        sa.CheckConstraint(f"role IN ({_ROLES})", name="role"),
    )

    member_id: orm.Mapped[UUID]
    role: orm.Mapped[str]
    assigned_at: orm.Mapped[datetime]


class MemberSession(AgencyScoped, Base):
    """A signed-in browser on one host; the cookie holds the token, we hold its hash."""

    __tablename__ = "member_session"
    __table_args__ = (
        agency_key("member_id", "member", ondelete="CASCADE"),
        sa.UniqueConstraint("agency_id", "token_hash"),
    )

    member_id: orm.Mapped[UUID]
    token_hash: orm.Mapped[str]
    host: orm.Mapped[str]
    user_agent: orm.Mapped[str]
    created_at: orm.Mapped[datetime]
    expires_at: orm.Mapped[datetime]
    ended_at: orm.Mapped[datetime | None]
