"""Published themes: immutable rows, so that a report can say which look it was made in."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from tenants.db import AgencyScoped, Base, WorkspaceScoped, json_column


class ThemeVersion(WorkspaceScoped, Base):
    """One published theme of a client brand; the highest number is the current one."""

    __tablename__ = "theme_version"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["agency_id", "workspace_id"], ["workspace.agency_id", "workspace.id"]
        ),
        sa.UniqueConstraint("workspace_id", "number"),
    )

    number: orm.Mapped[int]
    tokens: orm.Mapped[dict[str, Any]] = json_column()
    created_at: orm.Mapped[datetime]
    created_by: orm.Mapped[UUID | None]


class AgencyTheme(AgencyScoped, Base):
    """One published theme of the agency itself; the highest number is the current one."""

    __tablename__ = "agency_theme"
    __table_args__ = (
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"]),
        sa.UniqueConstraint("agency_id", "number"),
    )

    number: orm.Mapped[int]
    tokens: orm.Mapped[dict[str, Any]] = json_column()
    created_at: orm.Mapped[datetime]
    created_by: orm.Mapped[UUID | None]
