"""Finding billing accounts."""

from uuid import UUID

import sqlalchemy as sa

from billing.accounts.models import BillingAccount
from tenants.db import db
from tenants.errors import NotFound


def find_billing_account() -> BillingAccount | None:
    """The agency's open account."""
    return db.session.scalar(sa.select(BillingAccount).where(BillingAccount.closed_at.is_(None)))


def get_billing_account(account_id: UUID) -> BillingAccount:
    """The account by its id. Raises: NotFound."""
    return _found(BillingAccount.id == account_id)


def get_billing_account_by_public_id(public_id: UUID) -> BillingAccount:
    """The account a webhook's address names, open or closed. Raises: NotFound."""
    return _found(BillingAccount.public_id == public_id)


def lock_billing_account(account_id: UUID) -> None:
    """Take turns at this account until the transaction ends."""
    db.session.execute(
        sa.select(BillingAccount.id).where(BillingAccount.id == account_id).with_for_update()
    )


def _found(where: sa.ColumnElement[bool]) -> BillingAccount:
    account = db.session.scalar(sa.select(BillingAccount).where(where))
    if account is None:
        raise NotFound
    return account
