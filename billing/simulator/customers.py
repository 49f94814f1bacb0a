"""Customers of the simulated account."""

from typing import Any

from billing.simulator import shapes
from billing.simulator.world import Object, World

CUSTOMER = "_customer.Customer"


def create_customer(world: World, params: dict[str, Any]) -> Object:
    """A customer without a payment method."""
    customer = world.create(
        CUSTOMER,
        "cus",
        invoice_prefix="SANDBOX",
        next_invoice_sequence=1,
        balance=0,
        invoice_settings=shapes.make("_customer.Customer.InvoiceSettings"),
        **params,
    )
    world.emit("customer.created", customer)
    return customer


def update_customer(world: World, params: dict[str, Any], customer: str) -> Object:
    """The customer with other details."""
    changed = world.change(world.get(customer, "customer"), CUSTOMER, **params)
    world.emit("customer.updated", changed)
    return changed


def take_invoice_number(world: World, customer_id: str) -> str:
    """The next number of this customer's invoices."""
    customer = world.get(customer_id, "customer")
    sequence: int = customer["next_invoice_sequence"]
    world.change(customer, CUSTOMER, next_invoice_sequence=sequence + 1)
    return f"{customer['invoice_prefix']}-{sequence:04d}"
