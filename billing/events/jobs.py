"""Following up an event: whose it is, what is true now, and what that means for service."""

from datetime import datetime
from uuid import UUID

from billing.accounts.queries import get_billing_account
from billing.checkout.operations import close_checkout
from billing.contracts.models import Contract
from billing.contracts.operations import move_service_state, start_contract
from billing.contracts.queries import current_service_state, find_contract
from billing.contracts.service_states import State, derive_service_state
from billing.events.models import StripeEvent
from billing.events.queries import get_stripe_event
from billing.gateways import open_gateway
from billing.mirror.operations import mirror_subscriptions, refresh_mirror
from billing.mirror.queries import find_client_of
from tenants.context import SYSTEM, Scope
from tenants.db import db, utc_now
from tenants.jobs import job, step


@job(queue="live", in_steps=True)
def follow_up_event(stripe_event_id: UUID) -> None:
    """Bring the client an event concerns up to date.

    Two transactions, because whose event it is stands in a row of the agency, and the effect
    belongs to one workspace. The event's own state makes a second run find nothing to do.
    """
    now = utc_now()
    with step():
        agency_id = db.scope.agency_id
        client_id = _find_client(get_stripe_event(stripe_event_id, lock=True), now=now)
    if client_id is None:
        return
    with db.transaction(Scope(agency_id, frozenset({client_id}), SYSTEM)):
        contract = find_contract(client_id, lock=True)
        event = get_stripe_event(stripe_event_id, lock=True)
        if event.state == "received":
            _bring_up_to_date(client_id, contract, event, now=now)
            event.state, event.followed_up_at = "done", now


def _find_client(event: StripeEvent, *, now: datetime) -> UUID | None:
    """The client by the customer id we gave it; metadata is never asked."""
    client_id = None
    if event.customer_id is not None:
        client_id = find_client_of(event.customer_id, billing_account_id=event.billing_account_id)
    if client_id is None:
        event.state, event.followed_up_at = "ignored", now
    return client_id


def _bring_up_to_date(
    client_id: UUID, contract: Contract | None, event: StripeEvent, *, now: datetime
) -> None:
    """Fetch what the event is about and every subscription, then derive the service state."""
    account = get_billing_account(event.billing_account_id)
    gateway = open_gateway(account, now=now)
    kind = str(event.subject["object"])
    latest = refresh_mirror(account, kind, str(event.subject["id"]), gateway=gateway, now=now)
    if latest is not None and kind == "checkout.session":
        close_checkout(client_id, latest["id"], status=latest["status"])
    subscriptions = mirror_subscriptions(account, str(event.customer_id), gateway=gateway, now=now)
    state = derive_service_state(
        (subscription["status"] for subscription in subscriptions),
        current=current_service_state(client_id),
    )
    move_service_state(client_id, state, reason=event.type, now=now)
    if contract is not None and state is State.LIVE:
        start_contract(contract, now=now)
