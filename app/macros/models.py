"""The macro."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from tenants.db import Base, WorkspaceScoped


class Macro(WorkspaceScoped, Base):
    """A ready answer of one brand; the body is Liquid."""

    __tablename__ = "macro"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "name"),)

    name: orm.Mapped[str]
    topic: orm.Mapped[str | None]
    body: orm.Mapped[str]
    created_at: orm.Mapped[datetime]
    archived_at: orm.Mapped[datetime | None]
