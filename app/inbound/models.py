"""Mail as it arrived, and what became of it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from tenants.db import Base, WorkspaceScoped, workspace_key


class RawMail(WorkspaceScoped, Base):
    """One arrival: its bytes are a blob before this row is stored, and the row before we say 250.

    `dedupe_key` is known once the mail was read: sha256 over Message-ID (or the raw bytes) and the
    body's fingerprint.
    """

    __tablename__ = "raw_mail"
    __table_args__ = (
        workspace_key("inbox_id", "inbox"),
        sa.UniqueConstraint("workspace_id", "inbox_id", "dedupe_key"),
        sa.CheckConstraint(
            "state IN ('stored', 'filed', 'duplicate', 'quarantined', 'discarded')", name="state"
        ),
        sa.CheckConstraint("source IN ('smtp', 'import')", name="source"),
        sa.Index(
            "ix_raw_mail_stored", "arrived_at", postgresql_where=sa.column("state") == "stored"
        ),
        sa.Index("ix_raw_mail_state", "workspace_id", "state", "arrived_at", "id"),
    )

    inbox_id: orm.Mapped[UUID]
    source: orm.Mapped[str]
    digest: orm.Mapped[str]
    size_bytes: orm.Mapped[int]
    envelope_from: orm.Mapped[str]
    envelope_to: orm.Mapped[str]
    arrived_at: orm.Mapped[datetime]
    state: orm.Mapped[str] = orm.mapped_column(default="stored")
    reason: orm.Mapped[str | None]
    subject: orm.Mapped[str | None]
    sender: orm.Mapped[str | None]
    dedupe_key: orm.Mapped[str | None]
    conversation_id: orm.Mapped[UUID | None]
    message_id: orm.Mapped[UUID | None]
    duplicate_of_id: orm.Mapped[UUID | None]
    settled_at: orm.Mapped[datetime | None]
    attempts: orm.Mapped[int] = orm.mapped_column(default=0)
