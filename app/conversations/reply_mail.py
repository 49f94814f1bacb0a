"""A reply as the mail the contact receives: the brand's name and address, threading, signature."""

import re
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from app.channels.email import outgoing
from app.channels.email.compose import File, Outgoing, reply_subject
from app.channels.email.incoming import Mailbox
from app.conversations.models import Attachment, Delivery, Message
from app.conversations.queries import Matter, find_settings, get_matter
from tenants.blobs import get_blob
from tenants.db import db
from tenants.errors import NotFound
from tenants.workspaces.queries import get_workspace
from themes.mail import render_mail
from themes.queries import get_current_theme
from themes.tokens import Theme

_LONGEST_CHAIN = 20
_SIGN_OFF_LINES = 3
_INK = "#1f2937"
_EMPTY_LINES = re.compile(r"\n\s*\n")


def write_mail(message: Message, delivery: Delivery) -> Outgoing:
    """The mail of one reply to one recipient, the same each time it is written."""
    if message.mail_id is None:
        reason = f"message {message.id} was never meant to leave"
        raise ValueError(reason)
    matter = get_matter(message.conversation_id)
    theme = _theme_of(message.workspace_id)
    subject = message.subject or reply_subject(matter.conversation.subject)
    chain = _chain_before(message)
    bodies = render_mail(
        "conversations/mail/reply",
        theme,
        subject=subject,
        words=message.body_text,
        paragraphs=_paragraphs(message.body_text),
        sign_off=_sign_off(message, theme),
    )
    return Outgoing(
        sender=Mailbox(matter.inbox.address, theme.name),
        recipient=Mailbox(delivery.recipient, _name_of(delivery, matter)),
        reply_to=outgoing.make_reply_address(
            workspace_id=message.workspace_id,
            conversation_id=message.conversation_id,
            contact_id=matter.contact.id,
        ),
        message_id=message.mail_id,
        subject=subject,
        date=message.created_at,
        text=bodies.text,
        html=bodies.html,
        in_reply_to=chain.answered,
        references=chain.references,
        files=_files_of(message),
        automatic=message.is_automatic,
    )


@dataclass(frozen=True, slots=True)
class _Chain:
    """The mails before this one: the one it answers, and all of them in order."""

    answered: str | None
    references: tuple[str, ...]


def _chain_before(message: Message) -> _Chain:
    """What the contact's mail program needs to show one thread, from the ids we stored.

    A reply answers the contact's newest mail, or ours where the contact has not written yet.
    """
    before = db.session.execute(
        sa.select(Message.mail_id, Message.author_kind)
        .where(
            Message.workspace_id == message.workspace_id,
            Message.conversation_id == message.conversation_id,
            Message.mail_id.is_not(None),
            Message.is_note.is_(False),
            Message.is_unverified.is_(False),
            sa.tuple_(Message.created_at, Message.id)
            < sa.tuple_(sa.literal(message.created_at), sa.literal(message.id)),
        )
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(_LONGEST_CHAIN)
    ).all()
    ids = tuple(mail_id for mail_id, _ in reversed(before) if mail_id)
    theirs = (mail_id for mail_id, author_kind in before if author_kind == "contact")
    return _Chain(next(theirs, ids[-1] if ids else None), ids)


def _name_of(delivery: Delivery, matter: Matter) -> str:
    return matter.contact.name if matter.contact.email == delivery.recipient else ""


def _theme_of(workspace_id: UUID) -> Theme:
    """The brand's look; its bare name while nothing was published."""
    try:
        return get_current_theme(workspace_id)
    except NotFound:
        return Theme(name=get_workspace(workspace_id).name, primary=_INK)


def _paragraphs(words: str) -> list[list[str]]:
    return [each.strip().splitlines() for each in _EMPTY_LINES.split(words) if each.strip()]


def _sign_off(message: Message, theme: Theme) -> list[str]:
    """The agent as shoppers know them, unless they signed already, and the brand's closing."""
    settings = find_settings(message.workspace_id)
    closing = (settings.signature.strip() if settings else "") or theme.signature
    is_signed = message.author_name in message.body_text.splitlines()[-_SIGN_OFF_LINES:]
    author = [] if message.is_automatic or is_signed else [message.author_name]
    return [*author, *closing.splitlines()]


def _files_of(message: Message) -> tuple[File, ...]:
    files = db.session.scalars(
        sa.select(Attachment)
        .where(Attachment.workspace_id == message.workspace_id, Attachment.message_id == message.id)
        .order_by(Attachment.id)
    )
    return tuple(
        File(file.filename, file.content_type, get_blob(file.digest)) for file in files.all()
    )
