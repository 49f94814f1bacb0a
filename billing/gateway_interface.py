"""What the product asks of a payment provider."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

Object = dict[str, Any]


@dataclass(frozen=True)
class PriceSpec:
    """A price of ours, found again at the provider by its lookup key."""

    lookup_key: str
    name: str
    amount_minor: int
    currency: str
    interval: str | None = None


@dataclass(frozen=True)
class CheckoutOrder:
    """What one payment page shall sell: a subscription, and what is paid once beside it."""

    workspace_id: UUID
    customer_id: str
    lines: tuple[PriceSpec, ...]
    success_url: str
    cancel_url: str
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckoutPage:
    """A payment page at the provider."""

    session_id: str
    url: str
    expires_at: datetime


class Gateway(Protocol):
    """A payment provider's account. Errors are DomainErrors: refused, or unavailable."""

    def create_customer(
        self, *, name: str, metadata: dict[str, str], idempotency_key: str
    ) -> Object:
        """A customer at the provider."""

    def open_checkout(self, order: CheckoutOrder, *, idempotency_key: str) -> CheckoutPage:
        """A payment page; the same key gives the same page."""

    def close_checkout(self, session_id: str) -> None:
        """Make an open payment page unusable."""

    def retrieve(self, kind: str, object_id: str) -> Object | None:
        """The object as it is now; None when the account has none."""

    def list_subscriptions(self, customer_id: str) -> list[Object]:
        """Every subscription of a customer as it is now, in any status."""
