"""Inboxes: the addresses a brand is reached at."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from tenants.db import Base, WorkspaceScoped


class Inbox(WorkspaceScoped, Base):
    """One address of a brand on one channel."""

    __tablename__ = "inbox"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "address"),
        sa.Index("ix_inbox_address", "address"),
        sa.CheckConstraint("channel IN ('email')", name="channel"),
    )

    channel: orm.Mapped[str] = orm.mapped_column(default="email")
    address: orm.Mapped[str]
    name: orm.Mapped[str]
    created_at: orm.Mapped[datetime]
    closed_at: orm.Mapped[datetime | None]
