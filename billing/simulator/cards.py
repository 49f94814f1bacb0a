"""Payment methods by the provider's test tokens, and what the bank says to each."""

from dataclasses import dataclass
from typing import Any

from billing.simulator import shapes
from billing.simulator.errors import Refusal, no_such
from billing.simulator.world import Object, World

PAYMENT_METHOD = "_payment_method.PaymentMethod"


@dataclass(frozen=True)
class TestCard:
    """A card that only exists in test mode; `outcome` tells people what will happen."""

    token: str
    brand: str
    last4: str
    outcome: str
    decline_code: str | None = None
    refusal: str = ""
    refused_when_attached: bool = False

    @property
    def label(self) -> str:
        """The card in words."""
        return f"{self.brand.capitalize()} ending in {self.last4}"


TEST_CARDS = (
    TestCard("pm_card_visa", "visa", "4242", "Pays"),
    TestCard("pm_card_mastercard", "mastercard", "4444", "Pays"),
    TestCard(
        "pm_card_visa_chargeDeclined", "visa", "0002", "Is declined",
        "generic_decline", "Your card was declined.", refused_when_attached=True,
    ),
    TestCard(
        "pm_card_chargeDeclinedInsufficientFunds", "visa", "9995", "Has too little money on it",
        "insufficient_funds", "Your card has insufficient funds.", refused_when_attached=True,
    ),
    TestCard(
        "pm_card_chargeCustomerFail", "visa", "0341", "Is kept, then declined",
        "generic_decline", "Your card was declined.",
    ),
)  # fmt: skip


def find_test_card(token: str) -> TestCard | None:
    """The test card of a token."""
    return next((card for card in TEST_CARDS if card.token == token), None)


def attach_card(world: World, params: dict[str, Any], payment_method: str) -> Object:
    """The card kept with its customer, for later payments."""
    customer = world.get(params["customer"], "customer", param="customer")
    card = find_test_card(payment_method)
    if card is None:
        raise no_such("PaymentMethod", payment_method)
    if card.refused_when_attached:
        raise declined(card)
    return keep_card(world, card, customer["id"])


def keep_card(world: World, card: TestCard, customer_id: str) -> Object:
    """A payment method made of a test card."""
    details = shapes.make(
        "_payment_method.PaymentMethod.Card",
        brand=card.brand,
        last4=card.last4,
        exp_month=12,
        exp_year=world.now.year + 3,
        funding="credit",
        country="US",
    )
    kept = world.create(
        PAYMENT_METHOD, "pm", type="card", card=details, customer=customer_id, metadata={}
    )
    world.emit("payment_method.attached", kept)
    return kept


def declined(card: TestCard) -> Refusal:
    """The bank's no."""
    return Refusal(
        card.refusal,
        status=402,
        kind="card_error",
        code="card_declined",
        decline_code=card.decline_code,
    )
