"""Taking in what a contact wrote."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.contacts.models import Contact
from app.conversations.errors import NotReopenable
from app.conversations.models import Attachment, Conversation, Message
from app.conversations.operations.closing import reopen, resume
from app.conversations.queries import (
    find_message_by_external_id,
    lock_conversation,
    reopen_days_of,
)
from app.sla.operations import start_clocks
from tenants.context import Actor
from tenants.db import db, new_id
from tenants.errors import NotFound
from tenants.ledger import record


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFile:
    """A file that came along; its bytes are stored under `digest` already."""

    filename: str
    content_type: str
    size_bytes: int
    digest: str
    content_id: str | None = None
    is_inline: bool = False
    is_blocked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedBody:
    """What was written, read and cleaned: the whole text, and what of it is new."""

    text: str
    visible_text: str
    html: str | None = None
    subject: str | None = None
    mail_id: str | None = None
    mail_id_hash: str | None = None
    raw_digest: str | None = None
    files: tuple[ReceivedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who is not the contact and wrote with a valid reference; stored as unverified."""

    email: str
    name: str = ""


def is_reopenable(conversation: Conversation, *, now: datetime) -> bool:
    """Whether a message of the contact may still be filed here: not closed, or closed recently."""
    if conversation.closed_at is None:
        return True
    window = timedelta(days=reopen_days_of(conversation.workspace_id))
    return now < conversation.closed_at + window


def receive_message(
    conversation: Conversation,
    *,
    body: ReceivedBody,
    author: Contact,
    now: datetime,
    external_id: str,
    stranger: Stranger | None = None,
    is_automatic: bool = False,
    threaded_by: str | None = None,
) -> Message:
    """Add what the contact wrote; it is our turn again, and the clocks run.

    The same external id is one message, however often it comes. Automatic mail is added and
    changes nothing else. A `stranger` is named as the author; `author` stays the conversation's
    contact. Raises: NotReopenable (ask `is_reopenable` first), NotFound out of scope.
    """
    if author.workspace_id != conversation.workspace_id:
        raise NotFound
    conversation = lock_conversation(conversation)
    known = find_message_by_external_id(
        external_id, workspace_id=conversation.workspace_id, inbox_id=conversation.inbox_id
    )
    if known is not None:
        return known
    if not is_automatic:
        _take_turn(conversation, author, now)
    message = _add(conversation, body, author, stranger, now)
    message.external_id = external_id
    message.is_automatic = is_automatic
    message.threaded_by = threaded_by
    _keep_files(message, body.files)
    conversation.message_count += 1
    conversation.last_message_at = max(conversation.last_message_at, now)
    conversation.version += 1
    record(
        "message.received",
        conversation,
        actor=Actor("contact", message.author_id, message.author_name),
        at=now,
        data={
            "message_id": str(message.id),
            "contact_id": str(author.id),
            "threaded_by": threaded_by,
            "is_automatic": is_automatic,
            "is_unverified": message.is_unverified,
            "files": len(body.files),
        },
    )
    return message


def _take_turn(conversation: Conversation, author: Contact, now: datetime) -> None:
    """A person wrote: reopen or resume, and start what has not started."""
    by = Actor("contact", author.id, author.shown_name)
    if conversation.is_closed:
        if not is_reopenable(conversation, now=now):
            raise NotReopenable
        reopen(conversation, by=by, now=now)
    elif conversation.status != "open":
        resume(conversation, by=by, now=now)
    conversation.waiting_since = conversation.waiting_since or now
    conversation.is_automatic = False
    start_clocks(conversation, now=now, is_answered=_has_human_reply(conversation))


def _has_human_reply(conversation: Conversation) -> bool:
    """Whether we wrote first: then the contact's message is no first one to respond to."""
    if conversation.message_count == 0:
        return False
    replies = sa.select(Message.id).where(
        Message.workspace_id == conversation.workspace_id,
        Message.conversation_id == conversation.id,
        Message.author_kind == "agent",
        Message.is_note.is_(False),
    )
    return bool(db.session.scalar(sa.select(replies.exists())))


def _add(
    conversation: Conversation,
    body: ReceivedBody,
    author: Contact,
    stranger: Stranger | None,
    now: datetime,
) -> Message:
    message = Message(
        id=new_id(),
        workspace_id=conversation.workspace_id,
        conversation_id=conversation.id,
        inbox_id=conversation.inbox_id,
        author_kind="contact",
        author_id=None if stranger else author.id,
        author_name=(stranger.name or stranger.email) if stranger else author.shown_name,
        author_email=stranger.email if stranger else author.email,
        is_note=False,
        is_unverified=stranger is not None,
        body_text=body.text,
        visible_text=body.visible_text,
        body_html=body.html,
        subject=body.subject,
        mail_id=body.mail_id,
        mail_id_hash=body.mail_id_hash,
        raw_digest=body.raw_digest,
        created_at=now,
    )
    db.session.add(message)
    return message


def _keep_files(message: Message, files: tuple[ReceivedFile, ...]) -> None:
    db.session.flush()  # the files name the message
    db.session.add_all(
        Attachment(workspace_id=message.workspace_id, message_id=message.id, **asdict(file))
        for file in files
    )
