"""A tier and its versions."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event, orm

from billing.entitlements import Value
from billing.errors import TierVersionInUse
from tenants.db import AgencyScoped, Base, agency_key, json_column


class Tier(AgencyScoped, Base):
    """A named offer of an agency; what it costs and includes stands in its versions."""

    __tablename__ = "tier"
    __table_args__ = (sa.UniqueConstraint("agency_id", "code"),)

    code: orm.Mapped[str]
    name: orm.Mapped[str]
    summary: orm.Mapped[str]
    position: orm.Mapped[int]


class TierVersion(AgencyScoped, Base):
    """Price and entitlements from a moment on; frozen by its first contract."""

    __tablename__ = "tier_version"
    __table_args__ = (
        agency_key("tier_id", "tier"),
        sa.UniqueConstraint("agency_id", "tier_id", "number"),
        sa.CheckConstraint("price_minor >= 0", name="price"),
        sa.CheckConstraint("set_up_fee_minor >= 0", name="set_up_fee"),
        sa.CheckConstraint("interval IN ('month', 'year')", name="interval"),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
    )

    tier_id: orm.Mapped[UUID]
    number: orm.Mapped[int]
    price_minor: orm.Mapped[int]
    set_up_fee_minor: orm.Mapped[int]
    currency: orm.Mapped[str]
    interval: orm.Mapped[str]
    entitlements: orm.Mapped[dict[str, Value]] = json_column()
    effective_from: orm.Mapped[datetime]
    first_used_at: orm.Mapped[datetime | None]

    tier: orm.Mapped[Tier] = orm.relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            orm.foreign(TierVersion.tier_id) == Tier.id, TierVersion.agency_id == Tier.agency_id
        ),
    )


@event.listens_for(TierVersion, "before_update")
def _refuse_change_after_use(
    _mapper: orm.Mapper[Any], _connection: sa.Connection, version: TierVersion
) -> None:
    """Only the mark of the first use may still be set."""
    mark = sa.inspect(version).attrs.first_used_at.history
    used_before = mark.deleted if mark.has_changes() else mark.unchanged
    session = orm.object_session(version)
    if any(used_before or ()) and session is not None and session.is_modified(version):
        raise TierVersionInUse
