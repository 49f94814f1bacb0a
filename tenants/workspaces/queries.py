"""Finding workspaces of the scope."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from tenants.agencies.models import Agency
from tenants.db import db
from tenants.errors import NotFound
from tenants.workspaces.models import Workspace


def get_workspace(workspace_id: UUID) -> Workspace:
    """The workspace, if it is in scope. Raises: NotFound."""
    workspace = db.session.scalar(_visible().where(Workspace.id == workspace_id))
    if workspace is None:
        raise NotFound
    return workspace


def list_workspaces() -> Sequence[Workspace]:
    """Every workspace of the scope, by name."""
    return db.session.scalars(_visible().order_by(Workspace.name, Workspace.id)).all()


def get_agency() -> Agency:
    """The agency of the scope."""
    return db.session.scalars(sa.select(Agency).where(Agency.id == db.scope.agency_id)).one()


def _visible() -> sa.Select[Workspace]:
    scope = db.scope
    return sa.select(Workspace).where(
        Workspace.agency_id == scope.agency_id, Workspace.id.in_(scope.workspace_ids)
    )
