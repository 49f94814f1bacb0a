"""Which conversation a mail continues: by reply address or Message-ID, never by subject."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from app.channels.email.incoming import Incoming, Refused
from app.channels.email.outgoing import hash_of, mail_settings
from app.channels.email.threading import named_ids
from app.channels.email.tokens import (
    BadToken,
    ReplyToken,
    read_message_id,
    read_reply_address,
)
from app.conversations.models import Conversation, Message
from app.conversations.queries import is_participant, list_messages_by_mail_ids
from app.inbound.models import RawMail
from tenants.db import db


@dataclass(frozen=True)
class Thread:
    """The conversation a mail belongs to, and the rule that found it."""

    conversation: Conversation
    rule: str


def find_thread(mail: RawMail, incoming: Incoming, *, sender: str) -> Thread | Refused | None:
    """The conversation this mail continues, or None when it starts one.

    Refused as `bad_token` when it was sent to a reply address that we did not write, or wrote for
    another brand. A stored id of a shopper's mail counts only for somebody who takes part in that
    conversation: newsletters and forwards name ids of strangers.
    """
    by_address = _by_reply_address(mail, incoming)
    if by_address is not None:
        return by_address
    names = named_ids(incoming)
    if not names:
        return None
    return _by_own_message(mail, names) or _by_stored_message(mail, names, sender)


def is_own_mail(mail: RawMail, incoming: Incoming) -> bool:
    """Whether this is a mail of this very brand coming back to it."""
    if incoming.message_id is None:
        return False
    message_id = read_message_id(mail_settings().token_secret, incoming.message_id)
    return message_id is not None and _conversation_of(mail, message_id) is not None


def _by_reply_address(mail: RawMail, incoming: Incoming) -> Thread | Refused | None:
    written_to = [box.address for box in (*incoming.to, *incoming.cc)]
    for address in dict.fromkeys((mail.envelope_to, *incoming.delivered_to, *written_to)):
        token = read_reply_address(
            mail_settings().token_secret, address, workspace_id=mail.workspace_id
        )
        if isinstance(token, ReplyToken):
            conversation = _conversation(mail, token.conversation_id)
            return Thread(conversation, "reply address") if conversation else Refused("bad_token")
        if isinstance(token, BadToken) and address == mail.envelope_to:
            return Refused("bad_token", token.cause)
    return None


def _by_own_message(mail: RawMail, names: tuple[str, ...]) -> Thread | None:
    """By an id that carries our HMAC; whoever knows it was written to by us."""
    for name in names:
        message_id = read_message_id(mail_settings().token_secret, name)
        conversation = _conversation_of(mail, message_id) if message_id else None
        if conversation is not None:
            return Thread(conversation, "our Message-ID")
    return None


def _by_stored_message(mail: RawMail, names: tuple[str, ...], sender: str) -> Thread | None:
    hashes = [hash_of(name) for name in names]
    stored = {
        message.mail_id_hash: message.conversation_id
        for message in list_messages_by_mail_ids(hashes, workspace_id=mail.workspace_id)
    }
    for name_hash in hashes:
        conversation_id = stored.get(name_hash)
        conversation = _conversation(mail, conversation_id) if conversation_id else None
        if conversation is not None and is_participant(sender, conversation):
            return Thread(conversation, "Message-ID of a participant")
    return None


def _conversation_of(mail: RawMail, message_id: UUID) -> Conversation | None:
    return db.session.scalar(
        sa.select(Conversation)
        .join(
            Message,
            sa.and_(
                Message.workspace_id == Conversation.workspace_id,
                Message.conversation_id == Conversation.id,
            ),
        )
        .where(Conversation.workspace_id == mail.workspace_id, Message.id == message_id)
    )


def _conversation(mail: RawMail, conversation_id: UUID) -> Conversation | None:
    return db.session.scalar(
        sa.select(Conversation).where(
            Conversation.workspace_id == mail.workspace_id, Conversation.id == conversation_id
        )
    )
