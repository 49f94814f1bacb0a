"""Where payment providers report: raw body, signature, one answer that says nothing."""

from uuid import UUID

from flask import Blueprint, Response, request

from billing.accounts.queries import get_billing_account_by_public_id
from billing.events.operations import receive_event
from tenants.db import utc_now
from tenants.permissions import Permission, requires

bp = Blueprint("billing_webhooks", __name__)


@bp.post("/hooks/stripe/<uuid:public_id>")
@requires(Permission.PUBLIC)
def receive(public_id: UUID) -> Response:
    """Store the event; the sender is proved by its signature alone."""
    receive_event(
        get_billing_account_by_public_id(public_id),
        body=request.get_data(cache=False),
        signature=request.headers.get("Stripe-Signature"),
        now=utc_now(),
    )
    return Response(status=200)


receive.without_form_token = True  # type: ignore[attr-defined] # a provider has no form of ours
