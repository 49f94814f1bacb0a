"""The cast: two agencies, three brands, and everybody who works there or writes to them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from tenants.agencies.operations import open_agency
from tenants.context import SYSTEM, Scope
from tenants.db import db, new_id
from tenants.hosts.operations import add_host
from tenants.members.access import Access, find_access
from tenants.members.operations import add_member, assign_agency_role, assign_workspace_role
from tenants.permissions import Permission, Role
from tenants.workspaces.operations import open_workspace
from themes.operations import publish_agency_theme, publish_theme
from themes.tokens import Theme

PASSWORD = "correct horse battery staple"
PASSWORD_HASHED_ONCE: list[str] = []
COLOURS = {
    "Northwind": "#1f4f8f",
    "Acme": "#0f6b5c",
    "Birch": "#b4451f",
    "Southgate": "#5b3a8c",
    "Cedar": "#7a5c00",
}
BORN = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


@dataclass
class World:
    """Ids by name: agencies, workspaces, members (by first name) and their hosts."""

    agencies: dict[str, UUID] = field(default_factory=dict)
    workspaces: dict[str, UUID] = field(default_factory=dict)
    members: dict[str, UUID] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    agency_of: dict[str, UUID] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)

    def host_of(self, email: str) -> str:
        """Where this member signs in."""
        return self.hosts[email]

    def system_scope(self, workspace: str) -> Scope:
        """The system, working for one workspace."""
        workspace_id = self.workspaces[workspace]
        return Scope(self.agency_of[workspace], frozenset({workspace_id}), SYSTEM)

    def access(self, name: str) -> Access:
        """The access of a member, by first name."""
        with db.system():
            access = find_access(self.agency_of[name], self.members[name])
        assert access is not None
        return access

    def scope(self, name: str, permission: Permission = Permission.SIGNED_IN) -> Scope:
        """The scope in which a member acts."""
        return self.access(name).scope_for(permission)


def build_world() -> World:
    """Northwind (Acme, Birch) and Southgate (Cedar), committed."""
    world = World()
    _build_agency(world, "Northwind", ["Acme", "Birch"])
    _build_agency(world, "Southgate", ["Cedar"])
    _hire(world, "Northwind", "Ana", agency_roles=[Role.OWNER])
    _hire(world, "Northwind", "Max", agency_roles=[Role.MANAGER])
    _hire(world, "Northwind", "Quinn", agency_roles=[Role.QA_LEAD])
    _hire(world, "Northwind", "Leo", agency_roles=[Role.L1_AGENT])
    _hire(world, "Northwind", "Lin", workspace_roles={"Acme": [Role.L1_AGENT]})
    _hire(world, "Northwind", "Pia", workspace_roles={"Acme": [Role.POD_AGENT]})
    _hire(world, "Northwind", "Cleo", workspace_roles={"Acme": [Role.CLIENT_VIEWER]})
    client_roles = [Role.CLIENT_APPROVER, Role.CLIENT_BILLING]
    _hire(world, "Northwind", "Carl", workspace_roles={"Acme": client_roles})
    everything = [Role.OWNER, Role.L1_AGENT, Role.QA_LEAD]
    client = {"Cedar": [Role.CLIENT_ADMIN]}
    _hire(world, "Southgate", "Mallory", agency_roles=everything, workspace_roles=client)
    return world


def _build_agency(world: World, name: str, brands: list[str]) -> None:
    agency = open_agency(slug=name.lower(), name=name, now=BORN)
    world.agencies[name] = agency.id
    for brand in brands:
        workspace_id = new_id()
        scope = Scope(agency.id, frozenset({workspace_id}), SYSTEM, agency_wide=True)
        with db.transaction(scope):
            open_workspace(
                workspace_id, slug=brand.lower(), name=brand, time_zone="Europe/Berlin", now=BORN
            )
            add_host(f"{brand.lower()}.localhost", "brand", workspace_id=workspace_id, now=BORN)
            look = Theme(name=brand, primary=COLOURS[brand])
            publish_theme(workspace_id, look, by=SYSTEM, now=BORN)
        world.workspaces[brand] = workspace_id
        world.agency_of[brand] = agency.id
    with db.transaction(Scope(agency.id, frozenset(), SYSTEM, agency_wide=True)):
        add_host(f"{name.lower()}.localhost", "agency", now=BORN)
        publish_agency_theme(Theme(name=name, primary=COLOURS[name]), by=SYSTEM, now=BORN)
        add_host(f"portal.{name.lower()}.localhost", "portal", now=BORN)


def _hire(
    world: World,
    agency: str,
    name: str,
    *,
    agency_roles: list[Role] | None = None,
    workspace_roles: dict[str, list[Role]] | None = None,
) -> None:
    agency_id = world.agencies[agency]
    workspaces = frozenset(
        world.workspaces[brand]
        for brand, owner in world.agency_of.items()
        if owner == agency_id and brand in world.workspaces
    )
    email = f"{name.lower()}@{agency.lower()}.example"
    is_client = not agency_roles and all(
        role.is_client for roles in (workspace_roles or {}).values() for role in roles
    )
    with db.transaction(Scope(agency_id, workspaces, SYSTEM, agency_wide=True)):
        member = add_member(email=email, name=name, now=BORN)
        member.password_hash = _password_hash()
        for role in agency_roles or []:
            assign_agency_role(member, role, now=BORN)
        for brand, roles in (workspace_roles or {}).items():
            for role in roles:
                workspace_id = world.workspaces[brand]
                assign_workspace_role(member, role, workspace_id=workspace_id, now=BORN)
    world.members[name] = member.id
    world.emails[name] = email
    world.agency_of[name] = agency_id
    prefix = "portal." if is_client else ""
    world.hosts[email] = f"{prefix}{agency.lower()}.localhost"


def _password_hash() -> str:
    """The same hash for everybody: hashing is slow by design, and not what is tested here."""
    from tenants.members.passwords import hash_password  # noqa: PLC0415

    if not PASSWORD_HASHED_ONCE:
        PASSWORD_HASHED_ONCE.append(hash_password(PASSWORD))
    return PASSWORD_HASHED_ONCE[0]
