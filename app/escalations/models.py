"""Pods and escalations."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from tenants.db import Base, WorkspaceScoped, json_column, workspace_key


class Pod(WorkspaceScoped, Base):
    """The people who know one client best. Its members hold a pod role in the workspace."""

    __tablename__ = "pod"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "name"),)

    name: orm.Mapped[str]
    accept_minutes: orm.Mapped[int] = orm.mapped_column(default=60)
    created_at: orm.Mapped[datetime]


class Escalation(WorkspaceScoped, Base):
    """One handover of a conversation to a pod, with its packet.

    `packet` holds the five required fields as text: identity, intent, actions_taken, transcript,
    priority_cues. Ended when the pod handed it back (`handed_back_at`) or answered and closed.
    """

    __tablename__ = "escalation"
    __table_args__ = (
        workspace_key("conversation_id", "conversation"),
        workspace_key("pod_id", "pod"),
        sa.Index("ix_escalation_conversation", "workspace_id", "conversation_id"),
        sa.Index(
            "uq_escalation_open",
            "workspace_id",
            "conversation_id",
            unique=True,
            postgresql_where=sa.column("ended_at").is_(None),
        ),
    )

    conversation_id: orm.Mapped[UUID]
    pod_id: orm.Mapped[UUID]
    packet: orm.Mapped[dict[str, Any]] = json_column()
    reason: orm.Mapped[str]
    escalated_by_id: orm.Mapped[UUID]
    escalated_by_name: orm.Mapped[str]
    escalated_at: orm.Mapped[datetime]
    accepted_by_id: orm.Mapped[UUID | None]
    accepted_by_name: orm.Mapped[str | None]
    accepted_at: orm.Mapped[datetime | None]
    handed_back_at: orm.Mapped[datetime | None]
    hand_back_note: orm.Mapped[str | None]
    ended_at: orm.Mapped[datetime | None]
