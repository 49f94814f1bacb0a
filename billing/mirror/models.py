"""Mirrored objects, and which customer at the provider is which client."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from tenants.db import AgencyScoped, Base, agency_key, json_column


class BillingCustomer(AgencyScoped, Base):
    """The provider's customer for one client: the only way from an event to a workspace.

    A row of the agency, because an event arrives before anybody knows whose it is.
    """

    __tablename__ = "billing_customer"
    __table_args__ = (
        agency_key("billing_account_id", "billing_account"),
        sa.ForeignKeyConstraint(
            ["agency_id", "client_id"],
            ["workspace.agency_id", "workspace.id"],
            name="fk_client_id_workspace",
        ),
        sa.UniqueConstraint(
            "agency_id", "billing_account_id", "customer_id", name="uq_billing_customer_customer"
        ),
        sa.UniqueConstraint(
            "agency_id", "billing_account_id", "client_id", name="uq_billing_customer_client"
        ),
    )

    billing_account_id: orm.Mapped[UUID]
    client_id: orm.Mapped[UUID]
    customer_id: orm.Mapped[str]
    created_at: orm.Mapped[datetime]


class MirrorObject(AgencyScoped, Base):
    """One object of the provider as it was when last fetched; empty until the first fetch."""

    __tablename__ = "mirror_object"
    __table_args__ = (
        agency_key("billing_account_id", "billing_account"),
        sa.UniqueConstraint("agency_id", "billing_account_id", "object_id"),
        sa.Index("ix_mirror_object_customer", "agency_id", "customer_id", "kind"),
    )

    billing_account_id: orm.Mapped[UUID]
    kind: orm.Mapped[str]
    object_id: orm.Mapped[str]
    customer_id: orm.Mapped[str | None]
    livemode: orm.Mapped[bool]
    data: orm.Mapped[dict[str, Any]] = json_column()
    fetched_at: orm.Mapped[datetime | None]
