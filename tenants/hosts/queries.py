"""From a host name to whose it is, before any scope is known; and back to a canonical link."""

import time
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from tenants.db import db
from tenants.hosts.models import Host

_KEPT_SECONDS = 15.0


@dataclass(frozen=True)
class HostEntry:
    """Whose a host is."""

    name: str
    kind: str
    agency_id: UUID
    workspace_id: UUID | None


_kept: dict[str, tuple[float, HostEntry | None]] = {}


def find_host(name: str) -> HostEntry | None:
    """Whose host this is; remembered for some seconds, unknown names are not remembered."""
    kept = _kept.get(name)
    if kept and time.monotonic() - kept[0] < _KEPT_SECONDS:
        return kept[1]
    with db.system() as session:
        row = session.execute(
            sa.select(Host.name, Host.kind, Host.agency_id, Host.workspace_id).where(
                Host.name == name
            )
        ).first()
    if row is None:
        _kept.pop(name, None)
        return None
    entry = HostEntry(*row)
    _kept[name] = (time.monotonic(), entry)
    return entry


def forget_hosts() -> None:
    """Drop what is remembered, after hosts changed in this process."""
    _kept.clear()


def canonical_host(kind: str, *, workspace_id: UUID | None = None) -> str:
    """The account's own host for links, from the database and never from the request."""
    where = (
        Host.workspace_id.is_(None) if workspace_id is None else Host.workspace_id == workspace_id
    )
    return db.session.execute(
        sa.select(Host.name)
        .where(Host.agency_id == db.scope.agency_id, Host.kind == kind, where)
        .order_by(Host.created_at, Host.name)
        .limit(1)
    ).scalar_one()
