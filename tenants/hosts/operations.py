"""Giving an agency or a brand a host name."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from tenants.db import db, is_unique_violation
from tenants.errors import DomainError
from tenants.hosts.models import Host
from tenants.ledger import record


class HostTaken(DomainError):
    """Somebody has this name; who, is not said."""

    status = 409
    message = "This host name is not available."


def add_host(name: str, kind: str, *, now: datetime, workspace_id: UUID | None = None) -> Host:
    """A host of the agency in scope, or of one of its brands. Raises: HostTaken."""
    host = Host(
        agency_id=db.scope.agency_id,
        workspace_id=workspace_id,
        name=name.lower().rstrip("."),
        kind=kind,
        created_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(host)
    except sa.exc.IntegrityError as error:
        if is_unique_violation(error):
            raise HostTaken(field="host") from error
        raise
    record("host.added", host, at=now, data={"name": host.name, "kind": kind})
    return host
