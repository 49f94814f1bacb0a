"""Delivering the sandbox's events the way a provider does: signed, and to the same door."""

import json
from uuid import UUID

from billing.accounts.operations import webhook_secret_of
from billing.accounts.queries import get_billing_account
from billing.events.operations import receive_event
from billing.gateways import open_world
from billing.simulator.events import list_undelivered, mark_delivered
from billing.stripe_gateway import sign_event
from tenants.db import utc_now
from tenants.jobs import job


@job(queue="live")
def deliver_events(billing_account_id: UUID) -> None:
    """Send every event nobody has answered yet."""
    now = utc_now()
    account = get_billing_account(billing_account_id)
    world = open_world(account, now=now)
    secret = webhook_secret_of(account)
    for event in list_undelivered(world):
        body = json.dumps({**event, "pending_webhooks": 1})
        signature = sign_event(body, secret=secret, now=now)
        receive_event(account, body=body.encode(), signature=signature, now=now)
        mark_delivered(world, event["id"])
