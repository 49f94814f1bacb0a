"""Finding inboxes."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from app.channels.models import Inbox
from tenants.db import db
from tenants.errors import NotFound


def get_inbox(inbox_id: UUID) -> Inbox:
    """The inbox, if it is in scope. Raises: NotFound."""
    inbox = db.session.scalar(sa.select(Inbox).where(Inbox.id == inbox_id))
    if inbox is None:
        raise NotFound
    return inbox


def find_inbox_by_address(address: str) -> Inbox | None:
    """The open inbox that receives at this address; needs the system role, which sees every brand.

    Where two brands claim one address, nobody is guessed: None.
    """
    found = db.session.scalars(
        sa.select(Inbox)
        .where(Inbox.address == canonical_address(address), Inbox.closed_at.is_(None))
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def list_inboxes(workspace_id: UUID) -> Sequence[Inbox]:
    """The open inboxes of a brand, by address."""
    return db.session.scalars(
        sa.select(Inbox)
        .where(Inbox.workspace_id == workspace_id, Inbox.closed_at.is_(None))
        .order_by(Inbox.address)
    ).all()


def canonical_address(address: str) -> str:
    """The spelling an inbox address is stored and compared in."""
    return address.strip().lower()
