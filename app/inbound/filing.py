"""From a mail that was read to a message in a conversation, and what becomes of other mail."""

import hashlib
from datetime import datetime

import sqlalchemy as sa

from app.channels.email.incoming import Bounce, Incoming, Mailbox, Refused
from app.channels.email.outgoing import hash_of, mail_settings
from app.channels.email.tokens import ReturnToken, read_message_id, read_return_path
from app.channels.queries import get_inbox, list_inboxes
from app.contacts.models import Contact
from app.contacts.operations import find_or_create_contact
from app.contacts.queries import canonical_email, get_contact
from app.conversations.models import Conversation, Delivery, Message
from app.conversations.operations.delivering import record_bounce
from app.conversations.operations.opening import open_conversation
from app.conversations.operations.receiving import (
    ReceivedBody,
    ReceivedFile,
    Stranger,
    is_reopenable,
    receive_message,
)
from app.inbound.models import RawMail
from app.inbound.queries import find_twin
from app.inbound.threads import Thread, find_thread, is_own_mail
from tenants.blobs import put_blob
from tenants.db import db, is_unique_violation
from tenants.ledger import record

# Nobody can be answered there (RFC 2606), and nobody else can have it.
UNKNOWN_SENDER = Mailbox("unknown-sender@mail.invalid", "Unknown sender")


def settle(mail: RawMail, read: Incoming | Refused, *, now: datetime) -> None:
    """File the mail, or find that it was filed before, or put it into quarantine.

    The mail is locked and `stored` or `quarantined` (a lead releases it). The effect and the state
    are one transaction; the unique key over inbox and content makes a second copy a duplicate.
    """
    if isinstance(read, Refused):
        quarantine(mail, read, now=now)
        return
    mail.subject, mail.sender = read.subject[:500], _sender_of(mail, read).address
    if not _is_first(mail, read):
        _mark_duplicate(mail, _dedupe_key(read), now)
        return
    refused = _file_report(mail, read.bounce, now) if read.bounce else _file_message(mail, read)
    if refused is not None:
        mail.dedupe_key = None
        quarantine(mail, refused, now=now)
        return
    mail.state, mail.reason, mail.settled_at = "filed", None, now


def quarantine(mail: RawMail, refused: Refused, *, now: datetime) -> None:
    """Keep the mail where a lead sees it, with the reason; nothing is lost."""
    mail.state, mail.reason, mail.settled_at = "quarantined", refused.reason, now
    record("mail.quarantined", mail, at=now, data={"reason": refused.reason})


def _is_first(mail: RawMail, read: Incoming) -> bool:
    """Take the key of this content in this inbox; the unique index decides between two at once."""
    try:
        with db.session.begin_nested():
            mail.dedupe_key = _dedupe_key(read)
            db.session.flush()
    except sa.exc.IntegrityError as error:
        if not is_unique_violation(error):
            raise
        db.session.refresh(mail)
        return False
    return True


def _dedupe_key(read: Incoming) -> str:
    """Same Message-ID and same body: one mail. Carriers reuse ids, so an id is not enough."""
    return hashlib.sha256(f"{read.message_id_hash}:{read.body_fingerprint}".encode()).hexdigest()


def _mark_duplicate(mail: RawMail, dedupe_key: str, now: datetime) -> None:
    twin = find_twin(mail, dedupe_key)
    mail.state, mail.settled_at = "duplicate", now
    if twin is not None:
        mail.duplicate_of_id = twin.id
        mail.conversation_id, mail.message_id = twin.conversation_id, twin.message_id


def _file_message(mail: RawMail, read: Incoming) -> Refused | None:
    sender = _sender_of(mail, read)
    if is_own_mail(mail, read) or _is_own_address(mail, sender.address):
        return Refused("loop", "the mail came from this brand itself")
    thread = find_thread(mail, read, sender=sender.address)
    if isinstance(thread, Refused):
        return thread
    conversation, author, stranger = _place(mail, read, sender, thread)
    message = receive_message(
        conversation,
        body=_body(mail, read),
        author=author,
        stranger=stranger,
        now=mail.arrived_at,
        external_id=_dedupe_key(read),
        is_automatic=read.is_automatic,
        threaded_by=thread.rule if thread else None,
    )
    mail.conversation_id, mail.message_id = message.conversation_id, message.id
    return None


