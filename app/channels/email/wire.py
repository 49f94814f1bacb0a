"""What crosses the pipe between `parse` and its child: JSON, then bytes; never pickle."""

import json
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from app.channels.email.incoming import Attachment, Bounce, Incoming, Mailbox, Refused
from app.channels.email.limits import Limits


def pack_request(raw: bytes, limits: Limits, *, tolerant: bool) -> bytes:
    """One mail to read, framed."""
    head = json.dumps({"tolerant": tolerant, "limits": asdict(limits)}).encode()
    return frame(head, raw)


def unpack_request(head: bytes) -> tuple[Limits, bool]:
    """The limits and whether to read tolerantly."""
    request = json.loads(head)
    return Limits(**request["limits"]), bool(request["tolerant"])


def pack_result(result: Incoming | Refused) -> bytes:
    """A result, framed; attachment bytes follow the JSON in order."""
    if isinstance(result, Refused):
        return frame(json.dumps({"reason": result.reason, "detail": result.detail}).encode(), b"")
    plain = {each.name: getattr(result, each.name) for each in fields(Incoming)}
    plain["attachments"] = [_without_data(each) for each in result.attachments]
    plain["bounce"] = asdict(result.bounce) if result.bounce else None
    plain["sent_at"] = result.sent_at.isoformat() if result.sent_at else None
    for name in ("senders", "reply_to", "to", "cc"):
        plain[name] = [[each.address, each.name] for each in plain[name]]
    return frame(json.dumps(plain).encode(), b"".join(each.data for each in result.attachments))


def unpack_result(head: bytes, tail: bytes) -> Incoming | Refused:
    """The result as the child made it."""
    plain: dict[str, Any] = json.loads(head)
    if "reason" in plain:
        return Refused(plain["reason"], plain["detail"])
    attachments, at = [], 0
    for each in plain["attachments"]:
        size = each.pop("size")
        attachments.append(Attachment(**each, data=tail[at : at + size]))
        at += size
    for name in ("senders", "reply_to", "to", "cc"):
        plain[name] = tuple(Mailbox(address, shown) for address, shown in plain[name])
    for name in ("in_reply_to", "references", "delivered_to", "notes"):
        plain[name] = tuple(plain[name])
    return Incoming(
        **plain
        | {
            "attachments": tuple(attachments),
            "bounce": _bounce(plain["bounce"]),
            "sent_at": datetime.fromisoformat(plain["sent_at"]) if plain["sent_at"] else None,
        }
    )


def frame(head: bytes, tail: bytes) -> bytes:
    """Two byte strings behind their lengths: 8 + 8 bytes, big endian."""
    return len(head).to_bytes(8) + len(tail).to_bytes(8) + head + tail


def _without_data(attachment: Attachment) -> dict[str, Any]:
    kept = {
        each.name: getattr(attachment, each.name)
        for each in fields(Attachment)
        if each.name != "data"
    }
    return kept | {"size": attachment.size}


def _bounce(plain: dict[str, Any] | None) -> Bounce | None:
    if plain is None:
        return None
    return Bounce(
        **plain
        | {
            "recipients": tuple(plain["recipients"]),
            "original_message_ids": tuple(plain["original_message_ids"]),
        }
    )
