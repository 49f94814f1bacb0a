"""The same story on the provider's own test mode: only this proves what its server computes."""

import os
import uuid

import pytest

from billing.gateway_interface import CheckoutOrder, PriceSpec
from billing.stripe_gateway import StripeGateway, stripe_client

KEY = os.environ.get("STRIPE_TEST_KEY", "")

pytestmark = [
    pytest.mark.stripe_live,
    pytest.mark.enable_socket,
    pytest.mark.skipif(not KEY, reason="STRIPE_TEST_KEY is not set"),
]


@pytest.fixture
def order() -> CheckoutOrder:
    """A page for one plan and its set-up fee, for a customer made now."""
    assert KEY.startswith(("sk_test_", "rk_test_")), "a live key never runs a test"
    gateway = StripeGateway(stripe_client(KEY))
    workspace_id = uuid.uuid4()
    customer = gateway.create_customer(
        name="Acme (test)",
        metadata={"workspace": str(workspace_id)},
        idempotency_key=f"workspace:{workspace_id}:customer",
    )
    return CheckoutOrder(
        workspace_id=workspace_id,
        customer_id=customer["id"],
        lines=(
            PriceSpec("test:growth:149000", "Growth", 149_000, "EUR", "month"),
            PriceSpec("test:set-up:50000", "Set-up", 50_000, "EUR"),
        ),
        success_url="https://northwind.example/done",
        cancel_url="https://northwind.example/back",
        metadata={"workspace": str(workspace_id)},
    )


def test_a_page_opens_with_our_price_and_the_same_key_gives_the_same_page(
    order: CheckoutOrder,
) -> None:
    gateway = StripeGateway(stripe_client(KEY))
    key = f"contract:{order.workspace_id}:checkout:1"
    page = gateway.open_checkout(order, idempotency_key=key)
    assert gateway.open_checkout(order, idempotency_key=key) == page
    session = gateway.retrieve("checkout.session", page.session_id)
    assert session
    assert (session["status"], session["payment_status"]) == ("open", "unpaid")
    assert (session["amount_total"], session["currency"]) == (199_000, "eur")
    gateway.close_checkout(page.session_id)
    closed = gateway.retrieve("checkout.session", page.session_id)
    assert closed
    assert closed["status"] == "expired"


def test_an_unpaid_customer_has_no_subscription_and_a_stranger_is_none(
    order: CheckoutOrder,
) -> None:
    gateway = StripeGateway(stripe_client(KEY))
    assert gateway.list_subscriptions(order.customer_id) == []
    assert gateway.retrieve("subscription", "sub_nobody") is None
