"""Reading the mirror."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from billing.mirror.models import BillingCustomer, MirrorObject
from tenants.db import db


def find_customer_of(client_id: UUID, *, billing_account_id: UUID) -> BillingCustomer | None:
    """The provider's customer for a client, by its workspace's id."""
    return db.session.scalar(
        sa.select(BillingCustomer).where(
            BillingCustomer.billing_account_id == billing_account_id,
            BillingCustomer.client_id == client_id,
        )
    )


def find_client_of(customer_id: str, *, billing_account_id: UUID) -> UUID | None:
    """The client behind a customer id, by our own record alone."""
    return db.session.scalar(
        sa.select(BillingCustomer.client_id).where(
            BillingCustomer.billing_account_id == billing_account_id,
            BillingCustomer.customer_id == customer_id,
        )
    )


def list_mirrored(kind: str, *, customer_id: str, livemode: bool) -> Sequence[MirrorObject]:
    """Mirrored objects of a kind of one customer, newest first."""
    return db.session.scalars(
        sa.select(MirrorObject)
        .where(
            MirrorObject.kind == kind,
            MirrorObject.customer_id == customer_id,
            MirrorObject.livemode == livemode,
        )
        .order_by(MirrorObject.id.desc())
    ).all()
