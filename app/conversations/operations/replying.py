"""Answering a contact, and notes among ourselves."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa

from app.channels.email import outgoing
from app.channels.email.compose import reply_subject
from app.channels.queries import get_inbox
from app.contacts.queries import get_contact
from app.conversations.errors import (
    ConversationClosed,
    EmptyMessage,
    MessageTooLong,
    StaleReply,
)
from app.conversations.jobs import deliver_message
from app.conversations.models import Conversation, Delivery, Message
from app.conversations.operations.closing import close, set_pending
from app.conversations.queries import find_message_by_external_id, lock_conversation
from app.sla.operations import meet_first_response
from tenants.context import Actor
from tenants.db import db, new_id
from tenants.jobs import enqueue
from tenants.ledger import record

Then = Literal["stay", "pending", "close"]
_LONGEST = 100_000


def reply_to(
    conversation: Conversation,
    *,
    body: str,
    author: Actor,
    now: datetime,
    macro_id: UUID | None = None,
    then: Then = "pending",
    seen_message_count: int | None = None,
    submission: str | None = None,
) -> Message:
    """Answer the contact from the brand's inbox; the mail leaves once this is committed.

    A member's reply is a human one and meets the first response; the system's never does.
    `seen_message_count` is the `message_count` the author was shown; `submission` names one press
    of the button, so that the same one sent twice is one reply.
    Raises: ConversationClosed, StaleReply, EmptyMessage, MessageTooLong, NotFound.
    """
    text = _checked(body)
    conversation = lock_conversation(conversation)
    known = _find_submission(conversation, submission)
    if known is not None:
        return known
    if conversation.is_closed:
        raise ConversationClosed
    _refuse_if_stale(conversation, seen_message_count)
    message = _add(conversation, text, author, now, submission=submission)
    message.macro_id = macro_id
    message.is_automatic = author.kind != "member"
    message.subject = reply_subject(conversation.subject)
    inbox = get_inbox(conversation.inbox_id)
    message.mail_id = outgoing.make_mail_id(message.id, inbox_address=inbox.address)
    message.mail_id_hash = outgoing.hash_of(message.mail_id)
    delivery = _hand_out(message, get_contact(conversation.contact_id).email, now)
    conversation.message_count += 1
    conversation.last_message_at = max(conversation.last_message_at, now)
    record(
        "message.replied",
        conversation,
        actor=author,
        at=now,
        data={
            "message_id": str(message.id),
            "delivery_id": str(delivery.id),
            "recipient": delivery.recipient,
            "macro_id": str(macro_id) if macro_id else None,
            "is_automatic": message.is_automatic,
            "waiting_since": _iso(conversation.waiting_since),
        },
    )
    if not message.is_automatic:
        conversation.waiting_since = None
        meet_first_response(conversation, now=now)
    _go_on(conversation, then, author, now)
    return message


def add_note(
    conversation: Conversation,
    *,
    body: str,
    author: Actor,
    now: datetime,
    submission: str | None = None,
) -> Message:
    """A remark only the team sees; it may be added to a closed conversation, and moves no clock.

    Raises: EmptyMessage, MessageTooLong, NotFound.
    """
    text = _checked(body)
    conversation = lock_conversation(conversation)
    known = _find_submission(conversation, submission)
    if known is not None:
        return known
    note = _add(conversation, text, author, now, submission=submission)
    note.is_note = True
    data = {"message_id": str(note.id)}
    record("message.noted", conversation, actor=author, at=now, data=data)
    return note


def _checked(body: str) -> str:
    text = body.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise EmptyMessage(field="body")
    if len(text) > _LONGEST:
        raise MessageTooLong(field="body")
    return text


def _find_submission(conversation: Conversation, submission: str | None) -> Message | None:
    if submission is None:
        return None
    return find_message_by_external_id(
        _external_id(submission),
        workspace_id=conversation.workspace_id,
        inbox_id=conversation.inbox_id,
    )


def _external_id(submission: str) -> str:
    return f"submission:{submission}"


def _refuse_if_stale(conversation: Conversation, seen: int | None) -> None:
    if seen is None or conversation.message_count <= seen:
        return
    newest = db.session.scalars(
        sa.select(Message)
        .where(
            Message.workspace_id == conversation.workspace_id,
            Message.conversation_id == conversation.id,
            Message.is_note.is_(False),
        )
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(1)
    ).one()
    did = "wrote again" if newest.author_kind == "contact" else "has replied"
    raise StaleReply(
        f"{newest.author_name} {did} while you were writing. Read it, then send your reply.",
        field="body",
    )


def _add(
    conversation: Conversation, text: str, author: Actor, now: datetime, *, submission: str | None
) -> Message:
    message = Message(
        id=new_id(),
        workspace_id=conversation.workspace_id,
        conversation_id=conversation.id,
        inbox_id=conversation.inbox_id,
        author_kind="agent" if author.kind == "member" else "system",
        author_id=author.id,
        author_name=author.name,
        body_text=text,
        visible_text=text,
        external_id=_external_id(submission) if submission else None,
        created_at=now,
    )
    db.session.add(message)
    conversation.version += 1
    return message


def _hand_out(message: Message, recipient: str, now: datetime) -> Delivery:
    db.session.flush()  # the delivery names the message
    delivery = Delivery(
        id=new_id(),
        workspace_id=message.workspace_id,
        message_id=message.id,
        recipient=recipient,
        state="queued",
        attempts=0,
        queued_at=now,
        next_attempt_at=now,
    )
    db.session.add(delivery)
    enqueue(deliver_message, message.id, workspace_id=message.workspace_id)
    return delivery


def _go_on(conversation: Conversation, then: Then, author: Actor, now: datetime) -> None:
    if then == "close":
        close(conversation, by=author, now=now)
    elif then == "pending":
        set_pending(conversation, by=author, now=now)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
