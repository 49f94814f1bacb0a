"""Reports about mails we sent: delivery reports (RFC 3464), complaints, and other habits."""

import logging
import re
from email import message_from_bytes
from email.policy import compat32
from typing import Final

from flufl.bounce import all_failures

from app.channels.email.addresses import read_address
from app.channels.email.characters import clean_line, decode
from app.channels.email.headers import decode_words, message_ids
from app.channels.email.incoming import Action, Bounce
from app.channels.email.mime import Node

# It reports what it cannot read before raising; the raised error is all we need.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)

_STATUS_FIELD: Final = re.compile(
    r"^([A-Za-z-]{1,60})[ \t]*:[ \t]*(.*(?:\r?\n[ \t].*)*)", re.MULTILINE
)
_SUSPICIOUS: Final = re.compile(
    r"undeliver|delivery (?:status|fail|has failed|problem|notification)|returned mail"
    r"|failure notice|mail delivery"
    r"|message delay|nicht zustellbar|unzustellbar|non remis|non distribu|no entregado"
    r"|non consegnato|niet bezorgd",
    re.IGNORECASE,
)
_DAEMON: Final = re.compile(r"mailer-?daemon|postmaster|mail-?delivery", re.IGNORECASE)
_ACTIONS: Final[dict[str, Action]] = {
    "failed": "failed",
    "fail": "failed",
    "error": "failed",
    "delayed": "delayed",
    "delivered": "delivered",
    "relayed": "delivered",
    "expanded": "delivered",
}
# The worst outcome of a report with several recipients decides.
_RANK: Final[tuple[Action, ...]] = ("failed", "delayed", "delivered", "unclear")


def read_bounce(
    raw: bytes, tree: Node, *, sender: str | None, subject: str, return_path: str | None
) -> Bounce | None:
    """What this mail reports about earlier ones, or None when it is no report."""
    status_parts = [
        leaf for leaf in tree.leaves() if leaf.content_type == "message/delivery-status"
    ]
    if status_parts:
        return _read_report(status_parts, tree)
    if any(leaf.content_type == "message/feedback-report" for leaf in tree.leaves()):
        return Bounce("complaint", _complained(tree), _original_ids(tree))
    looks_like_one = (
        return_path == ""
        or _DAEMON.search((sender or "").partition("@")[0])
        or "x-failed-recipients" in tree.headers
    )
    if looks_like_one or (sender is None and _SUSPICIOUS.search(subject)):
        return _read_habits(raw, tree, sender, subject)
    return None


def _read_report(parts: list[Node], tree: Node) -> Bounce:
    fields = [
        (match[1].lower(), clean_line(decode_words(match[2])))
        for part in parts
        for match in _STATUS_FIELD.finditer(decode(part.data)[:200_000])
    ]
    seen = {
        _ACTIONS.get(value.split()[0].strip(";,").lower(), "unclear")
        for name, value in fields
        if name == "action" and value
    }
    action: Action = next((action for action in _RANK if action in seen), "unclear")
    recipients = [
        address
        for name, value in fields
        if name in {"final-recipient", "original-recipient"}
        and (address := read_address(value.rpartition(";")[2])) is not None
    ]
    return Bounce(
        action,
        tuple(dict.fromkeys(recipients))[:50],
        _original_ids(tree),
        _first(fields, "status")[:20],
        _first(fields, "diagnostic-code")[:500],
    )


def _read_habits(raw: bytes, tree: Node, sender: str | None, subject: str) -> Bounce | None:
    """Reports in no standard form, by the rules other mail systems collected."""
    message = message_from_bytes(raw, policy=compat32)
    # Its detectors stumble over a missing or broken sender.
    del message["from"]
    message["From"] = sender or "unknown@sender.invalid"
    try:
        delayed, failed = all_failures(message)
    except (ValueError, LookupError, TypeError, AttributeError):
        # Its detectors expect well-formed parts; sender and subject still show a report.
        delayed, failed = frozenset(), frozenset()
    found = failed or delayed
    if not found and not _SUSPICIOUS.search(subject):
        return None
    action: Action = "failed" if failed else "delayed" if delayed else "unclear"
    addresses = sorted(found)
    recipients = tuple(
        address
        for each in addresses
        if (address := read_address(each.decode("ascii", "replace"))) is not None
    )
    return Bounce(action, recipients[:50], _original_ids(tree))


def _original_ids(tree: Node) -> tuple[str, ...]:
    """Message-IDs of the mails the report carries, whole or by their headers."""
    for leaf in tree.leaves():
        if leaf.content_type in {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"}:
            head = decode(leaf.data[:65_536])
            for match in _STATUS_FIELD.finditer(head):
                if match[1].lower() == "message-id":
                    return message_ids(match[2], 5)
    return ()


def _complained(tree: Node) -> tuple[str, ...]:
    for leaf in tree.leaves():
        if leaf.content_type == "message/feedback-report":
            fields = _STATUS_FIELD.findall(decode(leaf.data)[:65_536])
            found = [
                read_address(value) for name, value in fields if name.lower() == "original-rcpt-to"
            ]
            return tuple(address for address in found if address)
    return ()


def _first(fields: list[tuple[str, str]], wanted: str) -> str:
    return next((value for name, value in fields if name == wanted), "")
