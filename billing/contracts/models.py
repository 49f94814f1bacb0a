"""The contract of a client, and the history of its service state."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from billing.contracts.service_states import State
from tenants.db import Base, WorkspaceScoped, agency_key, json_column

_STATES = ", ".join(f"'{state}'" for state in State)


class Contract(WorkspaceScoped, Base):
    """One client's tier version with what was agreed beside it; one open contract a workspace.

    `overrides` maps an entitlement key to {"value": …, "until": ISO time or null}.
    """

    __tablename__ = "contract"
    __table_args__ = (
        agency_key("tier_version_id", "tier_version"),
        sa.Index(
            "uq_contract_open",
            "workspace_id",
            unique=True,
            postgresql_where=sa.column("closed_at").is_(None),
        ),
    )

    tier_version_id: orm.Mapped[UUID]
    overrides: orm.Mapped[dict[str, Any]] = json_column()
    created_at: orm.Mapped[datetime]
    starts_at: orm.Mapped[datetime | None]
    ends_at: orm.Mapped[datetime | None]
    closed_at: orm.Mapped[datetime | None]


class ServiceState(WorkspaceScoped, Base):
    """Since when service stands where, and why; the open row is the current one."""

    __tablename__ = "service_state"
    __table_args__ = (
        sa.CheckConstraint(f"state IN ({_STATES})", name="state"),
        sa.Index(
            "uq_service_state_open",
            "workspace_id",
            unique=True,
            postgresql_where=sa.column("left_at").is_(None),
        ),
    )

    state: orm.Mapped[str]
    since: orm.Mapped[datetime]
    left_at: orm.Mapped[datetime | None]
    reason: orm.Mapped[str]
    set_by: orm.Mapped[str]
