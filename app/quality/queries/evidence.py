"""What the reviewer has beside the transcript: the record's own facts about the conversation."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.conversations.models import Conversation
from app.conversations.queries import Entry, Matter, get_matter, timeline
from app.escalations.models import Escalation, Pod
from app.quality.models import Review
from app.sla.queries import ClockReading, read_clocks
from tenants.db import db


@dataclass(frozen=True, slots=True)
class Handover:
    """One escalation, as far as it came."""

    pod_name: str
    escalation: Escalation


@dataclass(frozen=True, slots=True)
class Evidence:
    """A conversation as it is reviewed."""

    matter: Matter
    entries: Sequence[Entry]
    clocks: Sequence[ClockReading]
    handovers: Sequence[Handover]

    @property
    def deliveries(self) -> Counter[str]:
        """Replies by what became of them."""
        return Counter(each.state for entry in self.entries for each in entry.deliveries)

    @property
    def has_several_agents(self) -> bool:
        """Whether more than one person answered, so that the reviewee must be told apart."""
        replies = [entry.message for entry in self.entries if entry.kind == "message"]
        return len({each.author_id for each in replies if each and each.author_kind == "agent"}) > 1


def get_evidence(review: Review, *, now: datetime) -> Evidence:
    """Transcript, clocks and escalations of the reviewed conversation."""
    matter = get_matter(review.conversation_id)
    return Evidence(
        matter=matter,
        entries=timeline(matter.conversation),
        clocks=read_clocks(review.conversation_id, now=now),
        handovers=_list_handovers(matter.conversation),
    )


def _list_handovers(conversation: Conversation) -> list[Handover]:
    rows = db.session.execute(
        sa.select(Pod.name, Escalation)
        .join(
            Pod,
            sa.and_(Pod.workspace_id == Escalation.workspace_id, Pod.id == Escalation.pod_id),
        )
        .where(
            Escalation.workspace_id == conversation.workspace_id,
            Escalation.conversation_id == conversation.id,
        )
        .order_by(Escalation.escalated_at)
    )
    return [Handover(*row) for row in rows]
