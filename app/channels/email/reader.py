"""Raw bytes to `Incoming`: the reader proper, run inside the bounded child process of `parse`."""

import hashlib
from functools import partial
from typing import Final

from app.channels.email import mime
from app.channels.email.addresses import read_address, read_addresses
from app.channels.email.automatic import why_automatic
from app.channels.email.bodies import Body, read_body
from app.channels.email.bounces import read_bounce
from app.channels.email.headers import Headers, message_ids, sent_at
from app.channels.email.incoming import Incoming, Mailbox, Refused
from app.channels.email.limits import DEFAULT_LIMITS, Limits, check_bytes
from app.channels.email.quotes import visible_reply

_ENVELOPE: Final = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "x-rcpt-to",
)


def read(
    raw: bytes, *, limits: Limits = DEFAULT_LIMITS, tolerant: bool = False
) -> Incoming | Refused:
    """Read one mail in this process.

    `tolerant` leaves out every step that a hostile mail can make fail or linger.
    """
    refused = check_bytes(raw, limits)
    if refused is not None:
        return refused
    try:
        tree = mime.read_flat(raw) if tolerant else mime.read_tree(raw)
    except RecursionError:
        return Refused("too_deep", "the parts nest deeper than the reader can follow")
    body = read_body(tree, limits, plain_only=tolerant)
    subject = tree.headers.line("subject")[:2_000]
    if not subject and not body.text.strip() and not body.attachments:
        return Refused("blank", "no subject, no text, no attachment")
    return _incoming(raw, tree, body, subject, limits, tolerant=tolerant)


def _incoming(
    raw: bytes, tree: mime.Node, body: Body, subject: str, limits: Limits, *, tolerant: bool
) -> Incoming:
    headers = tree.headers
    mailboxes = partial(_mailboxes, headers, limit=limits.addresses)
    senders = mailboxes("from") or mailboxes("sender")
    sender = senders[0].address if senders else None
    return_path = _return_path(headers)
    message_id = next(iter(message_ids(headers.raw("message-id")[:2_000], 1)), None)
    return Incoming(
        message_id=message_id,
        message_id_hash=message_id_hash(message_id, raw),
        synthetic_id=None if message_id else synthetic_id(raw),
        subject=subject,
        senders=senders,
        reply_to=mailboxes("reply-to"),
        to=mailboxes("to"),
        cc=mailboxes("cc"),
        sent_at=sent_at(headers.raw("date")),
        in_reply_to=message_ids(headers.raw("in-reply-to"), limits.references),
        references=message_ids(headers.raw("references"), limits.references),
        text=body.text,
        html=body.html,
        visible_text=body.text if tolerant else visible_reply(body.text),
        attachments=body.attachments,
        automatic=why_automatic(headers, sender=sender, subject=subject, return_path=return_path),
        bounce=None
        if tolerant
        else read_bounce(raw, tree, sender=sender, subject=subject, return_path=return_path),
        delivered_to=_delivered_to(headers),
        return_path=return_path,
        list_id=headers.line("list-id")[:300] or None,
        body_fingerprint=_fingerprint(subject, body),
        remote_images=body.remote_images,
        notes=(*body.notes, "read by the tolerant reader") if tolerant else body.notes,
    )


def synthetic_id(raw: bytes) -> str:
    """A Message-ID for a mail that came without one: the same bytes always get the same."""
    return f"<{hashlib.sha256(raw).hexdigest()}@no-message-id.invalid>"


def message_id_hash(message_id: str | None, raw: bytes) -> str:
    """The fixed-length key of a mail's identity, whatever the length of its Message-ID."""
    return hashlib.sha256((message_id or synthetic_id(raw)).encode()).hexdigest()


def _fingerprint(subject: str, body: Body) -> str:
    """What tells two mails with one Message-ID apart: their words and files."""
    digest = hashlib.sha256(" ".join(body.text.split()).encode())
    digest.update(subject.encode())
    for attachment in sorted(body.attachments, key=lambda each: each.digest):
        digest.update(attachment.digest.encode())
    return digest.hexdigest()


def _mailboxes(headers: Headers, name: str, *, limit: int) -> tuple[Mailbox, ...]:
    return read_addresses(", ".join(headers.raw_all(name)), limit)


def _delivered_to(headers: Headers) -> tuple[str, ...]:
    """The addresses the envelope named, as relays wrote them down, newest first."""
    values = (value for name in _ENVELOPE for value in headers.raw_all(name)[:20])
    return tuple(
        dict.fromkeys(address for value in values if (address := read_address(value)) is not None)
    )


def _return_path(headers: Headers) -> str | None:
    """The envelope sender: empty for the null path `<>`, None when nobody wrote it down."""
    if "return-path" not in headers:
        return None
    value = headers.raw("return-path")
    return "" if value.replace(" ", "") == "<>" else read_address(value)
