"""Checkout of the simulated account: a session, its hosted page's one action, its end."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from billing.simulator import shapes
from billing.simulator.cards import TestCard, keep_card
from billing.simulator.customers import CUSTOMER
from billing.simulator.errors import Refusal, missing_parameter, not_simulated
from billing.simulator.invoices import fail_invoice, pay_invoice
from billing.simulator.subscriptions import activate_subscription, begin_subscription
from billing.simulator.world import Object, World, new_object_id, page

SESSION = "checkout._session.Session"
LIFETIME = timedelta(hours=24)
PAGE_PATH = "/_sandbox/checkout/"
_PREFIX = "cs_test"


@dataclass(frozen=True)
class SessionLine:
    """One line of a session, with what it costs."""

    price: Object
    quantity: int
    name: str

    @property
    def amount(self) -> int:
        """The line's sum in minor units."""
        amount: int = self.price["unit_amount"] * self.quantity
        return amount


def create_session(world: World, params: dict[str, Any]) -> Object:
    """An open session for a subscription, with lines that are paid once beside it."""
    for name in ("mode", "customer", "success_url", "line_items"):
        if name not in params:
            raise missing_parameter(name)
    if params["mode"] != "subscription":
        raise not_simulated("checkout mode", params["mode"])
    world.get(params["customer"], "customer", param="customer")
    lines = params.pop("line_items")
    subscription_metadata = params.pop("subscription_data", {}).get("metadata", {})
    session_id = new_object_id(_PREFIX)
    world.store.put(
        {
            "object": "session_lines",
            "id": f"lines_{session_id}",
            "lines": lines,
            "subscription_metadata": subscription_metadata,
            "subscription": None,
        }
    )
    read = read_lines(world, session_id)
    if sum(line.price["type"] == "recurring" for line in read) != 1:
        message = "You must provide one recurring price in `subscription` mode."
        raise Refusal(message, param="line_items")
    total = sum(line.amount for line in read)
    return world.create(
        SESSION,
        _PREFIX,
        id=session_id,
        status="open",
        payment_status="unpaid",
        amount_subtotal=total,
        amount_total=total,
        currency=read[0].price["currency"],
        expires_at=world.timestamp + int(LIFETIME.total_seconds()),
        payment_method_types=["card"],
        url=_page_url(params["success_url"], session_id),
        **params,
    )


def list_lines(world: World, params: dict[str, Any], session: str) -> Object:
    """What a session charges."""
    world.get(session, "checkout.session")
    items = [
        shapes.make(
            "_line_item.LineItem",
            id=f"li{session.removeprefix(_PREFIX)}{place}",
            price=line.price,
            quantity=line.quantity,
            description=line.name,
            currency=line.price["currency"],
            amount_subtotal=line.amount,
            amount_total=line.amount,
        )
        for place, line in enumerate(read_lines(world, session))
    ]
    return page(items, params, f"/v1/checkout/sessions/{session}/line_items")


def expire_session(world: World, params: dict[str, Any], session: str) -> Object:  # noqa: ARG001
    """The session, closed without a payment."""
    found = get_open_session(world, session)
    expired = world.change(found, SESSION, status="expired", url=None)
    world.emit("checkout.session.expired", expired)
    return expired


def pay_session(world: World, session_id: str, card: TestCard) -> bool:
    """Press the button of the hosted page: True when the bank said yes.

    A declined card leaves the session open and its subscription incomplete; the next card pays the
    same invoice. Raises: Refusal when the session is over.
    """
    session = get_open_session(world, session_id)
    subscription = _subscription_of(world, session)
    invoice = world.get(subscription["latest_invoice"], "invoice")
    if card.decline_code is not None:
        fail_invoice(world, invoice)
        return False
    kept = keep_card(world, card, session["customer"])
    pay_invoice(world, invoice)
    activate_subscription(world, subscription, kept["id"])
    customer = world.get(session["customer"], "customer")
    settings = {**customer["invoice_settings"], "default_payment_method": kept["id"]}
    world.change(customer, CUSTOMER, invoice_settings=settings)
    complete = world.change(
        session,
        SESSION,
        status="complete",
        payment_status="paid",
        subscription=subscription["id"],
        invoice=invoice["id"],
        url=None,
    )
    world.emit("checkout.session.completed", complete)
    return True


def get_open_session(world: World, session_id: str) -> Object:
    """The session, while it can be paid. Raises: Refusal."""
    session = world.get(session_id, "checkout.session")
    if session["status"] != "open" or world.timestamp >= session["expires_at"]:
        message = "This Checkout Session is no longer open."
        raise Refusal(message, code="resource_already_exists")
    return session


def read_lines(world: World, session_id: str) -> list[SessionLine]:
    """What a session charges, with prices from the catalogue."""
    lines = []
    for line in world.get(f"lines_{session_id}", "session_lines")["lines"]:
        price = world.get(line["price"], "price", param="line_items")
        name = world.get(price["product"], "product")["name"]
        lines.append(SessionLine(price, line.get("quantity", 1), name))
    return lines


def session_id_of(page_id: UUID) -> str:
    """The session whose page has this id."""
    return f"{_PREFIX}_{page_id.hex}"


def _subscription_of(world: World, session: Object) -> Object:
    """The subscription this session pays for, begun at the first attempt."""
    kept = world.get(f"lines_{session['id']}", "session_lines")
    if kept["subscription"] is not None:
        return world.get(kept["subscription"], "subscription")
    lines = read_lines(world, session["id"])
    plan = next(line for line in lines if line.price["type"] == "recurring")
    subscription = begin_subscription(
        world,
        customer_id=session["customer"],
        plan=(plan.price, plan.quantity),
        once=[(line.price, line.quantity) for line in lines if line is not plan],
        metadata=kept["subscription_metadata"],
    )
    world.store.put({**kept, "subscription": subscription["id"]})
    return subscription


def _page_url(success_url: str, session_id: str) -> str:
    """The page stands on the host the payer returns to, so it carries that host's brand."""
    parts = urlsplit(success_url)
    page_id = UUID(session_id.removeprefix(f"{_PREFIX}_"))
    return f"{parts.scheme}://{parts.netloc}{PAGE_PATH}{page_id}"
