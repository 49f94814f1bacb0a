"""What the conversation page reads beside its transcript."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from app.contacts.models import Contact
from app.conversations.models import (
    Attachment,
    Conversation,
    ConversationSettings,
    Delivery,
    Draft,
    Message,
)
from app.escalations.models import Escalation, Pod
from tenants.db import db
from tenants.errors import NotFound
from tenants.workspaces.models import Workspace

_MOST_PAST = 5


@dataclass(frozen=True)
class Case:
    """A conversation with what stands around it; `escalation` is the latest one, over or not."""

    conversation: Conversation
    contact: Contact
    workspace: Workspace
    settings: ConversationSettings | None
    draft: Draft | None
    escalation: Escalation | None
    pod: Pod | None

    @property
    def open_escalation(self) -> Escalation | None:
        """The escalation that is going on now."""
        ongoing = self.escalation is not None and self.escalation.ended_at is None
        return self.escalation if ongoing else None


@dataclass(frozen=True)
class PastConversation:
    """One line of what this contact and this brand had before."""

    id: UUID
    number: int
    subject: str
    status: str
    created_at: datetime


def get_case(conversation_id: UUID, *, member_id: UUID) -> Case:
    """Everything in one statement. Raises: NotFound."""
    row = db.session.execute(
        sa.select(Conversation, Contact, Workspace, ConversationSettings, Draft, Escalation, Pod)
        .join(Contact, _beside(Contact) & (Contact.id == Conversation.contact_id))
        .join(Workspace, Workspace.id == Conversation.workspace_id)
        .outerjoin(ConversationSettings, _beside(ConversationSettings))
        .outerjoin(
            Draft,
            _beside(Draft)
            & (Draft.conversation_id == Conversation.id)
            & (Draft.member_id == member_id),
        )
        .outerjoin(Escalation, _beside(Escalation) & (Escalation.id == _latest_escalation_id()))
        .outerjoin(Pod, _beside(Pod) & (Pod.id == Escalation.pod_id))
        .where(Conversation.id == conversation_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Case(*row)


def list_past(conversation: Conversation) -> Sequence[PastConversation]:
    """The contact's other conversations with the same brand, newest first."""
    rows = db.session.execute(
        sa.select(
            Conversation.id,
            Conversation.number,
            Conversation.subject,
            Conversation.status,
            Conversation.created_at,
        )
        .where(
            Conversation.workspace_id == conversation.workspace_id,
            Conversation.contact_id == conversation.contact_id,
            Conversation.id != conversation.id,
        )
        .order_by(Conversation.created_at.desc(), Conversation.id.desc())
        .limit(_MOST_PAST)
    )
    return [PastConversation(*row) for row in rows]


def get_attachment_of(conversation_id: UUID, attachment_id: UUID) -> Attachment:
    """A file of this conversation. Raises: NotFound."""
    found = db.session.scalar(
        sa.select(Attachment)
        .join(Message, _message_of(Attachment))
        .where(Attachment.id == attachment_id, Message.conversation_id == conversation_id)
    )
    if found is None:
        raise NotFound
    return found


def get_message_of(conversation_id: UUID, message_id: UUID) -> Message:
    """A message of this conversation. Raises: NotFound."""
    found = db.session.scalar(
        sa.select(Message).where(
            Message.id == message_id, Message.conversation_id == conversation_id
        )
    )
    if found is None:
        raise NotFound
    return found


def get_delivery_of(conversation_id: UUID, delivery_id: UUID) -> Delivery:
    """A delivery of this conversation. Raises: NotFound."""
    found = db.session.scalar(
        sa.select(Delivery)
        .join(Message, _message_of(Delivery))
        .where(Delivery.id == delivery_id, Message.conversation_id == conversation_id)
    )
    if found is None:
        raise NotFound
    return found


def list_embedded(message: Message) -> Sequence[Attachment]:
    """The files of a message that its HTML may show."""
    return db.session.scalars(
        sa.select(Attachment).where(
            Attachment.workspace_id == message.workspace_id,
            Attachment.message_id == message.id,
            Attachment.content_id.is_not(None),
        )
    ).all()


@cache
def _latest_escalation_id() -> sa.ScalarSelect[UUID]:
    latest = orm.aliased(Escalation)
    return (
        sa.select(latest.id)
        .where(
            latest.workspace_id == Conversation.workspace_id,
            latest.conversation_id == Conversation.id,
        )
        .order_by(latest.escalated_at.desc(), latest.id.desc())
        .limit(1)
        .correlate(Conversation)
        .scalar_subquery()
    )


def _beside(
    table: type[Contact | ConversationSettings | Draft | Escalation | Pod],
) -> sa.ColumnElement[bool]:
    return table.workspace_id == Conversation.workspace_id


def _message_of(table: type[Attachment | Delivery]) -> sa.ColumnElement[bool]:
    return (table.workspace_id == Message.workspace_id) & (table.message_id == Message.id)
