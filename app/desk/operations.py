"""Drafts: what an agent has typed and not sent, kept on the server."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from app.conversations.models import Conversation, Draft
from tenants.db import db, new_id


def save_draft(conversation: Conversation, *, member_id: UUID, body: str, now: datetime) -> None:
    """Keep the text until it is sent; an empty one is forgotten."""
    if not body.strip():
        drop_draft(conversation, member_id=member_id)
        return
    kept = {"body": body, "saved_at": now}
    db.session.execute(
        pg.insert(Draft)
        .values(
            id=new_id(),
            agency_id=conversation.agency_id,
            workspace_id=conversation.workspace_id,
            conversation_id=conversation.id,
            member_id=member_id,
            **kept,
        )
        .on_conflict_do_update(
            index_elements=["workspace_id", "conversation_id", "member_id"], set_=kept
        )
    )


def drop_draft(conversation: Conversation, *, member_id: UUID) -> None:
    """Forget what was typed."""
    db.session.execute(
        sa.delete(Draft).where(
            Draft.workspace_id == conversation.workspace_id,
            Draft.conversation_id == conversation.id,
            Draft.member_id == member_id,
        )
    )
