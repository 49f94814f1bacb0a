"""Replies on their way out: handed over at most once for each decision to send."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
import structlog

from app.channels.email import outgoing
from app.channels.email.compose import Outgoing
from app.channels.email.smtp import Receipt
from app.conversations.models import Conversation, Delivery, Message
from app.conversations.queries import get_conversation, get_message
from app.conversations.reply_mail import write_mail
from tenants.context import SYSTEM
from tenants.db import db, utc_now
from tenants.jobs import enqueue, job, step
from tenants.ledger import record

log = structlog.get_logger()

GIVE_UP_AFTER = timedelta(days=5)
_WAITS_MINUTES = (1, 5, 15, 60, 180, 360)
_LOST = "The connection or the program was lost during the hand-over."


@job("mail", in_steps=True)
def deliver_message(message_id: UUID) -> None:
    """Hand a reply to the mail server, for each of its recipients.

    That it is being handed over is durable before the first byte leaves. Whoever finds a delivery
    in that state later cannot know whether it arrived: it becomes `uncertain` and is shown, and
    only a person sends it again.
    """
    with step():
        delivery_ids = db.session.scalars(
            sa.select(Delivery.id).where(Delivery.message_id == message_id).order_by(Delivery.id)
        ).all()
    for delivery_id in delivery_ids:
        with step():
            mail = _begin(delivery_id, now=utc_now())
            workspace_id = db.scope.only_workspace_id
        if mail is None or workspace_id is None:
            continue
        receipt = _hand_over(mail, workspace_id=workspace_id, delivery_id=delivery_id)
        with step():
            _settle(_lock(delivery_id), receipt, now=utc_now())


def _begin(delivery_id: UUID, *, now: datetime) -> Outgoing | None:
    """The mail to hand over now, or None when there is nothing left to do for this delivery."""
    delivery = _lock(delivery_id)
    if delivery.state == "handing_over":
        _end(delivery, "uncertain", _LOST, now=now)
        return None
    if delivery.state != "queued":
        return None
    mail = write_mail(get_message(delivery.message_id), delivery)
    delivery.state = "handing_over"
    delivery.attempts += 1
    delivery.handed_over_at = now
    delivery.next_attempt_at = None
    return mail


def _hand_over(mail: Outgoing, *, workspace_id: UUID, delivery_id: UUID) -> Receipt:
    try:
        return outgoing.send(mail, workspace_id=workspace_id, delivery_id=delivery_id)
    except ValueError as error:  # an address that no mail can carry
        return Receipt("refused", "recipient", permanent=True, text=str(error))


def _settle(delivery: Delivery, receipt: Receipt, *, now: datetime) -> None:
    """Write down what the server made of it, and when to try again if it asked for that."""
    response = f"{receipt.code} {receipt.text}".strip() if receipt.code else receipt.text
    delivery.last_response = response or None
    log.info(
        "delivery", id=str(delivery.id), outcome=receipt.outcome, stage=receipt.stage, said=response
    )
    if receipt.outcome != "refused" or receipt.permanent:
        _end(delivery, receipt.outcome, response, now=now)
        return
    wait = timedelta(minutes=_WAITS_MINUTES[min(delivery.attempts, len(_WAITS_MINUTES)) - 1])
    if now + wait > delivery.queued_at + GIVE_UP_AFTER:
        _end(delivery, "refused", response, now=now)
        return
    delivery.state = "queued"
    delivery.next_attempt_at = now + wait
    enqueue(deliver_message, delivery.message_id, at=delivery.next_attempt_at)
    _record("message.deferred", delivery, response, now=now)


def _end(delivery: Delivery, state: str, response: str, *, now: datetime) -> None:
    delivery.state, delivery.ended_at = state, now
    delivery.last_response = response or delivery.last_response
    _record(f"message.{state}", delivery, response, now=now)


def _record(kind: str, delivery: Delivery, response: str, *, now: datetime) -> None:
    record(
        kind,
        _conversation_of(delivery),
        actor=SYSTEM,
        at=now,
        data={
            "message_id": str(delivery.message_id),
            "delivery_id": str(delivery.id),
            "recipient": delivery.recipient,
            "attempts": delivery.attempts,
            "response": response,
        },
    )


def _conversation_of(delivery: Delivery) -> Conversation:
    conversation_id = db.session.scalars(
        sa.select(Message.conversation_id).where(Message.id == delivery.message_id)
    ).one()
    return get_conversation(conversation_id)


def _lock(delivery_id: UUID) -> Delivery:
    return db.session.scalars(
        sa.select(Delivery)
        .where(Delivery.id == delivery_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
