"""The only door to the stripe library: calls, signatures, and errors in our own words."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import stripe

from billing.errors import BadSignature, GatewayRefused, GatewayUnavailable
from billing.gateway_interface import CheckoutOrder, CheckoutPage, Object, PriceSpec

TOLERANCE = timedelta(seconds=300)
API_VERSION = stripe.api_version

Answer = tuple[str, int, Mapping[str, str]]
AnswerFunction = Callable[[str, str, Mapping[str, str], str | None], Answer]


class SimulatedTransport(stripe.HTTPClient):
    """The library's HTTP client without a network: each request goes to a function."""

    name = "sandbox"

    def __init__(self, answer: AnswerFunction) -> None:
        super().__init__()
        self._answer = answer

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        **_: Any,
    ) -> Answer:
        """The answer to one request."""
        return self._answer(method.upper(), url, headers or {}, post_data)

    def close(self) -> None:
        """Nothing is open."""


def stripe_client(key: str, *, transport: stripe.HTTPClient | None = None) -> stripe.StripeClient:
    """The library's client; with a transport of ours nothing is worth a second try."""
    return stripe.StripeClient(
        key, http_client=transport, max_network_retries=0 if transport else 2
    )


class StripeGateway:
    """One account at Stripe, real or simulated."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._v1 = client.v1

    def create_customer(
        self, *, name: str, metadata: dict[str, str], idempotency_key: str
    ) -> Object:
        """A customer; the same key gives the same one."""
        with _translated():
            made = self._v1.customers.create(
                {"name": name, "metadata": metadata}, {"idempotency_key": idempotency_key}
            )
            return _plain(made)

    def open_checkout(self, order: CheckoutOrder, *, idempotency_key: str) -> CheckoutPage:
        """A Checkout session in subscription mode, one-off lines on its first invoice."""
        with _translated():
            prices = [self._find_or_create_price(line) for line in order.lines]
            session = self._v1.checkout.sessions.create(
                {
                    "mode": "subscription",
                    "customer": order.customer_id,
                    "client_reference_id": str(order.workspace_id),
                    "line_items": [{"price": price, "quantity": 1} for price in prices],
                    "success_url": order.success_url,
                    "cancel_url": order.cancel_url,
                    "metadata": order.metadata,
                    "subscription_data": {"metadata": order.metadata},
                },
                {"idempotency_key": idempotency_key},
            )
            return CheckoutPage(
                session_id=session.id,
                url=str(session.url),
                expires_at=datetime.fromtimestamp(session.expires_at, UTC),
            )

    def close_checkout(self, session_id: str) -> None:
        """Expire an open session."""
        with _translated():
            self._v1.checkout.sessions.expire(session_id)

    def retrieve(self, kind: str, object_id: str) -> Object | None:
        """The latest object of a mirrored kind."""
        retrievers: dict[str, Callable[[str], stripe.StripeObject]] = {
            "checkout.session": self._v1.checkout.sessions.retrieve,
            "customer": self._v1.customers.retrieve,
            "invoice": self._v1.invoices.retrieve,
            "subscription": self._v1.subscriptions.retrieve,
        }
        with _translated():
            try:
                return _plain(retrievers[kind](object_id))
            except stripe.InvalidRequestError as error:
                if error.code == "resource_missing":
                    return None
                raise

    def list_subscriptions(self, customer_id: str) -> list[Object]:
        """All subscriptions of a customer, canceled ones too."""
        with _translated():
            found = self._v1.subscriptions.list(
                {"customer": customer_id, "status": "all", "limit": 100}
            )
            return [_plain(subscription) for subscription in found.auto_paging_iter()]

    def _find_or_create_price(self, spec: PriceSpec) -> str:
        """The price of this lookup key. Prices never change, so a key is made of what it costs."""
        found = self._v1.prices.list({"lookup_keys": [spec.lookup_key], "active": True})
        if found.data:
            return found.data[0].id
        product = self._v1.products.create(
            {"name": spec.name}, {"idempotency_key": f"product:{spec.lookup_key}"}
        )
        terms: dict[str, Any] = {
            "product": product.id,
            "unit_amount": spec.amount_minor,
            "currency": spec.currency.lower(),
            "lookup_key": spec.lookup_key,
        }
        if spec.interval is not None:
            terms["recurring"] = {"interval": spec.interval}
        price = self._v1.prices.create(
            cast("Any", terms), {"idempotency_key": f"price:{spec.lookup_key}"}
        )
        return price.id


def read_signed_event(body: bytes, header: str | None, *, secret: str, now: datetime) -> Object:
    """The event in a webhook's raw body, once its sender and its age are proved.

    The library accepts any future time, so both directions are checked here.
    Raises: BadSignature.
    """
    if header is not None and not header.isascii():
        raise BadSignature  # the library compares texts, and crashes on these
    try:
        stripe.WebhookSignature.verify_header(body, header, secret, tolerance=None)
        event: Object = json.loads(body)
    except (stripe.SignatureVerificationError, ValueError) as error:
        raise BadSignature from error
    if abs(now - _signed_at(header or "")) > TOLERANCE:
        raise BadSignature
    match event:
        case {
            "id": str(),
            "type": str(),
            "created": int(),
            "livemode": bool(),
            "data": {"object": {"object": str()}},
        }:
            return event
    raise BadSignature


def sign_event(body: str, *, secret: str, now: datetime) -> str:
    """The signature header Stripe would send with this body."""
    header: str = stripe.WebhookSignature.generate_signature_header(
        body, secret, int(now.timestamp())
    )
    return header


def _signed_at(header: str) -> datetime:
    """The first time in a header the library has accepted; it reads the first one too."""
    stamp = next(part[2:] for part in header.split(",") if part.startswith("t="))
    try:
        return datetime.fromtimestamp(int(stamp), UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise BadSignature from error


def _plain(value: stripe.StripeObject) -> Object:
    plain: Object = json.loads(json.dumps(value.to_dict(), default=str))
    return plain


@contextmanager
def _translated() -> Iterator[None]:
    """The library's errors as refusals of ours."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise GatewayUnavailable from error
    except stripe.CardError as error:
        raise GatewayRefused(error.user_message) from error
    except stripe.APIError as error:
        if error.http_status == 501:
            raise
        raise GatewayUnavailable from error
    except stripe.StripeError as error:
        raise GatewayRefused from error
