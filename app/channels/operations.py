"""Opening and closing the addresses a brand is reached at."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from app.channels.errors import AddressTaken
from app.channels.models import Inbox
from app.channels.queries import canonical_address
from tenants.db import db
from tenants.errors import NotFound
from tenants.ledger import record


def open_inbox(
    *, workspace_id: UUID, address: str, name: str, now: datetime, channel: str = "email"
) -> Inbox:
    """An address of this brand, new or opened again; `name` is how the desk calls it.

    Raises: AddressTaken when this brand already has it, NotFound when the brand is out of scope.
    """
    if workspace_id not in db.scope.workspace_ids:
        raise NotFound
    address = canonical_address(address)
    inbox = db.session.scalar(
        sa.select(Inbox).where(Inbox.workspace_id == workspace_id, Inbox.address == address)
    )
    if inbox is None:
        inbox = Inbox(workspace_id=workspace_id, address=address, created_at=now)
        db.session.add(inbox)
    elif inbox.closed_at is None:
        raise AddressTaken(field="address")
    inbox.channel, inbox.name, inbox.closed_at = channel, name, None
    record("inbox.opened", inbox, at=now, data={"address": address, "channel": channel})
    return inbox


def close_inbox(inbox: Inbox, *, now: datetime) -> None:
    """Stop receiving and sending at this address; what came through it stays."""
    if inbox.closed_at is None:
        inbox.closed_at = now
        record("inbox.closed", inbox, at=now, data={"address": inbox.address})
