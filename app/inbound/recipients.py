"""Whose mail is this: from an envelope recipient to its inbox, before any scope is known."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from app.channels.email.outgoing import mail_settings
from app.channels.email.tokens import BadToken, read_reply_address, read_return_path
from app.channels.queries import find_inbox_by_address
from app.conversations.models import Conversation, Delivery
from tenants.context import SYSTEM, Scope
from tenants.db import db


@dataclass(frozen=True)
class Destination:
    """The inbox a mail is for, and with it the only workspace it may be filed in."""

    agency_id: UUID
    workspace_id: UUID
    inbox_id: UUID | None

    @property
    def scope(self) -> Scope:
        """What storing and filing this mail may touch."""
        return Scope(self.agency_id, frozenset({self.workspace_id}), SYSTEM)


def find_destination(address: str) -> Destination | None:
    """Where mail to this address belongs: a reply address, a return path, an inbox, or nowhere.

    `support+anything@` is `support@`. Opens a system transaction.
    """
    secret = mail_settings().token_secret
    reply = read_reply_address(secret, address)
    bounce = read_return_path(secret, address)
    with db.system():
        if reply is not None:
            return None if isinstance(reply, BadToken) else _of_conversation(reply.conversation_id)
        if bounce is not None:
            return None if isinstance(bounce, BadToken) else _of_delivery(bounce.delivery_id)
        return _of_inbox(address) or _of_inbox(_without_detail(address))


def _of_conversation(conversation_id: UUID) -> Destination | None:
    row = db.session.execute(
        sa.select(Conversation.agency_id, Conversation.workspace_id, Conversation.inbox_id).where(
            Conversation.id == conversation_id
        )
    ).first()
    return Destination(*row) if row else None


def _of_delivery(delivery_id: UUID) -> Destination | None:
    row = db.session.execute(
        sa.select(Delivery.agency_id, Delivery.workspace_id).where(Delivery.id == delivery_id)
    ).first()
    return Destination(row.agency_id, row.workspace_id, None) if row else None


def _of_inbox(address: str) -> Destination | None:
    inbox = find_inbox_by_address(address)
    return Destination(inbox.agency_id, inbox.workspace_id, inbox.id) if inbox else None


def _without_detail(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
