"""What conversations do when a reply did not reach the contact: somebody has to look."""

from uuid import UUID

from app.conversations.operations.closing import resume
from app.conversations.queries import get_conversation
from tenants.context import SYSTEM
from tenants.db import utc_now
from tenants.jobs import job


@job("live")
def bring_back(conversation_id: UUID) -> None:
    """Put a conversation that waits for the contact back into the queue: no answer can come."""
    conversation = get_conversation(conversation_id)
    if conversation.status == "pending":
        resume(conversation, by=SYSTEM, now=utc_now())
