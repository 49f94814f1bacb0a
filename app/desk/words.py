"""What happened, told in a line between two messages."""

from collections.abc import Callable, Mapping
from typing import Any

from tenants.ledger import Event

Words = Callable[[str, Mapping[str, Any]], str]

CLOCKS = {
    "first_response": "First response",
    "resolution": "Resolution",
    "pod_accept": "Pod accepts",
}

_TOLD: dict[str, tuple[str, Words]] = {
    "conversation.claimed": ("hand", lambda who, _: f"{who} claimed this"),
    "conversation.released": ("undo-2", lambda who, _: f"{who} put it back into the pool"),
    "conversation.pending": ("hourglass", lambda who, _: f"{who} waits for the shopper"),
    "conversation.resumed": ("play", lambda who, _: f"{who} took it up again"),
    "conversation.closed": ("check", lambda who, _: f"{who} closed this"),
    "conversation.reopened": ("rotate-ccw", lambda who, _: f"{who} reopened this"),
    "escalation.created": (
        "arrow-up",
        lambda who, data: f"{who} escalated to {data.get('pod', 'the pod')}: {data.get('reason')}",
    ),
    "escalation.accepted": ("user-check", lambda who, _: f"{who} accepted for the pod"),
    "escalation.handed_back": ("corner-up-left", lambda who, _: f"{who} handed it back to L1"),
    "message.refused": ("circle-x", lambda _, data: f"Mail refused for {data.get('recipient')}"),
    "message.uncertain": ("circle-help", lambda *_: "It is not certain that the mail arrived"),
    "message.bounced": ("corner-up-left", lambda _, data: f"Bounced from {data.get('recipient')}"),
    "message.sent_again": ("send", lambda who, _: f"{who} sent the mail again"),
    "clock.at_risk": ("timer", lambda _, data: f"{clock_name(data)} at risk"),
    "clock.breached": ("circle-alert", lambda _, data: f"{clock_name(data)} breached"),
}


def tell(event: Event) -> tuple[str, str] | None:
    """The icon and the sentence for an event; None for what needs no line of its own."""
    told = _TOLD.get(event.kind)
    if told is None:
        return None
    icon, words = told
    return icon, words(_name_of(event), event.data)


def clock_name(data: Mapping[str, Any]) -> str:
    """A clock's kind in words."""
    kind = str(data.get("clock") or data.get("kind") or "")
    return CLOCKS.get(kind, "Service level")


def _name_of(event: Event) -> str:
    return "The desk" if event.actor_kind == "system" else event.actor_name
