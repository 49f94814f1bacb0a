"""Report schedules, and the documents they made."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from tenants.db import Base, WorkspaceScoped, json_column, workspace_key


class ReportSchedule(WorkspaceScoped, Base):
    """When a client gets which report, and to whom it is mailed."""

    __tablename__ = "report_schedule"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "cadence"),
        sa.CheckConstraint("cadence IN ('weekly', 'monthly')", name="cadence"),
        sa.Index("ix_report_schedule_next", "next_at"),
    )

    cadence: orm.Mapped[str]
    recipients: orm.Mapped[list[str]]
    next_at: orm.Mapped[datetime | None]
    created_at: orm.Mapped[datetime]


class Report(WorkspaceScoped, Base):
    """One document for one period, made from one state of the data.

    `fingerprint` is the hash of the facts and the look it was made from: the same period and
    fingerprint is the same document. The file is stored once and never rendered again.
    """

    __tablename__ = "report"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "period_from", "period_until", "fingerprint"),
        sa.CheckConstraint("state IN ('queued', 'rendering', 'ready', 'failed')", name="state"),
        sa.Index("ix_report_period", "workspace_id", "period_until", "created_at"),
        sa.Index(
            "ix_report_underway",
            "created_at",
            postgresql_where=sa.column("state").in_(("queued", "rendering")),
        ),
    )

    period_from: orm.Mapped[date]
    period_until: orm.Mapped[date]
    fingerprint: orm.Mapped[str]
    state: orm.Mapped[str] = orm.mapped_column(default="queued")
    step: orm.Mapped[str] = orm.mapped_column(default="")
    steps_done: orm.Mapped[int] = orm.mapped_column(default=0)
    steps_total: orm.Mapped[int] = orm.mapped_column(default=0)
    reason: orm.Mapped[str | None]
    facts: orm.Mapped[dict[str, Any]] = json_column()
    pdf_digest: orm.Mapped[str | None]
    pdf_bytes: orm.Mapped[int | None]
    page_count: orm.Mapped[int | None]
    theme_version_id: orm.Mapped[UUID | None]
    recipients: orm.Mapped[list[str]]
    asked_by_id: orm.Mapped[UUID | None]
    asked_by_name: orm.Mapped[str]
    created_at: orm.Mapped[datetime]
    retried_at: orm.Mapped[datetime | None]
    ready_at: orm.Mapped[datetime | None]
    mailed_at: orm.Mapped[datetime | None]

    @property
    def is_ready(self) -> bool:
        """Whether the document is there."""
        return self.state == "ready"

    @property
    def is_underway(self) -> bool:
        """Whether somebody may wait for it."""
        return self.state in {"queued", "rendering"}

    @property
    def share_done(self) -> float:
        """How far it is, 0 to 1."""
        return self.steps_done / self.steps_total if self.steps_total else 0.0


class ReportDelivery(WorkspaceScoped, Base):
    """A report on its way to one recipient; its Message-ID is fixed before the first attempt."""

    __tablename__ = "report_delivery"
    __table_args__ = (
        workspace_key("report_id", "report"),
        sa.UniqueConstraint("workspace_id", "report_id", "recipient"),
        sa.CheckConstraint(
            "state IN ('queued', 'handing_over', 'accepted', 'refused', 'uncertain')", name="state"
        ),
    )

    report_id: orm.Mapped[UUID]
    recipient: orm.Mapped[str]
    state: orm.Mapped[str] = orm.mapped_column(default="queued")
    attempts: orm.Mapped[int] = orm.mapped_column(default=0)
    last_response: orm.Mapped[str | None]
    queued_at: orm.Mapped[datetime]
    next_attempt_at: orm.Mapped[datetime | None]
    ended_at: orm.Mapped[datetime | None]
