"""What the fault tests put in, and what they count: in the database and at the mail server."""

from collections import Counter
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa

from app.conversations.models import Conversation, Delivery, Message
from app.inbound.models import RawMail
from app.inbound.operations import store_mail
from app.inbound.recipients import find_destination
from tenants.db import db
from tenants.jobs import Job
from tests.app.conversations.mail_server import MailServer
from tests.factories.cast import World
from tests.factories.conversations import a_conversation, ago, leo_replies
from tests.factories.mail import a_mail


def numbered_mail(number: int) -> bytes:
    """A mail like no other: its own sender, subject and Message-ID."""
    return a_mail(
        sender=f"shopper{number}@shop.example",
        subject=f"Order {number}",
        text=f"Where is order {number}?",
        message_id=f"<{number}@shop.example>",
    )


def arrive(raw: bytes) -> UUID:
    """Store a mail for Acme as the listener does before it says 250; returns its id."""
    destination = find_destination("support@acme.example")
    assert destination is not None
    return store_mail(
        raw,
        to=destination,
        envelope_from="sam@shop.example",
        envelope_to="support@acme.example",
        source="smtp",
        arrived_at=datetime.now(UTC),
    )


def answer_shoppers(world: World, count: int) -> None:
    """As many conversations at Acme as replies on their way, each to a shopper of its own."""
    for number in range(count):
        email = f"asked{number}@shop.example"
        conversation_id = a_conversation(world, "Acme", email=email, now=ago(hours=1))
        leo_replies(world, "Acme", conversation_id, f"Answer {number}", now=ago())


def mail_states(world: World) -> Counter[str]:
    """How many mails of Acme are in each state."""
    with db.transaction(world.system_scope("Acme")) as session:
        return Counter(session.scalars(sa.select(RawMail.state)))


def delivery_states(world: World) -> Counter[str]:
    """How many replies of Acme are in each state of delivery."""
    with db.transaction(world.system_scope("Acme")) as session:
        return Counter(session.scalars(sa.select(Delivery.state)))


def received_subjects(world: World) -> list[str]:
    """The subject of each message a shopper has written to Acme by mail, in order."""
    with db.transaction(world.system_scope("Acme")) as session:
        return sorted(
            session.scalars(sa.select(Message.subject).where(Message.raw_digest.is_not(None)))
        )


def count_conversations(world: World) -> int:
    """How many conversations Acme has."""
    with db.transaction(world.system_scope("Acme")) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Conversation)) or 0


def job_states() -> Counter[str]:
    """How many jobs of the queue `mail`, the one whose worker runs, are in each state."""
    with db.system() as session:
        return Counter(session.scalars(sa.select(Job.state).where(Job.queue == "mail")))


def sent_to(mail_server: MailServer) -> Counter[str]:
    """How many mails the mail server took for each recipient."""
    return Counter(address for one in mail_server.envelopes for address in one.rcpt_tos)
