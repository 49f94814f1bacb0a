"""Subscriptions of the simulated account: begun incomplete, active once their invoice is paid."""

import calendar
from datetime import UTC, datetime
from typing import Any

from billing.simulator import shapes
from billing.simulator.errors import not_simulated
from billing.simulator.invoices import Line, Period, open_first_invoice
from billing.simulator.world import Object, World, new_object_id, page

SUBSCRIPTION = "_subscription.Subscription"


def begin_subscription(
    world: World,
    *,
    customer_id: str,
    plan: tuple[Object, int],
    once: list[tuple[Object, int]],
    metadata: dict[str, str],
) -> Object:
    """An incomplete subscription with an open invoice: the first period, and what is paid once."""
    price, quantity = plan
    period = Period(world.timestamp, _period_end(world.now, price["recurring"]))
    subscription_id = new_object_id("sub")
    subscription = world.create(
        SUBSCRIPTION,
        "sub",
        id=subscription_id,
        status="incomplete",
        customer=customer_id,
        currency=price["currency"],
        collection_method="charge_automatically",
        billing_cycle_anchor=world.timestamp,
        start_date=world.timestamp,
        metadata=metadata,
        items=_items(world, subscription_id, price, quantity, period),
    )
    now = Period(world.timestamp, world.timestamp)
    invoice = open_first_invoice(
        world,
        subscription,
        [
            Line(price, quantity, _name_of(world, price), period),
            *(Line(fee, count, _name_of(world, fee), now) for fee, count in once),
        ],
    )
    subscription = world.change(subscription, SUBSCRIPTION, latest_invoice=invoice["id"])
    world.emit("customer.subscription.created", subscription)
    return subscription


def activate_subscription(world: World, subscription: Object, payment_method: str) -> Object:
    """The subscription, paid for its first period with a card it keeps."""
    active = world.change(
        subscription, SUBSCRIPTION, status="active", default_payment_method=payment_method
    )
    world.emit("customer.subscription.updated", active)
    return active


def list_subscriptions(world: World, params: dict[str, Any]) -> Object:
    """Subscriptions of a customer; without a status, those that are not canceled."""
    status = params.get("status")
    found = [
        subscription
        for subscription in world.store.list("subscription")
        if subscription["customer"] == params.get("customer", subscription["customer"])
        and (
            status in {"all", subscription["status"]}
            or (status is None and subscription["status"] != "canceled")
        )
    ]
    return page(found, params, "/v1/subscriptions")


def _items(
    world: World, subscription_id: str, price: Object, quantity: int, period: Period
) -> Object:
    item = world.create(
        "_subscription_item.SubscriptionItem",
        "si",
        subscription=subscription_id,
        price=price,
        plan=_plan(price),
        quantity=quantity,
        current_period_start=period.start,
        current_period_end=period.end,
    )
    return {"object": "list", "data": [item], "has_more": False, "url": "/v1/subscription_items"}


def _plan(price: Object) -> Object:
    return shapes.make(
        "_plan.Plan",
        id=price["id"],
        active=True,
        amount=price["unit_amount"],
        amount_decimal=price["unit_amount_decimal"],
        billing_scheme="per_unit",
        created=price["created"],
        currency=price["currency"],
        interval=price["recurring"]["interval"],
        interval_count=price["recurring"]["interval_count"],
        product=price["product"],
        usage_type="licensed",
    )


def _name_of(world: World, price: Object) -> str:
    name: str = world.get(price["product"], "product")["name"]
    return name


def _period_end(start: datetime, recurring: Object) -> int:
    """The same day of a later month; the last day where that month is shorter."""
    months = {"month": 1, "year": 12}.get(recurring["interval"])
    if months is None:
        raise not_simulated("interval", recurring["interval"])
    start = start.astimezone(UTC)
    index = start.year * 12 + start.month - 1 + months * recurring["interval_count"]
    year, month = divmod(index, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return int(start.replace(year=year, month=month + 1, day=day).timestamp())
