"""Opening and closing the addresses a brand is reached at."""

from datetime import datetime
from uuid import UUID

from app.channels.errors import AddressTaken
from app.channels.models import Inbox
from app.channels.queries import canonical_address, list_inboxes
from tenants.db import db
from tenants.errors import NotFound
from tenants.ledger import record


def open_inbox(
    *, workspace_id: UUID, address: str, name: str, now: datetime, channel: str = "email"
) -> Inbox:
    """A new address of this brand; `name` is what its mails are signed with in From.

    Raises: AddressTaken when this brand already has it, NotFound when the brand is out of scope.
    """
    if workspace_id not in db.scope.workspace_ids:
        raise NotFound
    address = canonical_address(address)
    if any(inbox.address == address for inbox in list_inboxes(workspace_id)):
        raise AddressTaken(field="address")
    inbox = Inbox(
        workspace_id=workspace_id, channel=channel, address=address, name=name, created_at=now
    )
    db.session.add(inbox)
    record("inbox.opened", inbox, at=now, data={"address": address, "channel": channel})
    return inbox


def close_inbox(inbox: Inbox, *, now: datetime) -> None:
    """Stop receiving and sending at this address; what came through it stays."""
    if inbox.closed_at is None:
        inbox.closed_at = now
        record("inbox.closed", inbox, at=now, data={"address": inbox.address})
