"""Who works for the agency and for its clients, with what they may do where."""

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa

from tenants.db import db
from tenants.members.models import AgencyRole, Member, WorkspaceRole
from tenants.permissions import Role


@dataclass
class Person:
    """One member with roles for the whole agency and for single clients, by workspace."""

    id: UUID
    name: str
    alias: str | None
    email: str
    is_active: bool
    has_password: bool
    everywhere: list[Role] = field(default_factory=list)
    at_clients: dict[UUID, list[Role]] = field(default_factory=lambda: defaultdict(list))

    @property
    def has_a_role(self) -> bool:
        """Whether the person does anything here."""
        return bool(self.everywhere or any(self.at_clients.values()))

    @property
    def is_client(self) -> bool:
        """Whether this is somebody of a client, not of the agency."""
        roles = [*self.everywhere, *(role for held in self.at_clients.values() for role in held)]
        return bool(roles) and all(role.is_client for role in roles)

    def roles_at(self, workspace_id: UUID) -> list[Role]:
        """What the person may do for this client, from both kinds of role."""
        return [*self.everywhere, *self.at_clients.get(workspace_id, [])]


def list_people() -> list[Person]:
    """Everybody the asker has to do with, by name: agency-wide people see all, others their own.

    A person has the agency-wide roles, and those in the workspaces of the scope.
    """
    people = {
        member.id: Person(
            id=member.id,
            name=member.name,
            alias=member.alias,
            email=member.email,
            is_active=member.deactivated_at is None,
            has_password=member.password_hash is not None,
        )
        for member in db.session.scalars(sa.select(Member).order_by(Member.name, Member.id))
    }
    for member_id, role in db.session.execute(sa.select(AgencyRole.member_id, AgencyRole.role)):
        people[member_id].everywhere.append(Role(role))
    for member_id, workspace_id, role in db.session.execute(
        sa.select(WorkspaceRole.member_id, WorkspaceRole.workspace_id, WorkspaceRole.role)
    ):
        people[member_id].at_clients[workspace_id].append(Role(role))
    shown = people.values()
    return [person for person in shown if db.scope.agency_wide or person.has_a_role]


def people_of(workspace_id: UUID) -> list[Person]:
    """Everybody who has to do with this client."""
    return [person for person in list_people() if person.roles_at(workspace_id)]
