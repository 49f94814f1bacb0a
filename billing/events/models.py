"""Events as they arrived."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from tenants.db import AgencyScoped, Base, agency_key, json_column


class StripeEvent(AgencyScoped, Base):
    """One event of one billing account; its id is unique there, so a second delivery is none."""

    __tablename__ = "stripe_event"
    __table_args__ = (
        agency_key("billing_account_id", "billing_account"),
        sa.UniqueConstraint("agency_id", "billing_account_id", "event_id"),
        sa.CheckConstraint("state IN ('received', 'done', 'ignored')", name="state"),
    )

    billing_account_id: orm.Mapped[UUID]
    event_id: orm.Mapped[str]
    type: orm.Mapped[str]
    api_version: orm.Mapped[str | None]
    livemode: orm.Mapped[bool]
    payload: orm.Mapped[dict[str, Any]] = json_column()
    state: orm.Mapped[str]
    created_at: orm.Mapped[datetime]
    received_at: orm.Mapped[datetime]
    followed_up_at: orm.Mapped[datetime | None]

    @property
    def subject(self) -> dict[str, Any]:
        """The object the event is about, as it was then: good for its ids, for nothing else."""
        subject: dict[str, Any] = self.payload["data"]["object"]
        return subject

    @property
    def customer_id(self) -> str | None:
        """The customer the event names."""
        if self.subject.get("object") == "customer":
            return str(self.subject["id"])
        customer = self.subject.get("customer")
        return str(customer) if customer else None
