"""The sandbox's hosted payment page, in the agency's look."""

from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from billing.errors import CardDeclined, UnknownTestCard
from billing.sandbox.operations import get_payment_page, pay
from billing.simulator.cards import TEST_CARDS
from billing.simulator.checkout_sessions import PAGE_PATH
from tenants.db import utc_now
from tenants.errors import DomainError
from tenants.permissions import Permission, requires

bp = Blueprint("sandbox", __name__, url_prefix=PAGE_PATH.rstrip("/"))


@bp.get("/<uuid:page_id>")
@requires(Permission.BILLING_MANAGE)
def show_checkout(page_id: UUID, refusal: DomainError | None = None) -> Response:
    """What is paid, and the test cards to pay with."""
    page = get_payment_page(page_id, now=utc_now())
    html = render_template(
        "billing/checkout.html",
        page=page,
        cards=TEST_CARDS,
        chosen=request.form.get("card", TEST_CARDS[0].token),
        error=refusal.message if refusal else None,
    )
    return make_response(html, refusal.status if refusal else 200)


@bp.post("/<uuid:page_id>/payments")
@requires(Permission.BILLING_MANAGE)
def create_payment(page_id: UUID) -> BaseResponse:
    """Pay and go back to where the payer came from; a declined card shows the page again."""
    page = get_payment_page(page_id, now=utc_now())
    try:
        pay(page, token=request.form.get("card", ""))
    except (CardDeclined, UnknownTestCard) as refusal:
        return show_checkout(page_id, refusal)
    return redirect(page.session["success_url"], 303)
