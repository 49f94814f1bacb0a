"""Opening the payment page: what it costs comes from the tier version, never from a request."""

from datetime import datetime
from uuid import UUID

from billing.accounts.models import BillingAccount
from billing.accounts.queries import find_billing_account
from billing.checkout.models import Checkout
from billing.checkout.queries import count_checkouts, find_checkout, find_open_checkout
from billing.contracts.models import Contract
from billing.contracts.operations import choose_tier, open_contract
from billing.contracts.queries import current_service_state, find_contract
from billing.contracts.service_states import State
from billing.errors import AlreadyPaid, NoBillingAccount
from billing.gateway_interface import CheckoutOrder, Gateway, PriceSpec
from billing.gateways import open_gateway
from billing.mirror.models import BillingCustomer
from billing.mirror.queries import find_customer_of
from billing.tiers.models import TierVersion
from tenants.db import db
from tenants.ledger import record
from tenants.workspaces.models import Workspace


def start_checkout(
    workspace: Workspace,
    tier_version: TierVersion,
    *,
    success_url: str,
    cancel_url: str,
    now: datetime,
) -> str:
    """The address of the payment page for this client's first period and its set-up fee.

    Asked again while the page is open, the same page is given; another tier closes it and opens a
    new one. `tier_version.tier` must be loaded. Coming back to `success_url` proves nothing:
    service begins when the provider's event has been followed up.
    Raises: AlreadyPaid, NoBillingAccount, GatewayRefused, GatewayUnavailable.
    """
    account = find_billing_account()
    if account is None:
        raise NoBillingAccount
    contract = find_contract(workspace.id, lock=True) or open_contract(
        workspace.id, tier_version=tier_version, now=now
    )
    if current_service_state(workspace.id) is not State.DRAFT:
        raise AlreadyPaid
    gateway = open_gateway(account, now=now)
    still_open = _find_usable(workspace.id, tier_version, gateway)
    if still_open is not None:
        return str(still_open.url)
    choose_tier(contract, tier_version=tier_version, now=now)
    order = CheckoutOrder(
        workspace_id=workspace.id,
        customer_id=_ensure_customer(workspace, account, gateway, now=now).customer_id,
        lines=_lines_of(tier_version),
        success_url=success_url,
        cancel_url=cancel_url,
        metadata={"workspace": str(workspace.id), "contract": str(contract.id)},
    )
    return str(_open_page(contract, account, order, gateway, now=now).url)


def close_checkout(workspace_id: UUID, session_id: str, *, status: str) -> None:
    """Follow the provider's word that a page was paid, or ran out."""
    checkout = find_checkout(workspace_id, session_id)
    if checkout is not None and status in {"complete", "expired"}:
        checkout.state = status


def _find_usable(
    workspace_id: UUID, tier_version: TierVersion, gateway: Gateway
) -> Checkout | None:
    """The open page for this tier. A page for another tier, or one that ran out, is closed."""
    checkout = find_open_checkout(workspace_id)
    if checkout is None:
        return None
    session = gateway.retrieve("checkout.session", str(checkout.session_id))
    status = session["status"] if session else "expired"
    if status == "complete":
        message = "The payment has been made and is being confirmed."
        raise AlreadyPaid(message)
    if status == "open" and checkout.tier_version_id == tier_version.id:
        return checkout
    if status == "open":
        gateway.close_checkout(str(checkout.session_id))
    checkout.state = "expired"
    db.session.flush()  # one open page at a time
    return None


def _open_page(
    contract: Contract,
    account: BillingAccount,
    order: CheckoutOrder,
    gateway: Gateway,
    *,
    now: datetime,
) -> Checkout:
    """The attempt's number makes the key, so that a repeated call asks for the same page."""
    number = count_checkouts(contract.id, workspace_id=contract.workspace_id) + 1
    checkout = Checkout(
        workspace_id=contract.workspace_id,
        contract_id=contract.id,
        billing_account_id=account.id,
        tier_version_id=contract.tier_version_id,
        idempotency_key=f"contract:{contract.id}:checkout:{number}",
        state="open",
        created_at=now,
    )
    db.session.add(checkout)
    db.session.flush()  # the key is stored before the call
    page = gateway.open_checkout(order, idempotency_key=checkout.idempotency_key)
    checkout.session_id = page.session_id
    checkout.url = page.url
    checkout.expires_at = page.expires_at
    record("checkout.opened", checkout, at=now, data={"session": page.session_id})
    return checkout


def _ensure_customer(
    workspace: Workspace, account: BillingAccount, gateway: Gateway, *, now: datetime
) -> BillingCustomer:
    customer = find_customer_of(workspace.id, billing_account_id=account.id)
    if customer is None:
        made = gateway.create_customer(
            name=workspace.name,
            metadata={"workspace": str(workspace.id)},
            idempotency_key=f"workspace:{workspace.id}:customer",
        )
        customer = BillingCustomer(
            billing_account_id=account.id,
            client_id=workspace.id,
            customer_id=made["id"],
            created_at=now,
        )
        db.session.add(customer)
        db.session.flush()  # an event may name it as soon as this commits
    return customer


def _lines_of(version: TierVersion) -> tuple[PriceSpec, ...]:
    plan = PriceSpec(
        lookup_key=f"tier:{version.tier.code}:{version.number}:{version.id.hex}",
        name=version.tier.name,
        amount_minor=version.price_minor,
        currency=version.currency,
        interval=version.interval,
    )
    if not version.set_up_fee_minor:
        return (plan,)
    fee = PriceSpec(
        lookup_key=f"set-up:{version.currency}:{version.set_up_fee_minor}",
        name="Set-up",
        amount_minor=version.set_up_fee_minor,
        currency=version.currency,
    )
    return plan, fee
