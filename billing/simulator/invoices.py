"""Invoices of the simulated account: made open, then paid or left unpaid."""

from dataclasses import dataclass

from billing.simulator import shapes
from billing.simulator.customers import take_invoice_number
from billing.simulator.world import Object, World, new_object_id

INVOICE = "_invoice.Invoice"


@dataclass(frozen=True)
class Period:
    """From and to, in seconds."""

    start: int
    end: int


@dataclass(frozen=True)
class Line:
    """What is charged: a price, some of it, for a period."""

    price: Object
    quantity: int
    description: str
    period: Period

    @property
    def amount(self) -> int:
        """The line's sum in minor units."""
        amount: int = self.price["unit_amount"] * self.quantity
        return amount


def open_first_invoice(world: World, subscription: Object, lines: list[Line]) -> Object:
    """The finalised, unpaid invoice that starts a subscription."""
    total = sum(line.amount for line in lines)
    customer = world.get(subscription["customer"], "customer")
    invoice_id = new_object_id("in")
    invoice = world.create(
        INVOICE,
        "in",
        id=invoice_id,
        number=take_invoice_number(world, customer["id"]),
        status="open",
        auto_advance=True,
        billing_reason="subscription_create",
        collection_method="charge_automatically",
        currency=subscription["currency"],
        customer=customer["id"],
        customer_name=customer["name"],
        customer_email=customer["email"],
        effective_at=world.timestamp,
        period_start=world.timestamp,
        period_end=world.timestamp,
        lines=_list([_line_item(world, invoice_id, subscription, line) for line in lines]),
        subtotal=total,
        subtotal_excluding_tax=total,
        total=total,
        total_excluding_tax=total,
        amount_due=total,
        amount_remaining=total,
        metadata={},
        parent=_parent(subscription),
        status_transitions={
            "finalized_at": world.timestamp,
            "marked_uncollectible_at": None,
            "paid_at": None,
            "voided_at": None,
        },
    )
    world.emit("invoice.created", invoice)
    world.emit("invoice.finalized", invoice)
    return invoice


def pay_invoice(world: World, invoice: Object) -> Object:
    """The invoice, paid in full."""
    paid = world.change(
        invoice,
        INVOICE,
        status="paid",
        attempted=True,
        attempt_count=invoice["attempt_count"] + 1,
        amount_paid=invoice["amount_due"],
        amount_remaining=0,
        status_transitions={**invoice["status_transitions"], "paid_at": world.timestamp},
    )
    world.emit("invoice.paid", paid)
    return paid


def fail_invoice(world: World, invoice: Object) -> Object:
    """The invoice after the bank said no: still open, one attempt more."""
    failed = world.change(
        invoice, INVOICE, attempted=True, attempt_count=invoice["attempt_count"] + 1
    )
    world.emit("invoice.payment_failed", failed)
    return failed


def _parent(subscription: Object) -> Object:
    details = shapes.make(
        "_invoice.Invoice.Parent.SubscriptionDetails",
        subscription=subscription["id"],
        metadata=subscription["metadata"],
    )
    return shapes.make(
        "_invoice.Invoice.Parent", type="subscription_details", subscription_details=details
    )


def _line_item(world: World, invoice_id: str, subscription: Object, line: Line) -> Object:
    price = shapes.make(
        "_invoice_line_item.InvoiceLineItem.Pricing.PriceDetails",
        price=line.price["id"],
        product=line.price["product"],
    )
    pricing = shapes.make(
        "_invoice_line_item.InvoiceLineItem.Pricing",
        type="price_details",
        price_details=price,
        unit_amount_decimal=line.price["unit_amount_decimal"],
    )
    return world.create(
        "_invoice_line_item.InvoiceLineItem",
        "il",
        invoice=invoice_id,
        subscription=subscription["id"],
        amount=line.amount,
        subtotal=line.amount,
        currency=line.price["currency"],
        description=line.description,
        discountable=True,
        quantity=line.quantity,
        period={"start": line.period.start, "end": line.period.end},
        pricing=pricing,
    )


def _list(values: list[Object]) -> Object:
    return {"object": "list", "data": values, "has_more": False, "url": "/v1/invoices/lines"}
