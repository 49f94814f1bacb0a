"""The agency."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from tenants.db import Base, new_id


class Agency(Base):
    """A marketing or CX agency; its id is the tenant key of everything it owns."""

    __tablename__ = "agency"
    __table_args__ = (sa.UniqueConstraint("slug"),)

    id: orm.Mapped[UUID] = orm.mapped_column(primary_key=True, default=new_id)
    slug: orm.Mapped[str]
    name: orm.Mapped[str]
    time_zone: orm.Mapped[str] = orm.mapped_column(default="UTC")
    locale: orm.Mapped[str] = orm.mapped_column(default="en")
    created_at: orm.Mapped[datetime]
