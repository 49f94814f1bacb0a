"""Mails as they arrive: raw bytes, and the inboxes they arrive at."""

from datetime import UTC, datetime
from uuid import UUID

from app.channels.operations import open_inbox
from app.inbound.models import RawMail
from app.inbound.operations import store_mail
from app.inbound.queries import get_mail
from app.inbound.recipients import find_destination
from tenants.db import db
from tests.factories.cast import World
from tests.factories.work import run_due_jobs

ARRIVED = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def an_inbox(world: World, brand: str, address: str | None = None) -> UUID:
    """The address a brand is reached at: support@<brand>.example unless given."""
    address = address or f"support@{brand.lower()}.example"
    workspace_id = world.workspaces[brand]
    with db.transaction(world.system_scope(brand)):
        inbox = open_inbox(workspace_id=workspace_id, address=address, name=brand, now=ARRIVED)
    return inbox.id


def a_mail(
    *,
    sender: str = "Sam Rivera <sam@shop.example>",
    to: str = "support@acme.example",
    subject: str = "Where is my order?",
    text: str = "Order W26113 was due on Friday. Where is it?",
    message_id: str | None = "<one@shop.example>",
    **headers: str,
) -> bytes:
    """A plain mail; keywords name further headers, with _ for -."""
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}"]
    if message_id is not None:
        lines.append(f"Message-ID: {message_id}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += ["Content-Type: text/plain; charset=utf-8", "", text, ""]
    return "\r\n".join(lines).encode()


def receive(
    world: World,
    raw: bytes,
    *,
    at: str = "support@acme.example",
    envelope_from: str = "sam@shop.example",
    arrived_at: datetime = ARRIVED,
) -> RawMail:
    """Store and file a mail as the listener and a worker do; returns what became of it."""
    destination = find_destination(at)
    assert destination is not None
    raw_mail_id = store_mail(
        raw,
        to=destination,
        envelope_from=envelope_from,
        envelope_to=at,
        source="smtp",
        arrived_at=arrived_at,
    )
    run_due_jobs()
    with db.transaction(destination.scope):
        return get_mail(raw_mail_id)
