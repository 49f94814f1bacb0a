"""Reading conversations: by id, in full, and the mails they consist of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from app.channels.models import Inbox
from app.contacts.models import Contact
from app.contacts.queries import canonical_email
from app.conversations.models import (
    Attachment,
    Conversation,
    ConversationSettings,
    Delivery,
    Message,
)
from tenants.db import db
from tenants.errors import NotFound
from tenants.ledger import Event, list_events_of

_DEFAULT_REOPEN_DAYS = 14

# What the timeline shows as the message itself.
_MESSAGE_EVENTS = frozenset({"message.received", "message.replied", "message.noted"})

# What a message brings about at its own moment, and is told ahead of it.
_BEFORE_WHAT_WAS_SAID = frozenset({"conversation.opened", "conversation.reopened"})


def get_conversation(conversation_id: UUID) -> Conversation:
    """The conversation. Raises: NotFound."""
    found = db.session.scalar(sa.select(Conversation).where(Conversation.id == conversation_id))
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Matter:
    """A conversation with the two it is between: the contact and the brand's inbox."""

    conversation: Conversation
    contact: Contact
    inbox: Inbox


def get_matter(conversation_id: UUID) -> Matter:
    """The conversation with its contact and inbox, in one statement. Raises: NotFound."""
    row = db.session.execute(
        sa.select(Conversation, Contact, Inbox)
        .join(
            Contact,
            sa.and_(
                Contact.workspace_id == Conversation.workspace_id,
                Contact.id == Conversation.contact_id,
            ),
        )
        .join(
            Inbox,
            sa.and_(
                Inbox.workspace_id == Conversation.workspace_id,
                Inbox.id == Conversation.inbox_id,
            ),
        )
        .where(Conversation.id == conversation_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Matter(*row)


def get_locked_conversation(conversation_id: UUID) -> Conversation:
    """The conversation, held until the transaction ends: what is checked of it stays true.

    Raises: NotFound.
    """
    return lock_conversation(get_conversation(conversation_id))


def lock_conversation(conversation: Conversation) -> Conversation:
    """The same conversation as it is now, with its row locked until the transaction ends.

    Whatever changes a conversation, its messages or its clocks takes this lock first.
    Raises: NotFound when it is out of scope.
    """
    locked = db.session.scalar(
        sa.select(Conversation)
        .where(
            Conversation.workspace_id == conversation.workspace_id,
            Conversation.id == conversation.id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if locked is None:
        raise NotFound
    return locked


def list_messages(conversation: Conversation) -> Sequence[Message]:
    """Messages and notes of a conversation, oldest first."""
    return db.session.scalars(
        sa.select(Message)
        .where(
            Message.workspace_id == conversation.workspace_id,
            Message.conversation_id == conversation.id,
        )
        .order_by(Message.created_at, Message.id)
    ).all()


def list_attachments(conversation: Conversation) -> Sequence[Attachment]:
    """Every file of a conversation, in the order of its messages."""
    return db.session.scalars(
        sa.select(Attachment).where(*_of_messages(Attachment, conversation)).order_by(Attachment.id)
    ).all()


def list_deliveries(conversation: Conversation) -> Sequence[Delivery]:
    """What became of each reply on its way out."""
    return db.session.scalars(
        sa.select(Delivery).where(*_of_messages(Delivery, conversation)).order_by(Delivery.id)
    ).all()


def get_attachment(attachment_id: UUID) -> Attachment:
    """The attachment. Raises: NotFound."""
    found = db.session.scalar(sa.select(Attachment).where(Attachment.id == attachment_id))
    if found is None:
        raise NotFound
    return found


def get_message(message_id: UUID) -> Message:
    """The message. Raises: NotFound."""
    found = db.session.scalar(sa.select(Message).where(Message.id == message_id))
    if found is None:
        raise NotFound
    return found


def find_message_by_external_id(
    external_id: str, *, workspace_id: UUID, inbox_id: UUID
) -> Message | None:
    """The message an outside event has already become, if it has."""
    return db.session.scalar(
        sa.select(Message).where(
            Message.workspace_id == workspace_id,
            Message.inbox_id == inbox_id,
            Message.external_id == external_id,
        )
    )


def list_messages_by_mail_ids(hashes: Collection[str], *, workspace_id: UUID) -> Sequence[Message]:
    """The messages, of this brand only, whose Message-ID has one of these sha256 hashes."""
    return db.session.scalars(
        sa.select(Message)
        .where(Message.workspace_id == workspace_id, Message.mail_id_hash.in_(hashes))
        .order_by(Message.created_at.desc(), Message.id.desc())
    ).all()


def is_participant(email: str, conversation: Conversation) -> bool:
    """Whether this address has a part in the conversation: as its contact, or let in since."""
    address = canonical_email(email)
    wrote = sa.select(Message.id).where(
        Message.workspace_id == conversation.workspace_id,
        Message.conversation_id == conversation.id,
        Message.author_kind == "contact",
        Message.is_unverified.is_(False),
        sa.func.lower(Message.author_email) == address,
    )
    is_contact = sa.select(Contact.id).where(
        Contact.workspace_id == conversation.workspace_id,
        Contact.id == conversation.contact_id,
        Contact.email == address,
    )
    return bool(db.session.scalar(sa.select(sa.or_(wrote.exists(), is_contact.exists()))))


def reopen_days_of(workspace_id: UUID) -> int:
    """For how many days after closing a message of the contact reopens."""
    settings = find_settings(workspace_id)
    return settings.reopen_days if settings else _DEFAULT_REOPEN_DAYS


def find_settings(workspace_id: UUID) -> ConversationSettings | None:
    """How the brand wants its conversations treated, if it has said so."""
    return db.session.scalar(
        sa.select(ConversationSettings).where(ConversationSettings.workspace_id == workspace_id)
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a conversation's story: a message with what belongs to it, or an event."""

    at: datetime
    kind: Literal["message", "note", "event"]
    message: Message | None = None
    attachments: tuple[Attachment, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    event: Event | None = None

    @property
    def name(self) -> str:
        """What happened, in the ledger's words: `conversation.closed`; empty for a message."""
        return self.event.kind if self.event else ""

    @property
    def data(self) -> dict[str, Any]:
        """What the ledger knows of it beside who and when."""
        return self.event.data if self.event else {}


def timeline(conversation: Conversation) -> list[Entry]:
    """Everything that was said and happened, oldest first, in four statements."""
    attachments: dict[UUID, list[Attachment]] = {}
    for file in list_attachments(conversation):
        attachments.setdefault(file.message_id, []).append(file)
    deliveries: dict[UUID, list[Delivery]] = {}
    for delivery in list_deliveries(conversation):
        deliveries.setdefault(delivery.message_id, []).append(delivery)
    entries = [
        Entry(
            at=message.created_at,
            kind="note" if message.is_note else "message",
            message=message,
            attachments=tuple(attachments.get(message.id, ())),
            deliveries=tuple(deliveries.get(message.id, ())),
        )
        for message in list_messages(conversation)
    ]
    entries += [
        Entry(at=event.at, kind="event", event=event)
        for event in list_events_of(conversation.id, workspace_id=conversation.workspace_id)
        if event.kind not in _MESSAGE_EVENTS
    ]
    return sorted(entries, key=lambda entry: (entry.at, entry.name not in _BEFORE_WHAT_WAS_SAID))


def _of_messages(
    table: type[Attachment] | type[Delivery], conversation: Conversation
) -> tuple[sa.ColumnElement[bool], ...]:
    messages = sa.select(Message.id).where(
        Message.workspace_id == conversation.workspace_id,
        Message.conversation_id == conversation.id,
    )
    return table.workspace_id == conversation.workspace_id, table.message_id.in_(messages)
