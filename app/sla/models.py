"""Calendars, policies and running clocks."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from tenants.db import Base, WorkspaceScoped, json_column, workspace_key


class CalendarVersion(WorkspaceScoped, Base):
    """Business hours, holidays and zone as they were from one moment on; immutable.

    `definition` is the JSON of `app.sla.calculus.Calendar`.
    """

    __tablename__ = "calendar_version"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "number"),)

    number: orm.Mapped[int]
    definition: orm.Mapped[dict[str, Any]] = json_column()
    valid_from: orm.Mapped[datetime]


class PolicyVersion(WorkspaceScoped, Base):
    """What a contract promises, from one moment on; immutable. Targets are business minutes.

    `targets` is a list of rules, first match wins: {"channel": str | null, "topic": str | null,
    "first_response_minutes": int, "resolution_minutes": int}.
    """

    __tablename__ = "sla_policy_version"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "number"),)

    number: orm.Mapped[int]
    name: orm.Mapped[str]
    targets: orm.Mapped[list[dict[str, Any]]] = json_column()
    at_risk_share: orm.Mapped[float] = orm.mapped_column(default=0.8)
    valid_from: orm.Mapped[datetime]


class Clock(WorkspaceScoped, Base):
    """One promise running for one conversation.

    `pauses` is a list of {"from": iso, "until": iso | null, "reason": str}. `next_at` is the next
    moment something happens by itself (at risk, then breach); null once nothing will. `ended_at`
    is when it stopped counting: met, excluded, or given up at closing after its breach.
    """

    __tablename__ = "sla_clock"
    __table_args__ = (
        workspace_key("conversation_id", "conversation"),
        workspace_key("calendar_id", "calendar_version"),
        workspace_key("policy_id", "sla_policy_version"),
        sa.CheckConstraint("kind IN ('first_response', 'resolution', 'pod_accept')", name="kind"),
        sa.Index("ix_sla_clock_conversation", "workspace_id", "conversation_id"),
        sa.Index(
            "ix_sla_clock_next", "next_at", postgresql_where=sa.column("next_at").is_not(None)
        ),
        sa.Index("ix_sla_clock_started", "workspace_id", "kind", "started_at"),
    )

    conversation_id: orm.Mapped[UUID]
    calendar_id: orm.Mapped[UUID]
    policy_id: orm.Mapped[UUID | None]
    kind: orm.Mapped[str]
    target_minutes: orm.Mapped[int]
    at_risk_share: orm.Mapped[float] = orm.mapped_column(default=0.8)
    started_at: orm.Mapped[datetime]
    pauses: orm.Mapped[list[dict[str, Any]]] = json_column()
    due_at: orm.Mapped[datetime | None]
    at_risk_at: orm.Mapped[datetime | None]
    next_at: orm.Mapped[datetime | None]
    met_at: orm.Mapped[datetime | None]
    breached_at: orm.Mapped[datetime | None]
    at_risk_recorded_at: orm.Mapped[datetime | None]
    excluded_reason: orm.Mapped[str | None]
    ended_at: orm.Mapped[datetime | None]

    @property
    def is_running(self) -> bool:
        """Whether time still counts against the promise."""
        return self.ended_at is None

    @property
    def is_paused(self) -> bool:
        """Whether the last pause is still on."""
        return bool(self.pauses) and self.pauses[-1]["until"] is None
