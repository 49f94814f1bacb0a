"""Adding people, giving them roles, signing them in and out."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from tenants.context import Actor
from tenants.db import db
from tenants.errors import DomainError
from tenants.ledger import record
from tenants.members.access import hash_token
from tenants.members.models import AgencyRole, Member, MemberSession, WorkspaceRole
from tenants.members.passwords import hash_password, is_password
from tenants.permissions import Role

SESSION_DAYS = 14


class WrongCredentials(DomainError):
    """Address or password do not fit; which of them is not said."""

    message = "This address and password do not match."


class AddressTaken(DomainError):
    """The agency already has a member with this address."""

    message = "Somebody here already uses this address."


def add_member(
    *, email: str, name: str, now: datetime, password: str | None = None, alias: str | None = None
) -> Member:
    """A new person of the agency in scope, without any role yet. Raises: AddressTaken."""
    address = email.strip().lower()
    if find_member_by_email(address) is not None:
        raise AddressTaken(field="email")
    member = Member(
        email=address,
        name=name.strip(),
        alias=alias,
        password_hash=hash_password(password) if password else None,
        created_at=now,
    )
    db.session.add(member)
    record("member.added", member, at=now)
    return member


def assign_agency_role(member: Member, role: Role, *, now: datetime) -> None:
    """Give a role over the whole agency; effective at the member's next transaction."""
    db.session.add(AgencyRole(member_id=member.id, role=role, assigned_at=now))
    record("member.role_assigned", member, at=now, data={"role": role})


def assign_workspace_role(member: Member, role: Role, *, workspace_id: UUID, now: datetime) -> None:
    """Give a role in one workspace; effective at the member's next transaction."""
    db.session.add(
        WorkspaceRole(workspace_id=workspace_id, member_id=member.id, role=role, assigned_at=now)
    )
    record(
        "member.role_assigned", member, at=now, data={"role": role, "workspace": str(workspace_id)}
    )


def sign_in(*, email: str, password: str, host: str, user_agent: str, now: datetime) -> str:
    """A new session's token for the member with this address. Raises: WrongCredentials."""
    member = find_member_by_email(email.strip().lower())
    active = member is not None and member.deactivated_at is None
    if not is_password(password, member.password_hash if member and active else None):
        raise WrongCredentials(field="password")
    assert member is not None  # noqa: S101 - a missing member never has the password
    token = secrets.token_urlsafe(32)
    db.session.add(
        MemberSession(
            member_id=member.id,
            token_hash=hash_token(token),
            host=host,
            user_agent=user_agent[:200],
            created_at=now,
            expires_at=now + timedelta(days=SESSION_DAYS),
        )
    )
    record(
        "member.signed_in",
        member,
        at=now,
        actor=Actor(kind="member", id=member.id, name=member.shown_name),
    )
    return token


def sign_out(token: str, *, now: datetime) -> None:
    """End the session of this token, and with it the pages it holds open."""
    member = db.session.scalar(
        sa.select(Member)
        .join(MemberSession, MemberSession.member_id == Member.id)
        .where(MemberSession.token_hash == hash_token(token), MemberSession.ended_at.is_(None))
    )
    if member is None:
        return
    db.session.execute(
        sa.update(MemberSession)
        .where(MemberSession.token_hash == hash_token(token))
        .values(ended_at=now)
    )
    who = Actor(kind="member", id=member.id, name=member.shown_name)
    record("member.signed_out", member, at=now, actor=who)


def find_member_by_email(address: str) -> Member | None:
    """The member of the agency in scope with this address."""
    return db.session.scalar(sa.select(Member).where(Member.email == address))
