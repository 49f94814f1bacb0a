"""What the hosted payment page shows and does."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from billing.accounts.models import BillingAccount
from billing.accounts.queries import find_billing_account
from billing.errors import CardDeclined, CheckoutOver, UnknownTestCard
from billing.gateways import open_world
from billing.sandbox.jobs import deliver_events
from billing.simulator.cards import find_test_card
from billing.simulator.checkout_sessions import (
    SessionLine,
    get_open_session,
    pay_session,
    read_lines,
    session_id_of,
)
from billing.simulator.errors import Refusal
from billing.simulator.world import Object, World
from tenants.errors import NotFound
from tenants.jobs import enqueue
from tenants.workspaces.models import Workspace
from tenants.workspaces.queries import get_workspace


@dataclass(frozen=True)
class PaymentPage:
    """One open payment page, with what it sells and to whom."""

    id: UUID
    workspace: Workspace
    session: Object
    lines: list[SessionLine]
    account: BillingAccount
    world: World

    @property
    def plan(self) -> SessionLine:
        """What is paid in every period."""
        return next(line for line in self.lines if line.price["type"] == "recurring")

    @property
    def currency(self) -> str:
        """The currency's code, as we write it."""
        return str(self.session["currency"]).upper()


def get_payment_page(page_id: UUID, *, now: datetime) -> PaymentPage:
    """The page, for people of this client's agency only. Raises: NotFound, CheckoutOver."""
    account = find_billing_account()
    if account is None or account.gateway != "sandbox":
        raise NotFound
    world = open_world(account, now=now)
    session_id = session_id_of(page_id)
    found = world.store.find(session_id)
    if found is None:
        raise NotFound
    workspace = get_workspace(UUID(found["client_reference_id"]))
    try:
        session = get_open_session(world, session_id)
    except Refusal as refusal:
        raise CheckoutOver from refusal
    return PaymentPage(page_id, workspace, session, read_lines(world, session_id), account, world)


def pay(page: PaymentPage, *, token: str) -> None:
    """Pay with a test card. What became of it reaches us as events, whatever the page says.

    Raises: UnknownTestCard; CardDeclined, once the failed attempt is on its invoice.
    """
    card = find_test_card(token)
    if card is None:
        raise UnknownTestCard
    paid = pay_session(page.world, page.session["id"], card)
    enqueue(deliver_events, page.account.id)
    if not paid:
        raise CardDeclined(f"{card.refusal} Nothing was charged. Try another card.")
