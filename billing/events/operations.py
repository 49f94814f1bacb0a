"""Taking in an event: proved, stored once, answered; the work is a job's."""

from datetime import UTC, datetime

import structlog
from sqlalchemy.dialects import postgresql as pg

from billing.accounts.models import BillingAccount
from billing.accounts.operations import webhook_secret_of
from billing.errors import BadSignature
from billing.events.jobs import follow_up_event
from billing.events.models import StripeEvent
from billing.gateway_interface import Object
from billing.stripe_gateway import API_VERSION, read_signed_event
from tenants.db import db
from tenants.jobs import enqueue

log = structlog.get_logger()

FOLLOWED_UP = frozenset({
    "checkout.session.completed",
    "checkout.session.expired",
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "invoice.created",
    "invoice.finalized",
    "invoice.paid",
    "invoice.payment_failed",
    "invoice.voided",
})  # fmt: skip


def receive_event(
    account: BillingAccount, *, body: bytes, signature: str | None, now: datetime
) -> None:
    """Store a signed event and put its follow-up off; a second delivery changes nothing.

    Raises: BadSignature for whatever is not proved to come from this account's own provider.
    """
    event = read_signed_event(body, signature, secret=webhook_secret_of(account), now=now)
    if event["livemode"] is not account.livemode:
        log.warning("stripe_event.wrong_mode", account=str(account.id), id=event["id"])
        raise BadSignature
    if event.get("api_version") != API_VERSION:
        log.warning("stripe_event.other_version", version=event.get("api_version"))
    followed_up = event["type"] in FOLLOWED_UP
    stored = db.session.scalar(
        pg.insert(StripeEvent)
        .values(**_columns(account, event, now=now), state="received" if followed_up else "ignored")
        .on_conflict_do_nothing(index_elements=["agency_id", "billing_account_id", "event_id"])
        .returning(StripeEvent.id)
    )
    if stored is not None and followed_up:
        enqueue(follow_up_event, stored)


def _columns(account: BillingAccount, event: Object, *, now: datetime) -> Object:
    return {
        "billing_account_id": account.id,
        "event_id": event["id"],
        "type": event["type"],
        "api_version": event.get("api_version"),
        "livemode": account.livemode,
        "payload": event,
        "created_at": datetime.fromtimestamp(event["created"], UTC),
        "received_at": now,
    }
