"""What escalations do when a conversation was closed: the one going on is over."""

from uuid import UUID

import sqlalchemy as sa

from app.conversations.models import Conversation
from app.escalations.operations import end_escalation
from app.escalations.queries import find_open_escalation
from tenants.db import db, utc_now
from tenants.jobs import job


@job("live")
def end_escalation_of(conversation_id: UUID) -> None:
    """End the open escalation of a closed conversation; nothing to do if it was reopened since."""
    conversation = db.session.scalars(
        sa.select(Conversation).where(Conversation.id == conversation_id).with_for_update()
    ).one()
    escalation = find_open_escalation(conversation)
    if escalation is not None and conversation.is_closed:
        end_escalation(escalation, conversation, now=utc_now())
