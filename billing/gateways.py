"""Gateways: from a billing account to the provider that serves it, behind one interface."""

from datetime import datetime

from billing.accounts.models import BillingAccount
from billing.accounts.operations import key_of
from billing.accounts.queries import lock_billing_account
from billing.errors import GatewayRefused
from billing.gateway_interface import Gateway
from billing.simulator.simulator import Simulator
from billing.simulator.store import DatabaseStore
from billing.simulator.world import World
from billing.stripe_gateway import SimulatedTransport, StripeGateway, stripe_client


def open_gateway(account: BillingAccount, *, now: datetime) -> Gateway:
    """The provider behind an account; the sandbox answers with the caller's clock."""
    if account.gateway == "stripe":
        return StripeGateway(stripe_client(key_of(account)))
    if account.gateway == "sandbox":
        simulator = Simulator(open_world(account, now=now))
        return StripeGateway(
            stripe_client(key_of(account), transport=SimulatedTransport(simulator.answer))
        )
    message = "This account is paid by invoice; there is no payment page."
    raise GatewayRefused(message)


def open_world(account: BillingAccount, *, now: datetime) -> World:
    """The simulated account itself, locked: what is read here is still true when written."""
    lock_billing_account(account.id)
    return World(DatabaseStore(account.id), now)
