"""Inboxes, promises and conversations, committed; each call is one transaction of its own."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from app.channels.email.outgoing import hash_of
from app.channels.models import Inbox
from app.channels.operations import open_inbox
from app.contacts.operations import find_or_create_contact
from app.contacts.queries import get_contact
from app.conversations.models import Conversation
from app.conversations.operations.closing import close
from app.conversations.operations.opening import open_conversation
from app.conversations.operations.receiving import ReceivedBody, receive_message
from app.conversations.operations.replying import Then, reply_to
from app.conversations.queries import get_conversation
from app.sla.business_hours import Calendar
from app.sla.operations import publish_calendar, publish_policy
from tenants.context import Actor
from tenants.db import db
from tests.factories.cast import BORN, World

SAM = "sam@shopper.example"


def moment(*, days: float = 0, hours: float = 0, minutes: float = 0) -> datetime:
    """A time so long after the agencies of the cast began their work."""
    return BORN + timedelta(days=days, hours=hours, minutes=minutes)


def ago(*, days: float = 0, hours: float = 0, minutes: float = 0) -> datetime:
    """A time so long before this very moment."""
    return datetime.now(UTC) - timedelta(days=days, hours=hours, minutes=minutes)


def member(world: World, name: str) -> Actor:
    """A person of the cast, as operations and the ledger name them."""
    return Actor("member", world.members[name], name)


def an_inbox(world: World, brand: str) -> UUID:
    """The brand's mail address, `help@brand.example`; opened when first asked for."""
    address = f"help@{brand.lower()}.example"
    with db.transaction(world.system_scope(brand)) as session:
        known = session.scalar(sa.select(Inbox.id).where(Inbox.address == address))
        if known is not None:
            return known
        inbox = open_inbox(
            workspace_id=world.workspaces[brand], address=address, name=f"{brand} Help", now=BORN
        )
        session.flush()
        return inbox.id


def a_promise(
    world: World,
    brand: str,
    *,
    first_response_minutes: int = 60,
    resolution_minutes: int = 480,
    calendar: Calendar | None = None,
    rules: list[dict[str, Any]] | None = None,
) -> None:
    """Targets for every conversation; the desk is always open unless a calendar is given."""
    everything = {
        "channel": None,
        "topic": None,
        "first_response_minutes": first_response_minutes,
        "resolution_minutes": resolution_minutes,
    }
    workspace_id = world.workspaces[brand]
    long_before = BORN - timedelta(days=3650)
    with db.transaction(world.system_scope(brand)):
        publish_calendar(
            workspace_id=workspace_id,
            calendar=calendar or Calendar.always_open("Europe/Berlin"),
            valid_from=long_before,
            now=BORN,
        )
        publish_policy(
            workspace_id=workspace_id,
            name="Standard",
            targets=[*(rules or []), everything],
            valid_from=long_before,
            now=BORN,
        )


def a_conversation(
    world: World,
    brand: str,
    *,
    subject: str = "Where is my order 1042?",
    text: str = "It should have come on Monday.",
    email: str = SAM,
    name: str = "Sam Shopper",
    now: datetime | None = None,
    topic: str | None = None,
    is_automatic: bool = False,
) -> UUID:
    """A contact has written to the brand: one open conversation with one message."""
    now = now or moment()
    inbox_id = an_inbox(world, brand)
    workspace_id = world.workspaces[brand]
    with db.transaction(world.system_scope(brand)) as session:
        inbox = session.scalars(sa.select(Inbox).where(Inbox.id == inbox_id)).one()
        contact = find_or_create_contact(workspace_id=workspace_id, email=email, name=name, now=now)
        conversation = open_conversation(
            contact=contact,
            inbox=inbox,
            subject=subject,
            topic=topic,
            now=now,
            is_automatic=is_automatic,
        )
        receive_message(
            conversation,
            body=a_body(text),
            author=contact,
            now=now,
            external_id=uuid4().hex,
            is_automatic=is_automatic,
        )
        return conversation.id


def a_body(text: str = "Thank you!", *, mail_id: str | None = None) -> ReceivedBody:
    """A mail as it was read, under a Message-ID of its own."""
    mail_id = mail_id or f"<{uuid4().hex}@shopper.example>"
    return ReceivedBody(
        text=text, visible_text=text, mail_id=mail_id, mail_id_hash=hash_of(mail_id)
    )


def sam_writes(
    world: World,
    brand: str,
    conversation_id: UUID,
    text: str = "Any news?",
    *,
    now: datetime,
    is_automatic: bool = False,
    mail_id: str | None = None,
) -> UUID:
    """The contact adds a message to the conversation; returns its id."""
    with db.transaction(world.system_scope(brand)):
        conversation = get_conversation(conversation_id)
        message = receive_message(
            conversation,
            body=a_body(text, mail_id=mail_id),
            author=get_contact(conversation.contact_id),
            now=now,
            external_id=uuid4().hex,
            is_automatic=is_automatic,
        )
        return message.id


def leo_replies(
    world: World,
    brand: str,
    conversation_id: UUID,
    text: str = "It is on its way.",
    *,
    now: datetime,
    then: Then = "pending",
    by: str = "Leo",
) -> UUID:
    """A member answers; returns the message's id. Its mail leaves when due jobs are run."""
    with db.transaction(world.system_scope(brand)):
        message = reply_to(
            get_conversation(conversation_id),
            body=text,
            author=member(world, by),
            now=now,
            then=then,
        )
        return message.id


def leo_closes(world: World, brand: str, conversation_id: UUID, *, now: datetime) -> None:
    """A member closes the conversation without another word."""
    with db.transaction(world.system_scope(brand)):
        close(get_conversation(conversation_id), by=member(world, "Leo"), now=now)


def read(world: World, brand: str, conversation_id: UUID) -> Conversation:
    """The conversation's row as it is stored now, detached."""
    with db.transaction(world.system_scope(brand)):
        return get_conversation(conversation_id)
