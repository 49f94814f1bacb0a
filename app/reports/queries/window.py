"""The stretch of time that is counted, as every query of it takes it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.conversations.models import Conversation
from app.reports.periods import Period


@dataclass(frozen=True, slots=True)
class Window:
    """One period of one workspace, looked at now."""

    workspace_id: UUID
    period: Period
    zone: str
    now: datetime

    @property
    def starts_at(self) -> datetime:
        """The first moment."""
        return self.period.bounds(self.zone)[0]

    @property
    def ends_at(self) -> datetime:
        """The first moment after; now, while the period lasts."""
        return min(self.period.bounds(self.zone)[1], self.now)

    def local(self, moment: datetime) -> datetime:
        """The moment on the client's wall."""
        return moment.astimezone(ZoneInfo(self.zone))

    def day(self, moment: datetime) -> date:
        """Its date there."""
        return self.local(moment).date()

    @property
    def opened(self) -> sa.ColumnElement[bool]:
        """Conversations opened in it, automatic mail among them."""
        return sa.and_(
            Conversation.workspace_id == self.workspace_id,
            Conversation.created_at >= self.starts_at,
            Conversation.created_at < self.ends_at,
        )
