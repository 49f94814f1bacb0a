"""Addresses and ids only we can write: reply addresses, return paths, Message-IDs with an HMAC.

A token is base32 in lower case, so that a server that changes case does no harm. Its payload is
masked by a key stream drawn from its own HMAC: it looks random, tells nobody an id or an order,
and is the same each time it is made.
"""

import base64
import hmac
import re
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

_MAC_BYTES: Final = 10
_TAG_BYTES: Final = 4
_REPLY_PREFIX: Final = "reply+"
_BOUNCE_PREFIX: Final = "bounce+"
_TOKEN: Final = re.compile(r"[a-z2-7]{1,58}")
_MESSAGE_ID: Final = re.compile(r"<([a-z2-7]{42})@([^<>@\s]+)>")


@dataclass(frozen=True, slots=True)
class ReplyToken:
    """What a genuine reply address says; `is_of_workspace` and `is_for_contact` read the tags."""

    conversation_id: UUID
    workspace_tag: bytes
    contact_tag: bytes


@dataclass(frozen=True, slots=True)
class ReturnToken:
    """Which delivery a bounce is about, and the tag of its workspace."""

    delivery_id: UUID
    workspace_tag: bytes


@dataclass(frozen=True, slots=True)
class BadToken:
    """An address in the form of ours that we did not write: quarantined as `bad_token`."""

    cause: Literal["altered", "of another workspace"]


def make_reply_address(
    secret: bytes, *, workspace_id: UUID, conversation_id: UUID, contact_id: UUID, domain: str
) -> str:
    """Where this contact's answers go: `reply+token@domain`, 61 characters before the `@`."""
    payload = (
        conversation_id.bytes
        + _workspace_tag(secret, workspace_id)
        + _contact_tag(secret, contact_id)
    )
    return f"{_REPLY_PREFIX}{_seal(secret, b'reply', payload)}@{domain.lower()}"


def read_reply_address(
    secret: bytes, address: str, *, workspace_id: UUID | None = None
) -> ReplyToken | BadToken | None:
    """The conversation a reply address names; None when it is no reply address at all.

    With `workspace_id`, a genuine token of another workspace is a `BadToken` as well.
    """
    token = _token_of(address, _REPLY_PREFIX)
    if token is None:
        return None
    payload = _unseal(secret, b"reply", token, 16 + 2 * _TAG_BYTES)
    if payload is None:
        return BadToken("altered")
    read = ReplyToken(
        UUID(bytes=payload[:16]), payload[16 : 16 + _TAG_BYTES], payload[16 + _TAG_BYTES :]
    )
    if workspace_id is not None and not is_of_workspace(secret, read, workspace_id):
        return BadToken("of another workspace")
    return read


def make_return_path(secret: bytes, *, workspace_id: UUID, delivery_id: UUID, domain: str) -> str:
    """The envelope sender of one delivery (VERP): a bounce to it names the delivery."""
    payload = delivery_id.bytes + _workspace_tag(secret, workspace_id)
    return f"{_BOUNCE_PREFIX}{_seal(secret, b'return', payload)}@{domain.lower()}"


def read_return_path(
    secret: bytes, address: str, *, workspace_id: UUID | None = None
) -> ReturnToken | BadToken | None:
    """The delivery a bounce address names; None when it is no bounce address at all."""
    token = _token_of(address, _BOUNCE_PREFIX)
    if token is None:
        return None
    payload = _unseal(secret, b"return", token, 16 + _TAG_BYTES)
    if payload is None:
        return BadToken("altered")
    read = ReturnToken(UUID(bytes=payload[:16]), payload[16:])
    if workspace_id is not None and not is_of_workspace(secret, read, workspace_id):
        return BadToken("of another workspace")
    return read


def make_message_id(secret: bytes, *, message_id: UUID, domain: str) -> str:
    """The Message-ID of one of our messages at the brand's domain, the same each time."""
    domain = domain.lower()
    return f"<{_seal(secret, b'message ' + domain.encode(), message_id.bytes)}@{domain}>"


def read_message_id(secret: bytes, message_id: str) -> UUID | None:
    """Which of our messages a Message-ID names; None for everybody else's and for forged ones."""
    match = _MESSAGE_ID.fullmatch(message_id.strip().lower())
    if match is None:
        return None
    payload = _unseal(secret, b"message " + match[2].encode(), match[1], 16)
    return None if payload is None else UUID(bytes=payload)


def is_of_workspace(secret: bytes, token: ReplyToken | ReturnToken, workspace_id: UUID) -> bool:
    """Whether the token was made for this workspace."""
    return hmac.compare_digest(token.workspace_tag, _workspace_tag(secret, workspace_id))


def is_for_contact(secret: bytes, token: ReplyToken, contact_id: UUID) -> bool:
    """Whether the token was made for this contact: addresses get forwarded."""
    return hmac.compare_digest(token.contact_tag, _contact_tag(secret, contact_id))


def _workspace_tag(secret: bytes, workspace_id: UUID) -> bytes:
    return _mac(secret, b"workspace tag", workspace_id.bytes)[:_TAG_BYTES]


def _contact_tag(secret: bytes, contact_id: UUID) -> bytes:
    return _mac(secret, b"contact tag", contact_id.bytes)[:_TAG_BYTES]


def _token_of(address: str, prefix: str) -> str | None:
    local, _, domain = address.strip().strip("<>").lower().rpartition("@")
    return local.removeprefix(prefix) if domain and local.startswith(prefix) else None


def _seal(secret: bytes, purpose: bytes, payload: bytes) -> str:
    mac = _mac(secret, purpose, payload)[:_MAC_BYTES]
    masked = _masked(secret, purpose, mac, payload)
    return base64.b32encode(mac + masked).decode("ascii").rstrip("=").lower()


def _unseal(secret: bytes, purpose: bytes, token: str, size: int) -> bytes | None:
    if not _TOKEN.fullmatch(token) or len(token) != -(-(size + _MAC_BYTES) * 8 // 5):
        return None
    sealed = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    mac, masked = sealed[:_MAC_BYTES], sealed[_MAC_BYTES:]
    payload = _masked(secret, purpose, mac, masked)
    # Compared as text: the last character of base32 has spare bits, and only one spelling is ours.
    return payload if hmac.compare_digest(_seal(secret, purpose, payload), token) else None


def _masked(secret: bytes, purpose: bytes, mac: bytes, data: bytes) -> bytes:
    """`data`, at most one digest long, combined with a key stream (SIV style); its own inverse."""
    stream = _mac(secret, b"mask " + purpose, mac)
    return bytes(one ^ other for one, other in zip(data, stream, strict=False))


def _mac(secret: bytes, purpose: bytes, data: bytes) -> bytes:
    """HMAC-SHA256 under a key of this purpose, so that no token can stand in for another kind."""
    return hmac.digest(hmac.digest(secret, purpose, "sha256"), data, "sha256")
