"""What no screen does yet for a client just opened: its pod's people, its contact's password."""

import sqlalchemy as sa

from tenants.context import SYSTEM, Scope
from tenants.db import db, utc_now
from tenants.members.operations import assign_workspace_role, find_member_by_email
from tenants.members.passwords import hash_password
from tenants.permissions import Permission, Role
from tenants.workspaces.models import Workspace
from tests.factories.cast import PASSWORD, World


def hire_for_client(world: World, slug: str, *, pod_agent: str, contact: str) -> None:
    """The agent works in the client's pod; the contact can sign in."""
    agency_id = world.agency_of[pod_agent]
    with db.transaction(world.scope("Ana", Permission.WORKSPACES_READ)):
        workspace_id = db.session.scalars(
            sa.select(Workspace.id).where(Workspace.slug == slug)
        ).one()
    with db.transaction(Scope(agency_id, frozenset({workspace_id}), SYSTEM, agency_wide=True)):
        agent = find_member_by_email(world.emails[pod_agent])
        viewer = find_member_by_email(contact)
        assert agent is not None
        assert viewer is not None
        assign_workspace_role(agent, Role.POD_AGENT, workspace_id=workspace_id, now=utc_now())
        viewer.password_hash = hash_password(PASSWORD)
