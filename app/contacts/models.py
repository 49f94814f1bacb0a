"""The contact: one address at one brand. The same address at two brands is two contacts."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from tenants.db import Base, WorkspaceScoped


class Contact(WorkspaceScoped, Base):
    """Somebody who writes to this brand."""

    __tablename__ = "contact"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "email"),)

    email: orm.Mapped[str]
    name: orm.Mapped[str] = orm.mapped_column(default="")
    created_at: orm.Mapped[datetime]

    @property
    def shown_name(self) -> str:
        """The name, or the address where no name is known."""
        return self.name or self.email
