"""Products and prices of the simulated account."""

from typing import Any

from billing.simulator import shapes
from billing.simulator.errors import Refusal, missing_parameter
from billing.simulator.world import Object, World, page

PRODUCT = "_product.Product"
PRICE = "_price.Price"


def create_product(world: World, params: dict[str, Any]) -> Object:
    """A product without prices."""
    product = world.create(PRODUCT, "prod", active=True, updated=world.timestamp, **params)
    world.emit("product.created", product)
    return product


def create_price(world: World, params: dict[str, Any]) -> Object:
    """A price of a product, for once or for each interval."""
    for name in ("product", "unit_amount"):
        if name not in params:
            raise missing_parameter(name)
    world.get(params["product"], "product", param="product")
    lookup_key = params.get("lookup_key")
    if lookup_key and any(price["lookup_key"] == lookup_key for price in world.store.list("price")):
        message = f"A price with lookup key {lookup_key!r} exists already."
        raise Refusal(message, param="lookup_key")
    recurring = params.pop("recurring", None)
    price = world.create(
        PRICE,
        "price",
        active=True,
        billing_scheme="per_unit",
        tax_behavior="unspecified",
        type="recurring" if recurring else "one_time",
        recurring=recurring and _recurring(recurring),
        unit_amount_decimal=str(params["unit_amount"]),
        **params,
    )
    world.emit("price.created", price)
    return price


def list_prices(world: World, params: dict[str, Any]) -> Object:
    """Prices by lookup key, product or state."""
    found = [
        price
        for price in world.store.list("price")
        if price["lookup_key"] in params.get("lookup_keys", [price["lookup_key"]])
        and price["product"] == params.get("product", price["product"])
        and price["active"] == params.get("active", price["active"])
    ]
    return page(found, params, "/v1/prices")


def _recurring(params: dict[str, Any]) -> Object:
    return shapes.make(
        "_price.Price.Recurring", usage_type="licensed", **{"interval_count": 1, **params}
    )
