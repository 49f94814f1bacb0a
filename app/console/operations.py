"""What the console starts: the payment of a client."""

from datetime import datetime

from app.console.errors import NoTier
from billing.accounts.operations import open_sandbox_account
from billing.checkout.operations import start_checkout
from billing.contracts.queries import find_contract
from billing.tiers.queries import get_tier_version
from tenants.workspaces.models import Workspace


def start_payment(workspace: Workspace, *, uses_sandbox: bool, back_url: str, now: datetime) -> str:
    """The address of the payment page for the tier in the client's contract.

    Raises: NoTier, AlreadyPaid, NoBillingAccount, GatewayRefused, GatewayUnavailable.
    """
    contract = find_contract(workspace.id)
    if contract is None:
        raise NoTier
    if uses_sandbox:
        open_sandbox_account(now=now)
    return start_checkout(
        workspace,
        get_tier_version(contract.tier_version_id),
        success_url=f"{back_url}?paid=1",
        cancel_url=back_url,
        now=now,
    )
