"""What happened to a client's set-up, from the ledger, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from tenants.db import db
from tenants.ledger import Event

_MOST = 50
# The desk's own work has its own pages; here stands what concerns the client as a whole.
_DAILY_WORK = (
    "attachment", "contact", "conversation", "delivery", "draft", "escalation", "macro", "message",
    "raw_mail", "review", "sample", "sla_clock",
)  # fmt: skip

_WORDS = {
    "workspace.opened": ("Workspace opened", "store"),
    "host.added": ("Host {name} added", "globe"),
    "theme.published": ("Theme published, version {number}", "palette"),
    "contract.opened": ("Contract opened", "file-text"),
    "contract.started": ("Contract started", "file-text"),
    "contract.tier_chosen": ("Tier changed", "layers"),
    "service_state.changed": ("Service is {to}", "activity"),
    "report.requested": ("Report begun", "file-text"),
    "report.ready": ("Report made", "file-text"),
    "report.mailed": ("Report mailed", "mail"),
    "checkout.opened": ("Payment page opened", "credit-card"),
    "calendar.published": ("Business hours set", "calendar"),
    "sla_policy.published": ("Service levels set: {name}", "target"),
    "inbox.opened": ("Mail address {address} opened", "at-sign"),
    "inbox.closed": ("Mail address {address} closed", "at-sign"),
    "pod.opened": ("Pod made", "users"),
    "report_schedule.opened": ("Report scheduled, {cadence}", "calendar"),
}


@dataclass(frozen=True)
class Line:
    """One event as the page shows it."""

    words: str
    icon: str
    by: str
    """Whoever did it; empty for what happened by itself."""
    at: datetime


def list_activity(workspace_id: UUID) -> list[Line]:
    """The latest events, newest first."""
    events: Sequence[Event] = db.session.scalars(
        sa.select(Event)
        .where(
            Event.agency_id == db.scope.agency_id,
            Event.workspace_id == workspace_id,
            Event.subject_type.not_in(_DAILY_WORK),
        )
        .order_by(Event.id.desc())
        .limit(_MOST)
    ).all()
    return [_line(event) for event in events]


def _line(event: Event) -> Line:
    known = _WORDS.get(event.kind)
    plain = event.kind.replace(".", " ").replace("_", " ").capitalize()
    words, icon = known or (plain, "activity")
    if known:
        words = words.format_map({key: str(value) for key, value in event.data.items()})
    by = "" if event.actor_kind == "system" else event.actor_name
    return Line(words, icon, by, event.at)
