"""Bringing the mirror up to date: lock, fetch the latest, keep."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from billing.accounts.models import BillingAccount
from billing.gateway_interface import Gateway, Object
from billing.mirror.models import MirrorObject
from tenants.db import db


def refresh_mirror(
    account: BillingAccount, kind: str, object_id: str, *, gateway: Gateway, now: datetime
) -> Object | None:
    """The object as it is now, kept; None when the provider has none.

    The row is locked before the provider is asked: an older answer never overwrites a newer one.
    """
    row = _lock(account, kind, object_id)
    latest = gateway.retrieve(kind, object_id)
    if latest is not None:
        _keep(row, latest, now=now)
    return latest


def mirror_subscriptions(
    account: BillingAccount, customer_id: str, *, gateway: Gateway, now: datetime
) -> list[Object]:
    """Every subscription of a customer as it is now, kept. The caller holds the contract's lock."""
    latest = gateway.list_subscriptions(customer_id)
    for subscription in latest:
        _keep(_lock(account, "subscription", subscription["id"]), subscription, now=now)
    return latest


def _lock(account: BillingAccount, kind: str, object_id: str) -> MirrorObject:
    db.session.execute(
        pg.insert(MirrorObject)
        .values(
            billing_account_id=account.id,
            kind=kind,
            object_id=object_id,
            livemode=account.livemode,
            data={},
        )
        .on_conflict_do_nothing(index_elements=["agency_id", "billing_account_id", "object_id"])
    )
    return db.session.scalars(
        sa.select(MirrorObject)
        .where(MirrorObject.billing_account_id == account.id, MirrorObject.object_id == object_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _keep(row: MirrorObject, latest: Object, *, now: datetime) -> None:
    row.data = latest
    row.customer_id = latest["id"] if row.kind == "customer" else latest["customer"]
    row.fetched_at = now
    db.session.flush()  # the next lock of this row reads it afresh
