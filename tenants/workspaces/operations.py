"""Making a workspace, and what it gives out."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from tenants.db import db, new_id
from tenants.ledger import record
from tenants.workspaces.models import NumberCounter, Workspace


def open_workspace(
    workspace_id: UUID,
    *,
    slug: str,
    name: str,
    now: datetime,
    time_zone: str = "UTC",
    locale: str = "en",
) -> Workspace:
    """A new workspace under an id that the scope already holds (`Scope.opening`)."""
    workspace = Workspace(
        id=workspace_id,
        agency_id=db.scope.agency_id,
        slug=slug,
        name=name,
        time_zone=time_zone,
        locale=locale,
        created_at=now,
    )
    db.session.add(workspace)
    record("workspace.opened", workspace, at=now, data={"name": name})
    return workspace


def next_number(noun: str, *, workspace_id: UUID) -> int:
    """The next number of this noun in the workspace; no gaps are hidden, none are shared."""
    counter = NumberCounter.__table__
    statement = (
        pg.insert(NumberCounter)
        .values(
            agency_id=db.scope.agency_id,
            workspace_id=workspace_id,
            id=new_id(),
            noun=noun,
            last_number=1,
        )
        .on_conflict_do_update(
            index_elements=["workspace_id", "noun"],
            set_={"last_number": counter.c.last_number + 1},
        )
        .returning(counter.c.last_number)
    )
    number: int = db.session.execute(statement).scalar_one()
    return number


def lock_workspace(workspace_id: UUID) -> None:
    """Take turns in this workspace until the transaction ends, for what must be counted."""
    db.session.execute(
        sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(str(workspace_id), 0)))
    )
