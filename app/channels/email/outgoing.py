"""Where mail leaves the installation: the server, the domain of reply addresses, and whose ids."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from app.channels.email import tokens
from app.channels.email.compose import Outgoing, compose
from app.channels.email.smtp import Receipt, Timeouts, hand_over


@dataclass(frozen=True, slots=True)
class MailSettings:
    """What this installation sends with; `token_secret` makes ids that only we can write."""

    smtp_url: str
    mail_domain: str
    token_secret: bytes


_settings: MailSettings | None = None

# A hand-over fits into a job's lease: past it, another worker has to call the delivery uncertain.
_TIMEOUTS = Timeouts(connect=10, command=20, verdict=75)


def connect(*, smtp_url: str, mail_domain: str, token_secret: bytes) -> None:
    """Send through this server from now on."""
    global _settings  # noqa: PLW0603 - one way out per process, chosen once at start
    _settings = MailSettings(smtp_url, mail_domain, token_secret)


def mail_settings() -> MailSettings:
    """What `connect` was given, for reading tokens back."""
    if _settings is None:
        message = "outgoing mail is not connected"
        raise RuntimeError(message)
    return _settings


def make_mail_id(message_id: UUID, *, inbox_address: str) -> str:
    """The Message-ID of a reply, at the domain the brand sends from; the same each time."""
    domain = inbox_address.rpartition("@")[2]
    return tokens.make_message_id(
        mail_settings().token_secret, message_id=message_id, domain=domain
    )


def hash_of(mail_id: str) -> str:
    """The fixed-length key by which a Message-ID is found again."""
    return hashlib.sha256(mail_id.encode()).hexdigest()


def make_reply_address(*, workspace_id: UUID, conversation_id: UUID, contact_id: UUID) -> str:
    """The signed address to which this contact answers."""
    settings = mail_settings()
    return tokens.make_reply_address(
        settings.token_secret,
        workspace_id=workspace_id,
        conversation_id=conversation_id,
        contact_id=contact_id,
        domain=settings.mail_domain,
    )


def send(mail: Outgoing, *, workspace_id: UUID, delivery_id: UUID) -> Receipt:
    """Hand one mail over; its return path names the delivery, so that a bounce finds it.

    Raises: ValueError when an address of it cannot be written in a mail.
    """
    settings = mail_settings()
    return_path = tokens.make_return_path(
        settings.token_secret,
        workspace_id=workspace_id,
        delivery_id=delivery_id,
        domain=settings.mail_domain,
    )
    return hand_over(
        compose(mail),
        envelope_from=return_path,
        recipient=mail.recipient.address,
        smtp_url=settings.smtp_url,
        timeouts=_TIMEOUTS,
    )
