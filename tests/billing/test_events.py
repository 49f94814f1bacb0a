"""Whatever arrives, in whatever order, how often: the same final state; what is not proved: 400."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from billing.accounts.operations import webhook_secret_of
from billing.events.models import StripeEvent
from billing.gateways import open_world
from billing.simulator.events import mark_delivered
from billing.stripe_gateway import sign_event
from tenants.db import db, utc_now
from tenants.ledger import Event
from tests.billing.scenes import (
    agency_scope,
    an_agency_that_sells,
    events_of,
    open_page,
    public_id_of,
    signed,
    state_of,
    the_account,
)
from tests.browser import Browser, Person
from tests.factories.cast import World
from tests.factories.work import run_due_jobs


@pytest.fixture(autouse=True)
def _selling(world: World) -> None:
    an_agency_that_sells(world)


@pytest.fixture
def provider(browser: Browser) -> Person:
    return browser.anonymous("northwind.localhost")


@pytest.fixture
def paid(world: World, browser: Browser) -> list[dict[str, Any]]:
    """The events of a payment that nobody has told us about yet."""
    page = open_page(world)
    browser.sign_in("ana@northwind.example").post(f"{page.path}/payments", {"card": "pm_card_visa"})
    events = events_of(world)
    with db.transaction(agency_scope(world)):
        account = open_world(the_account(), now=utc_now())
        for event in events:
            mark_delivered(account, event["id"])
    run_due_jobs()
    assert state_of(world) == "draft"
    return events


def deliver(world: World, provider: Person, event: dict[str, Any]) -> int:
    body, headers = signed(world, event)
    return send(world, provider, body, headers)


def send(world: World, provider: Person, body: bytes, headers: dict[str, str]) -> int:
    answer = provider.client.post(
        f"/hooks/stripe/{public_id_of(world)}",
        base_url=f"http://{provider.host}",
        data=body,
        headers=headers,
    )
    return answer.status_code


def count_moves(world: World) -> int:
    """How often service moved, by the ledger."""
    with db.transaction(world.system_scope("Acme")) as session:
        return session.scalars(
            sa.select(sa.func.count()).where(Event.kind == "service_state.changed")
        ).one()


def count_stored(world: World) -> int:
    with db.transaction(agency_scope(world)) as session:
        return session.scalars(sa.select(sa.func.count(StripeEvent.id))).one()


@pytest.mark.parametrize("seed", range(6))
def test_events_twice_and_in_any_order_have_one_effect(
    world: World, provider: Person, paid: list[dict[str, Any]], seed: int
) -> None:
    burst = paid * 2
    Random(seed).shuffle(burst)  # noqa: S311 - an order, not a secret
    for event in burst:
        assert deliver(world, provider, event) == 200
    run_due_jobs()
    assert state_of(world) == "live"
    assert count_stored(world) == len(paid)
    assert count_moves(world) == 2  # draft, then live, once


def test_one_event_ten_times_at_once_is_stored_once(
    world: World, provider: Person, paid: list[dict[str, Any]]
) -> None:
    body, headers = signed(world, paid[-1])
    address = f"/hooks/stripe/{public_id_of(world)}"

    def report(_: int) -> int:
        client = provider.client.application.test_client()
        base_url = f"http://{provider.host}"
        return client.post(address, base_url=base_url, data=body, headers=headers).status_code

    with ThreadPoolExecutor(max_workers=5) as provider_threads:
        assert set(provider_threads.map(report, range(10))) == {200}
    assert count_stored(world) == 1
    run_due_jobs()
    assert count_moves(world) == 2


@pytest.mark.parametrize("kind", ["customer.subscription.created", "invoice.created"])
def test_an_old_event_alone_is_enough_because_the_latest_object_is_fetched(
    world: World, provider: Person, paid: list[dict[str, Any]], kind: str
) -> None:
    [event] = [event for event in paid if event["type"] == kind]
    deliver(world, provider, event)
    run_due_jobs()
    assert state_of(world) == "live"


def test_a_payload_that_claims_more_than_is_true_grants_nothing(
    world: World, provider: Person, browser: Browser
) -> None:
    page = open_page(world)
    ana = browser.sign_in("ana@northwind.example")
    ana.post(f"{page.path}/payments", {"card": "pm_card_visa_chargeDeclined"})
    [event] = [e for e in events_of(world) if e["type"] == "customer.subscription.created"]
    event["data"]["object"]["status"] = "active"
    assert deliver(world, provider, event) == 200
    run_due_jobs()
    assert state_of(world) == "draft"


def test_an_event_of_an_unknown_customer_is_kept_and_ignored(
    world: World, provider: Person, paid: list[dict[str, Any]]
) -> None:
    [event] = [event for event in paid if event["type"] == "invoice.paid"]
    event["data"]["object"]["customer"] = "cus_stranger"
    event["data"]["object"]["metadata"] = {"workspace": str(world.workspaces["Acme"])}
    assert deliver(world, provider, event) == 200
    run_due_jobs()
    assert state_of(world) == "draft"
    with db.transaction(agency_scope(world)) as session:
        assert session.scalars(sa.select(StripeEvent.state)).all() == ["ignored"]


def test_a_type_we_do_not_follow_is_kept(
    world: World, provider: Person, paid: list[dict[str, Any]]
) -> None:
    [event] = [event for event in paid if event["type"] == "product.created"][:1]
    assert deliver(world, provider, event) == 200
    assert count_stored(world) == 1


@pytest.mark.parametrize(
    "age",
    [timedelta(seconds=301), timedelta(days=-1), timedelta(seconds=-310), timedelta(days=400)],
    ids=str,
)
def test_a_signature_too_old_or_from_the_future_is_refused(
    world: World, provider: Person, paid: list[dict[str, Any]], age: timedelta
) -> None:
    body, headers = signed(world, paid[-1], age=age)
    assert send(world, provider, body, headers) == 400
    assert count_stored(world) == 0


def test_a_tampered_body_is_refused(
    world: World, provider: Person, paid: list[dict[str, Any]]
) -> None:
    body, headers = signed(world, paid[-1])
    assert send(world, provider, body.replace(b'"paid"', b'"PAID"', 1), headers) == 400
    assert send(world, provider, body + b" ", headers) == 400
    assert send(world, provider, body, headers) == 200


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "nonsense",
        "t=,v1=",
        "t=x,v1=y",
        "v1=abc",
        "t=1",
        "t=99999999999999999999,v1=a",
        "t=-1,v1=ä",
    ],
)
def test_a_missing_or_broken_signature_is_refused(
    world: World, provider: Person, paid: list[dict[str, Any]], header: str | None
) -> None:
    body, _ = signed(world, paid[-1])
    headers = {} if header is None else {"Stripe-Signature": header.encode().decode("latin-1")}
    assert send(world, provider, body, headers) == 400


def test_only_the_current_scheme_of_signatures_counts(
    world: World, provider: Person, paid: list[dict[str, Any]]
) -> None:
    body, headers = signed(world, paid[-1])
    assert (
        send(world, provider, body, {k: v.replace("v1=", "v0=") for k, v in headers.items()}) == 400
    )


def test_a_body_that_is_no_text_or_no_event_is_refused(world: World, provider: Person) -> None:
    with db.transaction(agency_scope(world)):
        secret = webhook_secret_of(the_account())
    for body in ("[]", "3", "{", "{}", '{"livemode": false}', '{"livemode": false, "id": 3}'):
        header = sign_event(body, secret=secret, now=utc_now())
        assert send(world, provider, body.encode(), {"Stripe-Signature": header}) == 400
    assert send(world, provider, b"\xff\xfe", {"Stripe-Signature": "t=1,v1=a"}) == 400


def test_an_event_of_the_other_mode_is_refused(
    world: World, provider: Person, paid: list[dict[str, Any]]
) -> None:
    assert deliver(world, provider, {**paid[-1], "livemode": True}) == 400


def test_another_agencys_secret_and_another_agencys_host_do_not_open_the_door(
    world: World, provider: Person, browser: Browser, paid: list[dict[str, Any]]
) -> None:
    an_agency_that_sells(world, "Southgate")
    body, headers = signed(world, paid[-1])
    mallory = browser.anonymous("southgate.localhost")
    assert send(world, mallory, body, headers) == 404
    answer = mallory.client.post(
        f"/hooks/stripe/{public_id_of(world, 'Southgate')}",
        base_url="http://southgate.localhost",
        data=body,
        headers=headers,
    )
    assert answer.status_code == 400
