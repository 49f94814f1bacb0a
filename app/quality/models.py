"""Scorecards, samples and reviews."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg

from tenants.db import AgencyScoped, Base, WorkspaceScoped, agency_key, json_column, workspace_key


class Scorecard(AgencyScoped, Base):
    """An agency's scorecard; what it asks is in its versions."""

    __tablename__ = "scorecard"
    __table_args__ = (sa.UniqueConstraint("agency_id", "name"),)

    name: orm.Mapped[str]
    created_at: orm.Mapped[datetime]


class ScorecardVersion(AgencyScoped, Base):
    """What a scorecard asked from one moment on; immutable.

    `criteria` is a list of `app.quality.criteria.Criterion` as JSON; `root_causes` are the words a
    reviewer may give for what went wrong.
    """

    __tablename__ = "scorecard_version"
    __table_args__ = (
        agency_key("scorecard_id", "scorecard"),
        sa.UniqueConstraint("agency_id", "scorecard_id", "number"),
    )

    scorecard_id: orm.Mapped[UUID]
    number: orm.Mapped[int]
    criteria: orm.Mapped[list[dict[str, Any]]] = json_column()
    root_causes: orm.Mapped[list[str]]
    pass_mark: orm.Mapped[int] = orm.mapped_column(default=80)
    created_at: orm.Mapped[datetime]


class Sample(WorkspaceScoped, Base):
    """What was drawn from a period of one workspace, by one stream; can be drawn again.

    The period runs from the start of `period_from` to the start of `period_until`, in the
    workspace's zone. `frame` holds the rule and what was left out: {"rate", "minimum_per_agent",
    "minimum_per_client", "excluded": {reason: count}}. `candidates` is everything that could have
    been drawn, as it was then.
    """

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
    candidates: orm.Mapped[list[dict[str, Any]]] = orm.mapped_column(
        pg.JSONB(), nullable=False, deferred=True
    )
    eligible_count: orm.Mapped[int]
    drawn_count: orm.Mapped[int]
    drawn_at: orm.Mapped[datetime]


class Review(WorkspaceScoped, Base):
    """One drawn conversation, from assignment to the published score.

    `answers` maps a criterion's code to `app.quality.answers.Answer` as JSON. `score` is 0 to 100,
    or null while it is not published and when nothing was rated.
    """

    __tablename__ = "review"
    __table_args__ = (
        workspace_key("conversation_id", "conversation"),
        workspace_key("sample_id", "sample"),
        agency_key("scorecard_version_id", "scorecard_version"),
        sa.UniqueConstraint("workspace_id", "sample_id", "conversation_id", "reviewee_id"),
        sa.CheckConstraint("state IN ('drawn', 'draft', 'published')", name="state"),
        sa.CheckConstraint("reviewer_id IS DISTINCT FROM reviewee_id", name="not_own"),
        sa.Index("ix_review_state", "workspace_id", "state", "due_at"),
        sa.Index("ix_review_reviewee", "reviewee_id", "published_at"),
        sa.Index("ix_review_published", "workspace_id", "published_at"),
    )

    conversation_id: orm.Mapped[UUID]
    sample_id: orm.Mapped[UUID]
    scorecard_version_id: orm.Mapped[UUID]
    stream: orm.Mapped[str]
    draw_reasons: orm.Mapped[list[str]]
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
    due_at: orm.Mapped[datetime]
    saved_at: orm.Mapped[datetime | None]
    published_at: orm.Mapped[datetime | None]

    @property
    def is_published(self) -> bool:
        """Whether the score is final."""
        return self.state == "published"
