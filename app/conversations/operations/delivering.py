"""What people decide about a reply on its way out, and what comes back about it later."""

from datetime import datetime

import sqlalchemy as sa

from app.conversations.errors import DeliveryUnderway
from app.conversations.jobs import deliver_message
from app.conversations.models import Conversation, Delivery
from app.conversations.queries import get_conversation, get_message
from tenants.context import SYSTEM, Actor
from tenants.db import db
from tenants.errors import NotFound
from tenants.jobs import enqueue
from tenants.ledger import record

_ENDED_BADLY = frozenset({"refused", "uncertain", "bounced"})


def send_again(delivery: Delivery, *, by: Actor, now: datetime) -> None:
    """A person's decision to send once more what may not have arrived, under the same Message-ID.

    Raises: DeliveryUnderway when it was accepted or is being sent, NotFound out of scope.
    """
    delivery = _lock(delivery)
    if delivery.state not in _ENDED_BADLY:
        raise DeliveryUnderway
    before = delivery.state
    delivery.state = "queued"
    delivery.queued_at = delivery.next_attempt_at = now
    delivery.attempts = 0
    delivery.handed_over_at = delivery.ended_at = None
    enqueue(deliver_message, delivery.message_id, workspace_id=delivery.workspace_id)
    data = _names(delivery) | {"was": before}
    record("message.sent_again", _conversation_of(delivery), actor=by, at=now, data=data)


def record_bounce(
    delivery: Delivery, *, diagnostic: str, now: datetime, is_final: bool = True
) -> None:
    """A report came back that the mail did not arrive, or (`is_final` false) not yet.

    Raises: NotFound out of scope.
    """
    delivery = _lock(delivery)
    if is_final:
        if delivery.state == "bounced":
            return
        delivery.state, delivery.ended_at = "bounced", now
    delivery.last_response = diagnostic
    kind = "message.bounced" if is_final else "message.delayed"
    data = _names(delivery) | {"response": diagnostic}
    record(kind, _conversation_of(delivery), actor=SYSTEM, at=now, data=data)


def _names(delivery: Delivery) -> dict[str, str]:
    return {
        "message_id": str(delivery.message_id),
        "delivery_id": str(delivery.id),
        "recipient": delivery.recipient,
    }


def _conversation_of(delivery: Delivery) -> Conversation:
    return get_conversation(get_message(delivery.message_id).conversation_id)


def _lock(delivery: Delivery) -> Delivery:
    locked = db.session.scalar(
        sa.select(Delivery)
        .where(Delivery.workspace_id == delivery.workspace_id, Delivery.id == delivery.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if locked is None:
        raise NotFound
    return locked
