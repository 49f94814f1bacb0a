"""What billing tests talk about: an agency that sells tiers, and a client on its payment page."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from billing.accounts.models import BillingAccount
from billing.accounts.operations import open_sandbox_account, webhook_secret_of
from billing.accounts.queries import find_billing_account
from billing.checkout.operations import start_checkout
from billing.contracts.queries import current_service_state
from billing.gateways import open_world
from billing.stripe_gateway import sign_event
from billing.tiers.models import TierVersion
from billing.tiers.operations import seed_default_tiers
from billing.tiers.queries import list_current_tier_versions
from tenants.context import SYSTEM, Scope
from tenants.db import db
from tenants.workspaces.queries import get_agency, get_workspace
from tests.factories.cast import World

NOW = datetime(2026, 9, 14, 9, 30, tzinfo=UTC)
HOST = "http://northwind.localhost"
DONE = f"{HOST}/clients/acme"


@dataclass(frozen=True)
class Page:
    """A payment page that was opened."""

    url: str

    @property
    def path(self) -> str:
        """Its path on the agency's host."""
        return self.url.removeprefix(HOST)


def agency_scope(world: World, agency: str = "Northwind") -> Scope:
    """The system, working for a whole agency."""
    brands = {"Northwind": ("Acme", "Birch"), "Southgate": ("Cedar",)}[agency]
    ids = frozenset(world.workspaces[brand] for brand in brands)
    return Scope(world.agencies[agency], ids, SYSTEM, agency_wide=True)


def an_agency_that_sells(world: World, agency: str = "Northwind") -> None:
    """Default tiers, and a sandbox account to be paid through."""
    with db.transaction(agency_scope(world, agency)):
        seed_default_tiers(get_agency(), now=NOW)
        open_sandbox_account(now=NOW)


def tier_version(code: str) -> TierVersion:
    """The version on offer, in the open transaction."""
    return next(
        version for version in list_current_tier_versions(now=NOW) if version.tier.code == code
    )


def open_page(
    world: World, brand: str = "Acme", tier: str = "growth", *, now: datetime | None = None
) -> Page:
    """The payment page of a client."""
    with db.transaction(agency_scope(world)):
        workspace = get_workspace(world.workspaces[brand])
        now = now or datetime.now(UTC)
        return Page(
            start_checkout(
                workspace, tier_version(tier), success_url=DONE, cancel_url=DONE, now=now
            )
        )


def state_of(world: World, brand: str = "Acme") -> str:
    """Where service stands for a client."""
    with db.transaction(world.system_scope(brand)):
        return current_service_state(world.workspaces[brand])


def the_account() -> BillingAccount:
    """The agency's billing account, in the open transaction."""
    account = find_billing_account()
    assert account is not None
    return account


def public_id_of(world: World, agency: str = "Northwind") -> UUID:
    """What stands in the address of the agency's webhook."""
    with db.transaction(agency_scope(world, agency)):
        return the_account().public_id


def events_of(world: World) -> list[dict[str, Any]]:
    """Every event of Northwind's sandbox account, oldest first."""
    with db.transaction(agency_scope(world)):
        listed = open_world(the_account(), now=NOW).store.list("event")
        return list(reversed(listed))


def signed(
    world: World, event: dict[str, Any], *, age: timedelta = timedelta()
) -> tuple[bytes, dict[str, str]]:
    """The body and headers with which the provider would report an event."""
    body = json.dumps(event)
    with db.transaction(agency_scope(world)):
        secret = webhook_secret_of(the_account())
    signature = sign_event(body, secret=secret, now=datetime.now(UTC) - age)
    return body.encode(), {"Stripe-Signature": signature}
