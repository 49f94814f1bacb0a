"""A workspace being opened, and the steps that open it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from tenants.db import AgencyScoped, Base, agency_key, json_column


class Opening(AgencyScoped, Base):
    """The choices for a new client, kept from the first step on; resumable.

    `choices` holds what each step of the form saved: brand, look, channels, service, tier.
    `workspace_id` is made here, before the workspace exists, so that applying twice is once.
    """

    __tablename__ = "opening"
    __table_args__ = (sa.CheckConstraint("state IN ('draft', 'applying', 'open')", name="state"),)

    new_workspace_id: orm.Mapped[UUID]
    state: orm.Mapped[str] = orm.mapped_column(default="draft")
    choices: orm.Mapped[dict[str, Any]] = json_column()
    blueprint: orm.Mapped[str]
    blueprint_version: orm.Mapped[int]
    started_by_name: orm.Mapped[str]
    created_at: orm.Mapped[datetime]
    opened_at: orm.Mapped[datetime | None]


class OpeningStep(AgencyScoped, Base):
    """One step of applying an opening; done once, retried after a failure."""

    __tablename__ = "opening_step"
    __table_args__ = (
        agency_key("opening_id", "opening", ondelete="CASCADE"),
        sa.UniqueConstraint("agency_id", "opening_id", "name"),
        sa.CheckConstraint("state IN ('pending', 'done', 'failed')", name="state"),
    )

    opening_id: orm.Mapped[UUID]
    position: orm.Mapped[int]
    name: orm.Mapped[str]
    state: orm.Mapped[str] = orm.mapped_column(default="pending")
    attempts: orm.Mapped[int] = orm.mapped_column(default=0)
    error: orm.Mapped[str | None]
    done_at: orm.Mapped[datetime | None]
