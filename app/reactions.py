"""What an event starts: kind of event -> the work it asks for, in the event's own workspace."""

from collections.abc import Callable
from uuid import UUID

from app.conversations.reactions import bring_back
from app.escalations.reactions import end_escalation_of
from tenants.jobs import queue_of

REACTIONS: dict[str, tuple[Callable[[UUID], None], ...]] = {
    "conversation.closed": (end_escalation_of,),
    "message.bounced": (bring_back,),
    "message.refused": (bring_back,),
    "message.uncertain": (bring_back,),
}


def check() -> None:
    """Fail at start, not at the first event, when a reaction is not a registered job."""
    for reactions in REACTIONS.values():
        for reaction in reactions:
            queue_of(reaction)
