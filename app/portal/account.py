"""What service costs a client, for those of its people who may know."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from billing.accounts.queries import find_billing_account
from billing.contracts.queries import current_service_state, find_contract
from billing.contracts.service_states import State
from billing.mirror.queries import find_customer_of, list_mirrored
from billing.tiers.queries import get_tier_version
from tenants.members.access import Access
from tenants.permissions import Role

_MAY_KNOW = frozenset({Role.CLIENT_ADMIN, Role.CLIENT_APPROVER, Role.CLIENT_BILLING})
_STATE_WORDS = {
    State.DRAFT: "Service begins with the first payment.",
    State.LIVE: "Service is running.",
    State.GRACE: "A payment is open; service is running.",
    State.RESTRICTED: "A payment is overdue; replies go on.",
    State.SUSPENDED: "Service is paused until the open invoice is paid.",
    State.ENDED: "Service has ended; everything can still be read.",
}


@dataclass(frozen=True, slots=True)
class Invoice:
    """The latest invoice."""

    number: str
    total_minor: int
    currency: str
    is_paid: bool
    issued_on: date


@dataclass(frozen=True, slots=True)
class Account:
    """The tier, how service stands, and the latest invoice."""

    tier: str | None
    state: State
    words: str
    invoice: Invoice | None


def find_account(access: Access, workspace_id: UUID) -> Account | None:
    """The account line; None for people who only read reports."""
    if not _MAY_KNOW.intersection(access.workspace_roles.get(workspace_id, frozenset())):
        return None
    contract = find_contract(workspace_id)
    state = current_service_state(workspace_id)
    return Account(
        tier=get_tier_version(contract.tier_version_id).tier.name if contract else None,
        state=state,
        words=_STATE_WORDS.get(state, "Service has ended."),
        invoice=_latest_invoice(workspace_id),
    )


def _latest_invoice(workspace_id: UUID) -> Invoice | None:
    account = find_billing_account()
    if account is None:
        return None
    customer = find_customer_of(workspace_id, billing_account_id=account.id)
    if customer is None:
        return None
    found = list_mirrored("invoice", customer_id=customer.customer_id, livemode=account.livemode)
    issued = [each.data for each in found if each.data.get("number")]
    if not issued:
        return None
    latest = max(issued, key=lambda invoice: int(invoice["created"]))
    return Invoice(
        number=latest["number"],
        total_minor=latest["total"],
        currency=str(latest["currency"]).upper(),
        is_paid=latest["status"] == "paid",
        issued_on=datetime.fromtimestamp(latest["created"], UTC).date(),
    )
