"""An agency's account at a gateway."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from tenants.db import AgencyScoped, Base


class BillingAccount(AgencyScoped, Base):
    """Where the agency's clients pay. Key and webhook secret are sealed; `last4` is all we show.

    `public_id` stands in the webhook's address. Test and live never meet in one account.
    """

    __tablename__ = "billing_account"
    __table_args__ = (
        sa.UniqueConstraint("agency_id", "public_id"),
        sa.Index(
            "uq_billing_account_open",
            "agency_id",
            unique=True,
            postgresql_where=sa.column("closed_at").is_(None),
        ),
        sa.CheckConstraint("gateway IN ('sandbox', 'manual', 'stripe')", name="gateway"),
        sa.CheckConstraint("gateway <> 'sandbox' OR NOT livemode", name="sandbox_is_test"),
    )

    gateway: orm.Mapped[str]
    livemode: orm.Mapped[bool]
    public_id: orm.Mapped[UUID]
    sealed_key: orm.Mapped[str]
    sealed_webhook_secret: orm.Mapped[str]
    last4: orm.Mapped[str]
    created_at: orm.Mapped[datetime]
    closed_at: orm.Mapped[datetime | None]
