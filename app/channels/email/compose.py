"""Mail out: the bytes of one message, with the headers that let the answer find its way back."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.charset import QP, Charset
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Final, Self

from app.channels.email.addresses import read_address
from app.channels.email.characters import clean_line, clean_text
from app.channels.email.incoming import Mailbox

_REFERENCES: Final = 20
_REPLY_MARK: Final = re.compile(
    r"\s*(?:(?:re|aw|sv|vs|antw|rif|odp|res)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE
)
_MESSAGE_ID: Final = re.compile(r"<[^<>\s\x00-\x1f\x7f-\U0010ffff]{1,900}>")
_CONTENT_TYPE: Final = re.compile(r"([a-z0-9!#$&^_.+-]{1,60})/([a-z0-9!#$&^_.+-]{1,80})")
_UTF8: Final = Charset("utf-8")
_UTF8.header_encoding = QP
# Lines of at most 76 characters inside, and nothing but ASCII on the way.
_POLICY: Final = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True, slots=True)
class File:
    """One file to send along."""

    filename: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One mail to one recipient; its Message-ID was fixed before the first attempt and stays."""

    sender: Mailbox
    recipient: Mailbox
    reply_to: str
    message_id: str
    subject: str
    date: datetime
    text: str
    html: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    files: tuple[File, ...] = field(default=())
    automatic: bool = False


class _Written(str):  # noqa: SLOT000 - the email package sets attributes of its own
    """A header value in its final, folded form; EmailPolicy writes it as it is."""

    name: str
    lines: tuple[str, ...]

    def __new__(cls, name: str, lines: Sequence[str]) -> Self:
        """Raises: ValueError when a line could end the header early."""
        if not all(line.isascii() and line.isprintable() for line in lines):
            raise ValueError(f"{name}: not a header line")
        written = super().__new__(cls, " ".join(lines))
        written.name, written.lines = name, tuple(lines)
        return written

    def fold(self, *, policy: EmailPolicy) -> str:
        """The header with one piece on each line."""
        return f"{self.name}: " + f"{policy.linesep} ".join(self.lines) + policy.linesep


def compose(outgoing: Outgoing) -> bytes:
    """The mail as handed to SMTP: ASCII, CRLF, the same bytes each time.

    Raises: ValueError when an address or the Message-ID is not one; other text is made harmless.
    """
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _mailboxes("From", [outgoing.sender])
    mail["To"] = _mailboxes("To", [outgoing.recipient])
    if outgoing.cc:
        mail["Cc"] = _mailboxes("Cc", outgoing.cc)
    mail["Reply-To"] = _mailboxes("Reply-To", [Mailbox(outgoing.reply_to, outgoing.sender.name)])
    mail["Subject"] = _Written("Subject", _encoded(clean_line(outgoing.subject)[:500], "Subject"))
    mail["Date"] = _Written("Date", [format_datetime(outgoing.date)])
    mail["Message-ID"] = _Written("Message-ID", [_own_id(outgoing.message_id)])
    if outgoing.in_reply_to and _MESSAGE_ID.fullmatch(outgoing.in_reply_to):
        mail["In-Reply-To"] = _Written("In-Reply-To", [outgoing.in_reply_to])
    if chain := _chain(outgoing):
        mail["References"] = _Written("References", chain)
    if outgoing.automatic:
        mail["Auto-Submitted"] = "auto-replied" if outgoing.in_reply_to else "auto-generated"
    _add_content(mail, outgoing)
    _name_boundaries(mail, outgoing.message_id)
    return mail.as_bytes()


def reply_subject(subject: str) -> str:
    """`Re: …` exactly once, whatever marks the subject carried; one clean line."""
    bare = _REPLY_MARK.sub("", clean_line(subject), count=1)
    return f"Re: {bare}" if bare else "Re:"


def _add_content(mail: EmailMessage, outgoing: Outgoing) -> None:
    mail.set_content(clean_text(outgoing.text).rstrip("\n") + "\n", charset="utf-8")
    if outgoing.html is not None:
        mail.add_alternative(clean_text(outgoing.html), subtype="html", charset="utf-8")
    for file in outgoing.files:
        kind = _CONTENT_TYPE.fullmatch(file.content_type.lower())
        # The library attaches no bytes as message or multipart; such files travel as bytes.
        maintype, subtype = kind.groups() if kind else ("application", "octet-stream")
        if maintype in {"message", "multipart"}:
            maintype, subtype = "application", "octet-stream"
        mail.add_attachment(
            file.data, maintype=maintype, subtype=subtype, filename=_file_name(file.filename)
        )


def _chain(outgoing: Outgoing) -> list[str]:
    """The newest References, the answered mail last."""
    named = [*outgoing.references, *([outgoing.in_reply_to] if outgoing.in_reply_to else [])]
    valid = [one for one in named if _MESSAGE_ID.fullmatch(one)]
    return list(dict.fromkeys(reversed(valid)))[:_REFERENCES][::-1]


def _mailboxes(header: str, mailboxes: Sequence[Mailbox]) -> _Written:
    lines: list[str] = []
    for mailbox in mailboxes:
        address = read_address(mailbox.address)
        if address is None or not address.isascii():
            raise ValueError(f"{header}: {mailbox.address!r} is not an address")
        name = clean_line(mailbox.name)[:100]
        lines += [*_phrase(name, header), f"<{address}>"] if name else [address]
        if mailbox is not mailboxes[-1]:
            lines[-1] += ","
    return _Written(header, lines)


def _phrase(name: str, header: str) -> list[str]:
    """A display name: quoted, or as encoded words (its commas too) when it is not ASCII."""
    if name.isascii() and "=?" not in name:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return [f'"{quoted}"']
    return _encoded(name, header)


def _encoded(text: str, header: str) -> list[str]:
    """Header text on short lines, as encoded words unless it is ASCII that looks like none."""
    if text.isascii() and "=?" not in text:
        return _wrapped(text, len(header) + 2)
    folded = Header(text, _UTF8, header_name=header, maxlinelen=76).encode(linesep="\n")
    return [line.strip() for line in folded.split("\n")]


def _wrapped(text: str, used: int) -> list[str]:
    lines, line = [], ""
    for word in text.split(" "):
        if line and used + len(line) + 1 + len(word) > 76:
            lines.append(line)
            line, used = word, 1
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]


def _own_id(message_id: str) -> str:
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError("not a Message-ID")
    return message_id


def _file_name(filename: str) -> str:
    return (
        clean_line(filename).replace("/", "_").replace("\\", "_").replace('"', "'")[:150] or "file"
    )


def _name_boundaries(mail: EmailMessage, message_id: str) -> None:
    """Boundaries that name no software and are the same on every resend."""
    parts = [part for part in mail.walk() if part.is_multipart()]
    for number, part in enumerate(parts):
        part.set_boundary(hashlib.sha256(f"{number} {message_id}".encode()).hexdigest()[:40])
