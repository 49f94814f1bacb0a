"""Opening a billing account."""

import secrets
from datetime import datetime
from uuid import uuid4

from billing.accounts.models import BillingAccount
from billing.accounts.queries import find_billing_account
from tenants.crypto import seal, unseal
from tenants.db import db
from tenants.ledger import record

KEY_FIELD = "billing_account.key"
SECRET_FIELD = "billing_account.webhook_secret"  # noqa: S105 - the name the secret is bound to


def open_sandbox_account(*, now: datetime) -> BillingAccount:
    """The agency's account in the sandbox, which needs no key of anybody; one per agency."""
    found = find_billing_account()
    if found is not None:
        return found
    return open_billing_account(
        gateway="sandbox",
        livemode=False,
        key=f"sk_test_{secrets.token_hex(16)}",
        webhook_secret=f"whsec_{secrets.token_hex(24)}",
        now=now,
    )


def open_billing_account(
    *, gateway: str, livemode: bool, key: str, webhook_secret: str, now: datetime
) -> BillingAccount:
    """An account with its secrets sealed."""
    account = BillingAccount(
        gateway=gateway,
        livemode=livemode,
        public_id=uuid4(),
        sealed_key=seal(key, field=KEY_FIELD),
        sealed_webhook_secret=seal(webhook_secret, field=SECRET_FIELD),
        last4=key[-4:],
        created_at=now,
        closed_at=None,
    )
    db.session.add(account)
    db.session.flush()  # the ledger names it
    record("billing_account.opened", account, at=now, data={"gateway": gateway})
    return account


def key_of(account: BillingAccount) -> str:
    """The key to call the gateway with."""
    return unseal(account.sealed_key, field=KEY_FIELD)


def webhook_secret_of(account: BillingAccount) -> str:
    """The secret the gateway signs its events with."""
    return unseal(account.sealed_webhook_secret, field=SECRET_FIELD)
