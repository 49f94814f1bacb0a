from datetime import UTC, datetime

import pytest

from billing.contracts.queries import find_contract, list_service_states
from billing.enforcement import find_entitlement
from billing.entitlements import Key
from billing.errors import AlreadyPaid, TierVersionInUse
from billing.mirror.queries import find_customer_of, list_mirrored
from billing.simulator.cards import TEST_CARDS
from tenants.db import db
from tests.billing.scenes import (
    DONE,
    agency_scope,
    an_agency_that_sells,
    events_of,
    open_page,
    state_of,
    the_account,
    tier_version,
)
from tests.browser import Browser
from tests.factories.cast import World
from tests.factories.work import run_due_jobs

VISA, DECLINED = "pm_card_visa", "pm_card_visa_chargeDeclined"
ANA = "ana@northwind.example"


@pytest.fixture(autouse=True)
def _selling(world: World) -> None:
    an_agency_that_sells(world)


def test_a_paid_checkout_makes_the_client_live(world: World, browser: Browser) -> None:
    page, ana = open_page(world), browser.sign_in(ANA)
    shown = ana.get(page.path).get_data(as_text=True)
    assert "Test mode" in shown
    assert "€1,490.00" in shown
    assert "€1,990.00" in shown
    answer = ana.post(f"{page.path}/payments", {"card": VISA})
    assert (answer.status_code, answer.location) == (303, DONE)
    assert state_of(world) == "draft"
    run_due_jobs()
    assert state_of(world) == "live"
    with db.transaction(world.system_scope("Acme")):
        history = list_service_states(world.workspaces["Acme"])
        contract = find_contract(world.workspaces["Acme"])
        assert [row.state for row in history] == ["draft", "live"]
        assert contract is not None
        assert contract.starts_at is not None
        customer = find_customer_of(world.workspaces["Acme"], billing_account_id=the_account().id)
        assert customer is not None
        [invoice] = list_mirrored("invoice", customer_id=customer.customer_id, livemode=False)
        assert (invoice.data["status"], invoice.data["amount_paid"]) == ("paid", 199_000)


def test_a_declined_card_leaves_a_draft_and_another_card_pays(
    world: World, browser: Browser
) -> None:
    page, ana = open_page(world), browser.sign_in(ANA)
    answer = ana.post(f"{page.path}/payments", {"card": DECLINED})
    assert answer.status_code == 402
    assert "Your card was declined. Nothing was charged." in answer.get_data(as_text=True)
    run_due_jobs()
    assert state_of(world) == "draft"
    ana.post(f"{page.path}/payments", {"card": VISA})
    run_due_jobs()
    assert state_of(world) == "live"


def test_the_page_offers_every_test_card_by_name(world: World, browser: Browser) -> None:
    shown = browser.sign_in(ANA).get(open_page(world).path).get_data(as_text=True)
    for card in TEST_CARDS:
        assert f'value="{card.token}"' in shown
        assert card.label in shown


def test_a_card_nobody_knows_is_refused_at_the_form(world: World, browser: Browser) -> None:
    answer = browser.sign_in(ANA).post(f"{open_page(world).path}/payments", {"card": "4242"})
    assert answer.status_code == 422
    assert "Choose one of the test cards." in answer.get_data(as_text=True)


def test_coming_back_to_the_success_page_proves_nothing(world: World, browser: Browser) -> None:
    open_page(world)
    browser.sign_in(ANA).get(DONE.removeprefix("http://northwind.localhost"))
    run_due_jobs()
    assert state_of(world) == "draft"


def test_the_price_comes_from_the_tier_and_not_from_the_form(
    world: World, browser: Browser
) -> None:
    page, ana = open_page(world), browser.sign_in(ANA)
    ana.post(
        f"{page.path}/payments",
        {"card": VISA, "amount": "1", "unit_amount": "1", "coupon": "free", "quantity": "0"},
    )
    [paid] = [event for event in events_of(world) if event["type"] == "invoice.paid"]
    assert paid["data"]["object"]["total"] == 199_000


def test_asking_twice_gives_the_same_page(world: World) -> None:
    assert open_page(world) == open_page(world)


def test_another_tier_closes_the_page_and_opens_a_new_one(world: World, browser: Browser) -> None:
    first, second, ana = open_page(world), open_page(world, tier="premium"), browser.sign_in(ANA)
    assert ana.get(first.path).status_code == 409
    assert "€3,990.00" in ana.get(second.path).get_data(as_text=True)


def test_a_client_that_has_paid_is_not_asked_again(world: World, browser: Browser) -> None:
    page = open_page(world)
    browser.sign_in(ANA).post(f"{page.path}/payments", {"card": VISA})
    with pytest.raises(AlreadyPaid, match="being confirmed"):
        open_page(world)
    run_due_jobs()
    with pytest.raises(AlreadyPaid, match="has paid already"):
        open_page(world, tier="premium")


def test_a_version_a_client_is_on_never_changes(world: World) -> None:
    open_page(world)
    with pytest.raises(TierVersionInUse), db.transaction(agency_scope(world)):
        tier_version("growth").price_minor = 1
    with db.transaction(agency_scope(world)):
        tier_version("premium").price_minor = 360_000
    with db.transaction(agency_scope(world)):
        assert tier_version("growth").price_minor == 149_000
        assert tier_version("premium").price_minor == 360_000


def test_the_contract_brings_the_tiers_entitlements(world: World) -> None:
    now = datetime.now(UTC)
    with db.transaction(world.system_scope("Acme")):
        assert find_entitlement(world.workspaces["Acme"], Key.MACROS_MAX, now=now).value == 40
    open_page(world)
    with db.transaction(world.system_scope("Acme")):
        found = find_entitlement(world.workspaces["Acme"], Key.MACROS_MAX, now=now)
        assert (found.value, found.source) == (100, "tier")


@pytest.mark.parametrize("name", ["max", "leo"])
def test_only_those_who_see_money_see_the_page(world: World, browser: Browser, name: str) -> None:
    page, person = open_page(world), browser.sign_in(f"{name}@northwind.example")
    assert person.get(page.path).status_code == 403
    assert person.post(f"{page.path}/payments", {"card": VISA}).status_code == 403


def test_mallory_finds_no_page_and_pays_nothing(world: World, browser: Browser) -> None:
    an_agency_that_sells(world, "Southgate")
    page, mallory = open_page(world), browser.sign_in("mallory@southgate.example")
    unknown = "/_sandbox/checkout/00000000-0000-7000-8000-000000000000"
    assert mallory.get(page.path).status_code == 404
    assert mallory.get(page.path).data == mallory.get(unknown).data
    assert mallory.post(f"{page.path}/payments", {"card": VISA}).status_code == 404
    run_due_jobs()
    assert state_of(world) == "draft"
