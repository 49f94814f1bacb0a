"""Closing, reopening, and whose turn it is."""

from datetime import datetime

from app.conversations.errors import ConversationClosed
from app.conversations.models import Conversation
from app.conversations.queries import lock_conversation
from app.sla.operations import (
    meet_resolution,
    pause_resolution,
    restart_resolution,
    resume_resolution,
)
from tenants.context import Actor
from tenants.ledger import record


def close(conversation: Conversation, *, by: Actor, now: datetime) -> None:
    """The matter is done with. Closing what is closed changes nothing."""
    conversation = lock_conversation(conversation)
    if conversation.is_closed:
        return
    conversation.status, conversation.is_open = "closed", False
    conversation.closed_at = now
    conversation.waiting_since = None
    conversation.version += 1
    meet_resolution(conversation, now=now)
    record(
        "conversation.closed",
        conversation,
        actor=by,
        at=now,
        data={
            "assignee_id": str(conversation.assignee_id) if conversation.assignee_id else None,
            "contact_id": str(conversation.contact_id),
            "topic": conversation.topic,
            "messages": conversation.message_count,
            "reopen_count": conversation.reopen_count,
        },
    )


def reopen(conversation: Conversation, *, by: Actor, now: datetime) -> None:
    """Take a closed matter up again, with a new resolution clock. Open stays open."""
    conversation = lock_conversation(conversation)
    if not conversation.is_closed:
        return
    conversation.status, conversation.is_open = "open", True
    closed_at, conversation.closed_at = conversation.closed_at, None
    conversation.reopen_count += 1
    conversation.version += 1
    restart_resolution(conversation, now=now)
    record(
        "conversation.reopened",
        conversation,
        actor=by,
        at=now,
        data={
            "closed_at": closed_at.isoformat() if closed_at else None,
            "reopen_count": conversation.reopen_count,
            "by_contact": by.kind == "contact",
        },
    )


def set_pending(conversation: Conversation, *, by: Actor, now: datetime) -> None:
    """Wait for the contact; the resolution clock pauses. Raises: ConversationClosed."""
    conversation = lock_conversation(conversation)
    if conversation.is_closed:
        raise ConversationClosed
    if conversation.status == "pending":
        return
    conversation.status, conversation.is_open = "pending", False
    conversation.version += 1
    pause_resolution(conversation, reason="pending", now=now)
    record("conversation.pending", conversation, actor=by, at=now)


def resume(conversation: Conversation, *, by: Actor, now: datetime) -> None:
    """It is our turn again; the resolution clock runs on. Raises: ConversationClosed."""
    conversation = lock_conversation(conversation)
    if conversation.is_closed:
        raise ConversationClosed
    if conversation.status == "open":
        return
    conversation.status, conversation.is_open = "open", True
    conversation.version += 1
    resume_resolution(conversation, now=now)
    record("conversation.resumed", conversation, actor=by, at=now)
