"""What was handed to the pod in a period."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from app.escalations.models import Escalation
from app.reports.formulas import PACKET_FIELDS
from app.reports.queries.window import Window
from tenants.db import db


@dataclass(frozen=True, slots=True)
class Handover:
    """A conversation's escalations of the period, taken together."""

    times: int
    was_handed_back: bool
    packet_fields: int
    waits: tuple[tuple[datetime, datetime], ...]  # from handing over to accepting

    @property
    def was_bounced(self) -> bool:
        """Whether it came back, or went up again."""
        return self.was_handed_back or self.times > 1


def list_handovers(window: Window) -> Mapping[UUID, Handover]:
    """By conversation."""
    rows = db.session.scalars(
        sa.select(Escalation)
        .where(
            Escalation.workspace_id == window.workspace_id,
            Escalation.escalated_at >= window.starts_at,
            Escalation.escalated_at < window.ends_at,
        )
        .order_by(Escalation.escalated_at)
    )
    by_conversation: dict[UUID, list[Escalation]] = {}
    for row in rows:
        by_conversation.setdefault(row.conversation_id, []).append(row)
    return {key: _handover(each) for key, each in by_conversation.items()}


def _handover(escalations: list[Escalation]) -> Handover:
    return Handover(
        times=len(escalations),
        was_handed_back=any(each.handed_back_at is not None for each in escalations),
        packet_fields=min(
            PACKET_FIELDS, sum(bool(str(text).strip()) for text in escalations[0].packet.values())
        ),
        waits=tuple(
            (each.escalated_at, each.accepted_at)
            for each in escalations
            if each.accepted_at is not None
        ),
    )
