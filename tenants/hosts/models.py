"""Host names and whose they are."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from tenants.db import Base, new_id


class Host(Base):
    """A host name of an agency (desk and console, or portal) or of one brand."""

    __tablename__ = "host"
    __table_args__ = (
        sa.UniqueConstraint("name"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"]),
        sa.ForeignKeyConstraint(
            ["agency_id", "workspace_id"],
            ["workspace.agency_id", "workspace.id"],
            name="fk_host_workspace",
        ),
        sa.CheckConstraint("kind IN ('agency', 'portal', 'brand')", name="kind"),
        sa.CheckConstraint("(kind = 'brand') = (workspace_id IS NOT NULL)", name="brand_workspace"),
    )

    id: orm.Mapped[UUID] = orm.mapped_column(primary_key=True, default=new_id)
    agency_id: orm.Mapped[UUID]
    workspace_id: orm.Mapped[UUID | None]
    name: orm.Mapped[str]
    kind: orm.Mapped[str]
    created_at: orm.Mapped[datetime]
