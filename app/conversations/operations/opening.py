"""Opening a conversation."""

from datetime import datetime

from app.channels.models import Inbox
from app.contacts.models import Contact
from app.conversations.models import Conversation
from tenants.db import db, new_id
from tenants.errors import NotFound
from tenants.ledger import record
from tenants.workspaces.operations import next_number

_LONGEST_SUBJECT = 500


def open_conversation(
    *,
    contact: Contact,
    inbox: Inbox,
    subject: str,
    now: datetime,
    is_automatic: bool = False,
    related_to: Conversation | None = None,
    topic: str | None = None,
) -> Conversation:
    """A new matter between a contact and the inbox's brand, with its own number and no message yet.

    Raises: NotFound when contact and inbox are not of one brand in scope.
    """
    workspace_id = inbox.workspace_id
    if workspace_id not in db.scope.workspace_ids or contact.workspace_id != workspace_id:
        raise NotFound
    conversation = Conversation(
        id=new_id(),
        workspace_id=workspace_id,
        number=next_number("conversation", workspace_id=workspace_id),
        contact_id=contact.id,
        inbox_id=inbox.id,
        channel=inbox.channel,
        subject=subject[:_LONGEST_SUBJECT],
        topic=topic,
        status="open",
        is_open=True,
        team="l1",
        is_breached=False,
        is_automatic=is_automatic,
        message_count=0,
        reopen_count=0,
        version=1,
        related_to_id=related_to.id if related_to else None,
        last_message_at=now,
        created_at=now,
    )
    db.session.add(conversation)
    record(
        "conversation.opened",
        conversation,
        at=now,
        data={
            "number": conversation.number,
            "subject": conversation.subject,
            "topic": topic,
            "channel": inbox.channel,
            "inbox_id": str(inbox.id),
            "contact_id": str(contact.id),
            "contact": contact.shown_name,
            "is_automatic": is_automatic,
            "related_to_id": str(related_to.id) if related_to else None,
        },
    )
    return conversation