def _place(
    mail: RawMail, read: Incoming, sender: Mailbox, thread: Thread | None
) -> tuple[Conversation, Contact, Stranger | None]:
    """The conversation, its contact, and the stranger who wrote if it was not the contact."""
    before = thread.conversation if thread else None
    if before is not None and (read.is_automatic or is_reopenable(before, now=mail.arrived_at)):
        contact = get_contact(before.contact_id)
        is_contact = contact.email == canonical_email(sender.address)
        return before, contact, None if is_contact else Stranger(sender.address, sender.name)
    contact = find_or_create_contact(
        workspace_id=mail.workspace_id, email=sender.address, name=sender.name, now=mail.arrived_at
    )
    conversation = open_conversation(
        contact=contact,
        inbox=get_inbox(mail.inbox_id),
        subject=read.subject,
        now=mail.arrived_at,
        is_automatic=read.is_automatic,
        related_to=before,
    )
    return conversation, contact, None


def _sender_of(mail: RawMail, read: Incoming) -> Mailbox:
    """Who wrote. A form on the brand's own site sends from its address: then Reply-To is who."""
    sender = read.sender or UNKNOWN_SENDER
    if read.reply_to and _is_own_address(mail, sender.address):
        return read.reply_to[0]
    return sender


def _is_own_address(mail: RawMail, address: str) -> bool:
    own = {inbox.address for inbox in list_inboxes(mail.workspace_id)}
    return canonical_email(address) in own


def _body(mail: RawMail, read: Incoming) -> ReceivedBody:
    return ReceivedBody(
        text=read.text,
        visible_text=read.visible_text,
        html=read.html,
        subject=read.subject,
        mail_id=read.message_id,
        mail_id_hash=hash_of(read.message_id) if read.message_id else None,
        raw_digest=mail.digest,
        files=tuple(
            ReceivedFile(
                filename=file.filename,
                content_type=file.content_type,
                size_bytes=file.size,
                digest=put_blob(file.data),
                content_id=file.content_id,
                is_inline=file.inline,
                is_blocked=file.blocked,
            )
            for file in read.attachments
        ),
    )


def _file_report(mail: RawMail, bounce: Bounce, now: datetime) -> Refused | None:
    """A delivery report goes to the delivery it is about, and is never a message of anybody."""
    delivery = _reported_delivery(mail, bounce)
    if delivery is None:
        return Refused("backscatter")
    words = " ".join(filter(None, (bounce.status, bounce.diagnostic))) or bounce.action
    if bounce.action in {"failed", "delayed", "unclear"}:
        is_final = bounce.action == "failed"
        record_bounce(delivery, diagnostic=words[:500], now=now, is_final=is_final)
    mail.message_id = delivery.message_id
    mail.conversation_id = db.session.scalar(
        sa.select(Message.conversation_id).where(
            Message.workspace_id == mail.workspace_id, Message.id == delivery.message_id
        )
    )
    return None


def _reported_delivery(mail: RawMail, bounce: Bounce) -> Delivery | None:
    secret = mail_settings().token_secret
    token = read_return_path(secret, mail.envelope_to, workspace_id=mail.workspace_id)
    if isinstance(token, ReturnToken):
        return _delivery(mail, Delivery.id == token.delivery_id)
    for name in bounce.original_message_ids:
        message_id = read_message_id(secret, name)
        found = _delivery(mail, Delivery.message_id == message_id) if message_id else None
        if found is not None:
            return found
    return None


def _delivery(mail: RawMail, which: sa.ColumnElement[bool]) -> Delivery | None:
    return db.session.scalar(
        sa.select(Delivery).where(Delivery.workspace_id == mail.workspace_id, which).limit(1)
    )
