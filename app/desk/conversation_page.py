"""What the conversation page shows: the story in order, clocks, who may do what, the composer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import url_for

from app.conversations.models import Attachment, Delivery, Message
from app.conversations.queries import Entry, timeline
from app.desk.abilities import Abilities, abilities_of
from app.desk.queries import Case, PastConversation, get_case, list_past
from app.desk.queue_page import ListPane, Place, list_pane
from app.desk.words import CLOCKS, tell
from app.escalations.packet import Packet
from app.l1_pool.queries import View
from app.look import BrandMark, brand_marks
from app.macros.models import Macro
from app.macros.queries import list_macros
from app.sla.queries import ClockReading, read_clocks
from tenants.members.session import current_access

_STATES = {
    "queued": "queued",
    "handing_over": "sending",
    "accepted": "sent",
    "refused": "failed",
    "uncertain": "uncertain",
    "bounced": "bounced",
}
_TICKING = {"running", "at_risk", "breached"}
_MAY_SEND_AGAIN = {"refused", "uncertain", "bounced"}


@dataclass(frozen=True)
class Card:
    """One message or note."""

    message: Message
    kind: str
    files: list[dict[str, Any]]
    state: str | None
    delivery: Delivery | None
    may_send_again: bool
    has_more_text: bool


@dataclass(frozen=True)
class Line:
    """One line of the story: a day, a card or an event."""

    day: date | None = None
    card: Card | None = None
    at: datetime | None = None
    icon: str = ""
    words: str = ""


@dataclass(frozen=True)
class ConversationPage:
    """Everything the template draws."""

    case: Case
    brand: BrandMark
    place: Place
    beside: ListPane
    lines: list[Line]
    abilities: Abilities
    clocks: list[ClockReading]
    past: Sequence[PastConversation]
    macros: Sequence[Macro]
    packet: Packet | None
    policy: list[tuple[str, str]]
    urls: dict[str, str] = field(default_factory=dict)

    @property
    def zone(self) -> str:
        """The zone of the brand, in which its times are shown."""
        return self.case.workspace.time_zone

    @property
    def clock_names(self) -> dict[str, str]:
        """The kinds of clock in words."""
        return CLOCKS

    @property
    def urgent_clock(self) -> ClockReading | None:
        """The running clock with the least time left, else a paused one."""
        running = [one for one in self.clocks if one.standing in _TICKING and one.met_at is None]
        paused = [one for one in self.clocks if one.standing == "paused"]
        return min(running, key=lambda one: one.seconds, default=paused[0] if paused else None)


def conversation_page(
    conversation_id: UUID, *, place: Place | None, now: datetime
) -> ConversationPage:
    """The page of a conversation. Raises: NotFound."""
    access = current_access()
    case = get_case(conversation_id, member_id=access.member_id)
    conversation = case.conversation
    place = place or _usual_place(case, access.member_id)
    escalation = case.open_escalation
    return ConversationPage(
        case=case,
        brand=brand_marks()[conversation.workspace_id],
        place=place,
        beside=list_pane(place, now=now, current_id=conversation.id),
        lines=_lines(case, timeline(conversation)),
        abilities=abilities_of(access, conversation),
        clocks=_latest_of_each_kind(read_clocks(conversation.id, now=now)),
        past=list_past(conversation),
        macros=list_macros(conversation.workspace_id),
        packet=Packet.from_json(escalation.packet) if escalation else None,
        policy=_policy(case),
        urls=_urls(conversation.id, place),
    )


def _usual_place(case: Case, member_id: UUID) -> Place:
    conversation = case.conversation
    if conversation.status == "pending":
        return Place(View.WAITING)
    if conversation.assignee_id == member_id:
        return Place(View.MINE)
    if conversation.team == "pod":
        return Place(View.ESCALATED)
    return Place(View.ALL if conversation.assignee_id or conversation.is_closed else View.POOL)


def _lines(case: Case, entries: Iterable[Entry]) -> list[Line]:
    zone = ZoneInfo(case.workspace.time_zone)
    lines: list[Line] = []
    day: date | None = None
    said_at: set[datetime] = set()
    for entry in entries:
        line = _line(case, entry, said_at)
        if line is None:
            continue
        if entry.at.astimezone(zone).date() != day:
            day = entry.at.astimezone(zone).date()
            lines.append(Line(day=day))
        lines.append(line)
    return lines


def _line(case: Case, entry: Entry, said_at: set[datetime]) -> Line | None:
    if entry.message is not None:
        said_at.add(entry.at)
        return Line(card=_card(case, entry, entry.message), at=entry.at)
    if entry.event is None:
        return None
    # What a message did by itself (waiting, going on) is told by the message.
    if entry.name in ("conversation.pending", "conversation.resumed") and entry.at in said_at:
        return None
    told = tell(entry.event)
    return Line(at=entry.at, icon=told[0], words=told[1]) if told else None


def _card(case: Case, entry: Entry, message: Message) -> Card:
    delivery = entry.deliveries[0] if entry.deliveries else None
    kind = "note" if message.is_note else "shopper"
    if message.author_kind != "contact" and not message.is_note:
        kind = "agent"
    return Card(
        message=message,
        kind=kind,
        files=[_file(case, one) for one in entry.attachments if not one.is_inline],
        state=_STATES[delivery.state] if delivery else None,
        delivery=delivery,
        may_send_again=delivery is not None and delivery.state in _MAY_SEND_AGAIN,
        has_more_text=message.body_text.strip() != message.visible_text.strip(),
    )


def _file(case: Case, attachment: Attachment) -> dict[str, Any]:
    return {
        "name": attachment.filename,
        "size": attachment.size_bytes,
        "is_blocked": attachment.is_blocked,
        "url": url_for(
            "desk.attachment",
            conversation_id=case.conversation.id,
            attachment_id=attachment.id,
        ),
    }


def _latest_of_each_kind(clocks: Iterable[ClockReading]) -> list[ClockReading]:
    latest = {clock.kind: clock for clock in clocks if clock.standing != "none"}
    return [latest[kind] for kind in CLOCKS if kind in latest]


def _policy(case: Case) -> list[tuple[str, str]]:
    """The brand's rules as name and text: whatever the workspace's settings hold."""
    settings = case.settings
    if settings is None:
        return []
    return [
        (name.replace("_", " ").capitalize(), _in_words(value))
        for name, value in settings.policy.items()
        if value not in ("", None, [], {})
    ]


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value)


def _urls(conversation_id: UUID, place: Place) -> dict[str, str]:
    endpoints = {
        "show": "desk.conversation",
        "write": "desk.create_message",
        "claim": "desk.create_assignment",
        "release": "desk.remove_assignment",
        "pending": "desk.create_pending",
        "resume": "desk.remove_pending",
        "close": "desk.create_closure",
        "reopen": "desk.remove_closure",
        "escalate": "desk.escalation",
        "accept": "desk.create_acceptance",
        "hand_back": "desk.create_hand_back",
        "draft": "desk.save_draft",
    }
    return {
        name: url_for(endpoint, conversation_id=conversation_id, **place.query)
        for name, endpoint in endpoints.items()
    }
