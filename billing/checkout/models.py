"""Payment pages we opened."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from tenants.db import Base, WorkspaceScoped, agency_key, workspace_key


class Checkout(WorkspaceScoped, Base):
    """One payment page at the provider; its idempotency key is ours and says which attempt it is.

    `session_id`, `url` and `expires_at` are the provider's answer.
    """

    __tablename__ = "checkout"
    __table_args__ = (
        workspace_key("contract_id", "contract"),
        agency_key("billing_account_id", "billing_account"),
        agency_key("tier_version_id", "tier_version"),
        sa.UniqueConstraint("workspace_id", "idempotency_key"),
        sa.Index(
            "uq_checkout_open",
            "workspace_id",
            unique=True,
            postgresql_where=sa.column("state") == "open",
        ),
        sa.CheckConstraint("state IN ('open', 'complete', 'expired')", name="state"),
    )

    contract_id: orm.Mapped[UUID]
    billing_account_id: orm.Mapped[UUID]
    tier_version_id: orm.Mapped[UUID]
    idempotency_key: orm.Mapped[str]
    state: orm.Mapped[str]
    session_id: orm.Mapped[str | None]
    url: orm.Mapped[str | None]
    created_at: orm.Mapped[datetime]
    expires_at: orm.Mapped[datetime | None]
