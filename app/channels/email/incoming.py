"""What reading a mail yields: an `Incoming` to file, or a `Refused` to quarantine."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

REASONS: Final[Mapping[str, str]] = {
    "blank": "The mail is empty: it has no subject, no text and no attachment.",
    "unprocessable": "The mail is damaged so badly that it could not be read.",
    "too_deep": "The mail nests its parts too deeply to be read safely.",
    "too_many_parts": "The mail has more parts than can be read safely.",
    "header_limit": "The header of the mail is too long or has too many lines.",
    "too_large": "The mail is larger than this inbox accepts.",
    "loop": "The mail has travelled in a circle.",
    "backscatter": "The mail reports a failed delivery of something we did not send.",
    "bad_token": "The reply address of the mail was altered, or belongs to another brand.",
    "unknown_recipient": "No inbox has the address this mail was delivered to.",
    "flood": "This sender or brand received too many mails in a short time.",
    "spam": "The spam filter marked the mail.",
    "blocked_attachment": "The kind of this file is blocked; the mail itself was filed.",
    "archived_workspace": "The brand this mail was sent to is archived.",
}


@dataclass(frozen=True, slots=True)
class Refused:
    """A mail kept raw and shown in quarantine; `detail` is for the operator."""

    reason: str
    detail: str = ""

    @property
    def sentence(self) -> str:
        """The reason as one sentence for the person who looks into the quarantine."""
        return REASONS[self.reason]


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address: its local part keeps its case, its domain is lower case."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of a mail, decoded; `inline` means the HTML shows it by its Content-ID."""

    filename: str
    content_type: str
    data: bytes
    digest: str
    content_id: str | None = None
    inline: bool = False
    blocked: bool = False

    @property
    def size(self) -> int:
        """Bytes after decoding."""
        return len(self.data)


Action = Literal["failed", "delayed", "delivered", "complaint", "unclear"]


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report about a mail sent earlier; the VERP address is among `delivered_to`."""

    action: Action
    recipients: tuple[str, ...] = ()
    original_message_ids: tuple[str, ...] = ()
    status: str = ""
    diagnostic: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A mail as the desk files it: all text is valid, normalised and free of control characters.

    Order and SLA use arrival time: `sent_at` is the sender's claim, for display only.
    """

    message_id: str | None
    message_id_hash: str
    synthetic_id: str | None
    subject: str
    senders: tuple[Mailbox, ...]
    reply_to: tuple[Mailbox, ...]
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    sent_at: datetime | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    text: str
    html: str | None
    visible_text: str
    attachments: tuple[Attachment, ...]
    automatic: str | None
    bounce: Bounce | None
    delivered_to: tuple[str, ...]
    return_path: str | None
    list_id: str | None
    body_fingerprint: str
    remote_images: int = 0
    notes: tuple[str, ...] = ()

    @property
    def sender(self) -> Mailbox | None:
        """The first usable From address, or None: then nobody gets an automatic reply."""
        return self.senders[0] if self.senders else None

    @property
    def is_automatic(self) -> bool:
        """Written by a machine: stored and shown, but starts and stops nothing."""
        return self.automatic is not None
