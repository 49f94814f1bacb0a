"""The sandbox is held to the installed library, not to our idea of the provider."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode

import pytest
import stripe

from billing.simulator import library, shapes
from billing.simulator.cards import find_test_card
from billing.simulator.checkout_sessions import pay_session
from billing.simulator.endpoints import ENDPOINTS
from billing.simulator.errors import Refusal
from billing.simulator.simulator import Simulator
from billing.simulator.world import Object, World
from billing.stripe_gateway import SimulatedTransport, stripe_client

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
API = "https://api.stripe.com"


class MemoryStore:
    """A store for one test."""

    def __init__(self) -> None:
        self.kept: dict[str, Object] = {}

    def find(self, object_id: str) -> Object | None:
        return self.kept.get(object_id)

    def put(self, value: Object) -> None:
        self.kept[value["id"]] = json.loads(json.dumps(value))

    def list(self, kind: str) -> list[Object]:
        return [value for value in reversed(self.kept.values()) if value["object"] == kind]


@pytest.fixture
def account() -> World:
    return World(MemoryStore(), NOW)


@pytest.fixture
def client(account: World) -> stripe.StripeClient:
    return stripe_client("sk_test_x", transport=SimulatedTransport(Simulator(account).answer))


def ask(account: World, method: str, path: str, **params: object) -> tuple[int, Any]:
    query = f"?{urlencode(params)}" if method == "GET" else ""
    body = urlencode(params) if method == "POST" else None
    text, status, _ = Simulator(account).answer(method, f"{API}{path}{query}", {}, body)
    return status, json.loads(text)


def a_session(client: stripe.StripeClient) -> stripe.checkout.Session:
    customer = client.v1.customers.create({"name": "Acme"})
    prices = []
    for name, amount in (("Growth", 149_000), ("Set-up", 50_000)):
        product = client.v1.products.create({"name": name})
        terms: Any = {"product": product.id, "currency": "eur", "unit_amount": amount}
        if name == "Growth":
            terms["recurring"] = {"interval": "month"}
        prices.append(client.v1.prices.create(terms))
    return client.v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "customer": customer.id,
            "line_items": [{"price": price.id, "quantity": 1} for price in prices],
            "success_url": "http://northwind.localhost:8000/done",
        }
    )


def test_the_library_has_more_than_six_hundred_operations_and_all_their_parameters() -> None:
    operations = library.operations()
    assert len(operations) > 600
    for operation in operations:
        if operation.params_class is not None:
            library.parameter_hints(operation.params_class)


def test_every_simulated_operation_and_parameter_is_one_of_the_library() -> None:
    known = {(operation.method, operation.path): operation for operation in library.operations()}
    for route, endpoint in ENDPOINTS.items():
        params_class = known[route].params_class
        hints = library.parameter_hints(params_class) if params_class else {}
        assert endpoint.honours <= set(hints), route


@pytest.mark.parametrize(
    ("path", "params", "code", "param"),
    [
        ("/v1/customers", {"nome": "Acme"}, "parameter_unknown", "nome"),
        ("/v1/prices", {"unit_amount": 1}, "parameter_missing", "currency"),
        (
            "/v1/prices",
            {"currency": "eur", "unit_amount": "x"},
            "parameter_invalid_integer",
            "unit_amount",
        ),
        (
            "/v1/prices",
            {"currency": "eur", "recurring[interval]": "fortnight"},
            None,
            "recurring[interval]",
        ),
        (
            "/v1/subscriptions",
            {"customer": "c", "payment_behavior": "banana"},
            None,
            "payment_behavior",
        ),
        (
            "/v1/checkout/sessions",
            {"line_items[0][prise]": "p"},
            "parameter_unknown",
            "line_items[0][prise]",
        ),
    ],
)
def test_a_wrong_request_is_refused_as_the_provider_refuses_it(
    account: World, path: str, params: dict[str, Any], code: str | None, param: str
) -> None:
    status, answer = ask(account, "POST", path, **params)
    assert (status, answer["error"].get("code")) == (400, code)
    assert answer["error"]["param"] == param


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/nothing"), ("GET", "/v1/refunds"), ("DELETE", "/v1/customers/cus_1")],
)
def test_what_is_not_simulated_says_so(account: World, method: str, path: str) -> None:
    status, answer = ask(account, method, path)
    assert status == 501
    assert answer["error"]["message"].startswith("Not simulated")


def test_a_parameter_that_would_be_ignored_is_not_simulated_either(account: World) -> None:
    assert ask(account, "POST", "/v1/customers", phone="1")[0] == 501


def test_an_object_that_drifts_from_the_library_is_a_defect() -> None:
    with pytest.raises(ValueError, match=r"status.*'asleep'"):
        shapes.make("_subscription.Subscription", status="asleep")
    with pytest.raises(ValueError, match="no such field"):
        shapes.make("_customer.Customer", nickname="Acme")


def test_paying_makes_an_incomplete_subscription_active(
    account: World, client: stripe.StripeClient
) -> None:
    session = a_session(client)
    assert session.amount_total == 199_000
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    card = find_test_card("pm_card_visa")
    assert card
    assert pay_session(account, session.id, card)
    paid = client.v1.checkout.sessions.retrieve(session.id)
    subscription = client.v1.subscriptions.retrieve(str(paid.subscription))
    invoice = client.v1.invoices.retrieve(str(subscription.latest_invoice))
    assert (paid.status, paid.payment_status) == ("complete", "paid")
    assert subscription.status == "active"
    assert (invoice.status, invoice.amount_paid) == ("paid", 199_000)
    assert invoice.parent
    assert invoice.parent.subscription_details
    assert invoice.parent.subscription_details.subscription == subscription.id
    begun = [
        event["data"]["object"]["status"]
        for event in account.store.list("event")
        if event["type"] == "customer.subscription.created"
    ]
    assert begun == ["incomplete"]


def test_a_month_from_the_31st_ends_on_the_last_of_february(
    account: World, client: stripe.StripeClient
) -> None:
    session = a_session(client)
    card = find_test_card("pm_card_visa")
    assert card
    pay_session(account, session.id, card)
    [subscription] = client.v1.subscriptions.list({"customer": str(session.customer)}).data
    [item] = subscription["items"].data
    assert datetime.fromtimestamp(item.current_period_end, UTC) == datetime(
        2026, 2, 28, 12, 0, tzinfo=UTC
    )


def test_a_declined_card_leaves_the_same_invoice_to_pay(
    account: World, client: stripe.StripeClient
) -> None:
    session = a_session(client)
    declined, good = (
        find_test_card(token) for token in ("pm_card_visa_chargeDeclined", "pm_card_visa")
    )
    assert declined
    assert good
    assert not pay_session(account, session.id, declined)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    assert [s.status for s in client.v1.subscriptions.list().data] == ["incomplete"]
    assert pay_session(account, session.id, good)
    assert [invoice.attempt_count for invoice in client.v1.invoices.list().data] == [2]


def test_a_session_can_be_paid_once_and_not_after_a_day(
    account: World, client: stripe.StripeClient
) -> None:
    card = find_test_card("pm_card_visa")
    assert card
    first, second = a_session(client), a_session(client)
    pay_session(account, first.id, card)
    with pytest.raises(Refusal, match="no longer open"):
        pay_session(account, first.id, card)
    tomorrow = World(account.store, NOW + timedelta(days=1))
    with pytest.raises(Refusal, match="no longer open"):
        pay_session(tomorrow, second.id, card)


def test_the_same_key_repeats_the_answer_and_refuses_another_body(
    account: World, client: stripe.StripeClient
) -> None:
    options: Any = {"idempotency_key": "k1"}
    first = client.v1.customers.create({"name": "Acme"}, options)
    assert client.v1.customers.create({"name": "Acme"}, options).id == first.id
    with pytest.raises(stripe.IdempotencyError):
        client.v1.customers.create({"name": "Birch"}, options)
    assert len(account.store.list("customer")) == 1


def test_every_event_is_a_type_the_library_knows_and_carries_its_version(
    account: World, client: stripe.StripeClient
) -> None:
    card = find_test_card("pm_card_visa")
    assert card
    pay_session(account, a_session(client).id, card)
    events = client.v1.events.list({"limit": 100}).data
    assert events
    for event in events:
        shapes.hold({**account.get(event.id, "event")}, "_event.Event")
        assert event.api_version == stripe.api_version
    assert client.v1.events.retrieve(events[0].id).id == events[0].id


def test_lists_are_paged_by_cursor(account: World, client: stripe.StripeClient) -> None:
    numbers = count()
    made = [client.v1.customers.create({"name": f"n{next(numbers)}"}).id for _ in range(3)]
    events = client.v1.events.list({"limit": 2, "type": "customer.created"})
    assert events.has_more
    seen = [event.data.object["id"] for event in events.auto_paging_iter()]
    assert seen == list(reversed(made))
