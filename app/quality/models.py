"""Scorecards, samples and reviews."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from tenants.db import AgencyScoped, Base, WorkspaceScoped, agency_key, json_column, workspace_key


class Scorecard(AgencyScoped, Base):
    """An agency's scorecard; what it asks is in its versions."""

    __tablename__ = "scorecard"
    __table_args__ = (sa.UniqueConstraint("agency_id", "name"),)

    name: orm.Mapped[str]
    created_at: orm.Mapped[datetime]


class ScorecardVersion(AgencyScoped, Base):
    """What a scorecard asked from one moment on; immutable.

    `criteria` is a list of {"code", "name", "help", "group", "scale": 2 | 3 | 4 | 5, "weight": int,
    "critical": bool}.
    """

    __tablename__ = "scorecard_version"
    __table_args__ = (
        agency_key("scorecard_id", "scorecard"),
        sa.UniqueConstraint("agency_id", "scorecard_id", "number"),
    )

    scorecard_id: orm.Mapped[UUID]
    number: orm.Mapped[int]
    criteria: orm.Mapped[list[dict[str, Any]]] = json_column()
    pass_mark: orm.Mapped[int] = orm.mapped_column(default=80)
    created_at: orm.Mapped[datetime]


class Sample(WorkspaceScoped, Base):
    """What was drawn from one week of one workspace, by one stream; can be drawn again."""

    __tablename__ = "sample"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "period_from", "period_until", "stream"),
        sa.CheckConstraint("stream IN ('random', 'targeted')", name="stream"),
    )

    period_from: orm.Mapped[date]
    period_until: orm.Mapped[date]
    stream: orm.Mapped[str]
    seed: orm.Mapped[int] = orm.mapped_column(sa.BigInteger())
    frame: orm.Mapped[dict[str, Any]] = json_column()
    drawn_at: orm.Mapped[datetime]


class Review(WorkspaceScoped, Base):
    """One drawn conversation, from assignment to the published score.

    `answers` maps a criterion's code to {"value": int | null, "comment": str, "quotes": [...],
    "root_cause": str | null}; null means not applicable. `score` is 0 to 100, or null when nothing
    was rated.
    """

    __tablename__ = "review"
    __table_args__ = (
        workspace_key("conversation_id", "conversation"),
        workspace_key("sample_id", "sample"),
        agency_key("scorecard_version_id", "scorecard_version"),
        sa.UniqueConstraint("workspace_id", "sample_id", "conversation_id", "reviewee_id"),
        sa.CheckConstraint("state IN ('drawn', 'draft', 'published')", name="state"),
        sa.CheckConstraint("reviewer_id IS DISTINCT FROM reviewee_id", name="not_own"),
        sa.Index("ix_review_state", "workspace_id", "state", "drawn_at"),
        sa.Index("ix_review_published", "workspace_id", "published_at"),
    )

    conversation_id: orm.Mapped[UUID]
    sample_id: orm.Mapped[UUID]
    scorecard_version_id: orm.Mapped[UUID]
    stream: orm.Mapped[str]
    draw_reason: orm.Mapped[str | None]
    reviewee_id: orm.Mapped[UUID]
    reviewee_name: orm.Mapped[str]
    reviewer_id: orm.Mapped[UUID | None]
    reviewer_name: orm.Mapped[str | None]
    state: orm.Mapped[str] = orm.mapped_column(default="drawn")
    answers: orm.Mapped[dict[str, Any]] = json_column()
    comment: orm.Mapped[str] = orm.mapped_column(default="")
    score: orm.Mapped[float | None]
    failed_critical: orm.Mapped[bool] = orm.mapped_column(default=False)
    drawn_at: orm.Mapped[datetime]
    due_at: orm.Mapped[datetime | None]
    published_at: orm.Mapped[datetime | None]
