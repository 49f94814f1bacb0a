"""The workspace of one client brand, and the numbers people read aloud."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from tenants.db import Base, WorkspaceScoped, new_id


class Workspace(Base):
    """One client brand's desk: its name, place and time."""

    __tablename__ = "workspace"
    __table_args__ = (
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"]),
        sa.UniqueConstraint("agency_id", "id"),
        sa.UniqueConstraint("agency_id", "slug"),
    )

    id: orm.Mapped[UUID] = orm.mapped_column(primary_key=True, default=new_id)
    agency_id: orm.Mapped[UUID]
    slug: orm.Mapped[str]
    name: orm.Mapped[str]
    time_zone: orm.Mapped[str] = orm.mapped_column(default="UTC")
    locale: orm.Mapped[str] = orm.mapped_column(default="en")
    created_at: orm.Mapped[datetime]


class NumberCounter(WorkspaceScoped, Base):
    """The last number given out in a workspace, by what is numbered."""

    __tablename__ = "number_counter"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "noun"),)

    noun: orm.Mapped[str]
    last_number: orm.Mapped[int] = orm.mapped_column(default=0)
