"""Where the sandbox keeps its objects, so that web and worker see the same account."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from tenants.db import AgencyScoped, Base, agency_key, json_column


class SandboxObject(AgencyScoped, Base):
    """One object of a simulated account."""

    __tablename__ = "sandbox_object"
    __table_args__ = (
        agency_key("billing_account_id", "billing_account"),
        sa.UniqueConstraint("agency_id", "billing_account_id", "object_id"),
        sa.Index("ix_sandbox_object_kind", "agency_id", "billing_account_id", "kind", "position"),
    )

    billing_account_id: orm.Mapped[UUID]
    object_id: orm.Mapped[str]
    kind: orm.Mapped[str]
    position: orm.Mapped[int] = orm.mapped_column(sa.BigInteger(), sa.Identity())
    data: orm.Mapped[dict[str, Any]] = json_column()
