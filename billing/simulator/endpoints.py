"""Which operations are simulated, with the parameters each one really honours.

An operation that is not listed, and a parameter that is not listed with it, answers 501: the
sandbox never pretends.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from billing.simulator.cards import attach_card
from billing.simulator.catalog import create_price, create_product, list_prices
from billing.simulator.checkout_sessions import create_session, expire_session, list_lines
from billing.simulator.customers import create_customer, update_customer
from billing.simulator.events import list_events
from billing.simulator.subscriptions import list_subscriptions
from billing.simulator.world import Object, World, page


@dataclass(frozen=True)
class Endpoint:
    """What answers an operation: `answer(world, params, **ids of the path)`."""

    answer: Callable[..., Object]
    honours: frozenset[str] = frozenset()


def _endpoint(answer: Callable[..., Object], *honours: str) -> Endpoint:
    return Endpoint(answer, frozenset(honours))


def _retrieve(kind: str) -> Endpoint:
    def retrieve(world: World, params: dict[str, Any], **ids: str) -> Object:  # noqa: ARG001
        return world.get(next(iter(ids.values())), kind)

    return Endpoint(retrieve)


def _list_of_customer(kind: str, url: str) -> Endpoint:
    def list_all(world: World, params: dict[str, Any]) -> Object:
        found = [
            value
            for value in world.store.list(kind)
            if value["customer"] == params.get("customer", value["customer"])
        ]
        return page(found, params, url)

    return _endpoint(list_all, "customer", *_PAGE)


_PAGE = ("limit", "starting_after")

ENDPOINTS: dict[tuple[str, str], Endpoint] = {
    ("POST", "/v1/customers"): _endpoint(create_customer, "name", "email", "metadata"),
    ("GET", "/v1/customers/{customer}"): _retrieve("customer"),
    ("POST", "/v1/customers/{customer}"): _endpoint(update_customer, "name", "email", "metadata"),
    ("POST", "/v1/products"): _endpoint(create_product, "name", "description", "metadata"),
    ("GET", "/v1/products/{id}"): _retrieve("product"),
    ("POST", "/v1/prices"): _endpoint(
        create_price,
        "currency", "lookup_key", "metadata", "nickname", "product", "recurring", "unit_amount",
    ),
    ("GET", "/v1/prices"): _endpoint(list_prices, "active", "lookup_keys", "product", *_PAGE),
    ("GET", "/v1/prices/{price}"): _retrieve("price"),
    ("POST", "/v1/payment_methods/{payment_method}/attach"): _endpoint(attach_card, "customer"),
    ("GET", "/v1/payment_methods/{payment_method}"): _retrieve("payment_method"),
    ("POST", "/v1/checkout/sessions"): _endpoint(
        create_session,
        "cancel_url", "client_reference_id", "customer", "line_items", "metadata", "mode",
        "subscription_data", "success_url",
    ),
    ("GET", "/v1/checkout/sessions"): _list_of_customer(
        "checkout.session", "/v1/checkout/sessions"
    ),
    ("GET", "/v1/checkout/sessions/{session}"): _retrieve("checkout.session"),
    ("GET", "/v1/checkout/sessions/{session}/line_items"): _endpoint(list_lines, *_PAGE),
    ("POST", "/v1/checkout/sessions/{session}/expire"): _endpoint(expire_session),
    ("GET", "/v1/subscriptions"): _endpoint(list_subscriptions, "customer", "status", *_PAGE),
    ("GET", "/v1/subscriptions/{subscription_exposed_id}"): _retrieve("subscription"),
    ("GET", "/v1/invoices"): _list_of_customer("invoice", "/v1/invoices"),
    ("GET", "/v1/invoices/{invoice}"): _retrieve("invoice"),
    ("GET", "/v1/events"): _endpoint(list_events, "type", "types", *_PAGE),
    ("GET", "/v1/events/{id}"): _retrieve("event"),
}  # fmt: skip
