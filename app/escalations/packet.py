"""The handoff packet: the five things a pod must know, drafted from the record.

Source: reference "product", a7.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Self

from app.contacts.models import Contact
from app.conversations.models import Conversation, Message
from app.conversations.order_numbers import find_order_number
from app.conversations.topics import topic_words
from app.escalations.errors import PacketIncomplete
from themes.formats import format_datetime

REASONS = (
    "Outside what L1 may decide",
    "Service level at risk or breached",
    "Upset shopper",
    "VIP or high order value",
    "Same problem again",
    "Needs somebody who knows this client",
)
_EXCERPT_MESSAGES = 8
_EXCERPT_CHARACTERS = 700
_QUOTE_CHARACTERS = 240
_TONE = re.compile(
    r"\b(angry|annoyed|asap|awful|bbb|chargeback|complain(?:t|ing)?|disappoint(?:ed|ing)|disgusted|"
    r"dispute|fraud|frustrat(?:ed|ing)|furious|immediately|lawyer|legal|never again|ridiculous|"
    r"scam|terrible|trustpilot|unacceptable|upset|urgent|useless|worst)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Packet:
    """Five texts, all required."""

    identity: str
    intent: str
    actions_taken: str
    transcript: str
    priority_cues: str

    @classmethod
    def from_json(cls, stored: dict[str, str]) -> Self:
        """As kept with its escalation."""
        return cls(**{field.name: stored[field.name] for field in fields(cls)})

    def to_json(self) -> dict[str, str]:
        """As kept with its escalation."""
        return {field.name: getattr(self, field.name).strip() for field in fields(self)}

    def check_complete(self) -> None:
        """Raises: PacketIncomplete, naming the first empty field."""
        for name, text in self.to_json().items():
            if not text:
                raise PacketIncomplete(name)


@dataclass(frozen=True)
class Record:
    """What is known about a conversation when somebody wants to escalate it."""

    conversation: Conversation
    contact: Contact
    messages: Sequence[Message]
    earlier_conversations: int
    zone: str


def draft_packet(record: Record, *, now: datetime) -> Packet:
    """The packet as far as the record fills it; the agent corrects it."""
    return Packet(
        identity=_identity(record),
        intent=_intent(record),
        actions_taken=_actions_taken(record),
        transcript=_transcript(record),
        priority_cues=_priority_cues(record, now),
    )


def _identity(record: Record) -> str:
    contact = record.contact
    who = f"{contact.name} <{contact.email}>" if contact.name else contact.email
    texts = [record.conversation.subject, *(one.visible_text for one in _from_contact(record))]
    order = find_order_number(texts)
    return f"{who}\n{f'Order {order}' if order else 'No order number in the conversation'}"


def _intent(record: Record) -> str:
    code = record.conversation.topic
    topic = f" ({topic_words(code)})" if code else ""
    lines = [f"{record.conversation.subject}{topic}"]
    if wishes := _from_contact(record):
        lines.append(f"In their words: “{_shortened(wishes[-1].visible_text, _QUOTE_CHARACTERS)}”")
    return "\n".join(lines)


def _actions_taken(record: Record) -> str:
    done = [message for message in record.messages if message.author_kind == "agent"]
    lines = [
        f"{_at(message, record)} {message.author_name} "
        f"{'noted' if message.is_note else 'replied'}: "
        f"“{_shortened(message.visible_text, _QUOTE_CHARACTERS)}”"
        for message in done
    ]
    return "\n".join(lines) or "No reply and no note yet."


def _transcript(record: Record) -> str:
    public = [message for message in record.messages if not message.is_note]
    shown = public[-_EXCERPT_MESSAGES:]
    left_out = len(public) - len(shown)
    lines = [f"({left_out} earlier messages left out)"] if left_out else []
    lines += [
        f"{_at(message, record)} {message.author_name}:\n"
        f"{_shortened(message.visible_text, _EXCERPT_CHARACTERS, one_line=False)}"
        for message in shown
    ]
    return "\n\n".join(lines)


def _priority_cues(record: Record, now: datetime) -> str:
    conversation, due = record.conversation, record.conversation.next_due_at
    cues = []
    if conversation.is_breached or (due and due < now):
        cues.append("A service level is already breached")
    elif due:
        cues.append(f"Next target due {format_datetime(due, record.zone, 'short')}")
    if record.earlier_conversations:
        count = record.earlier_conversations
        cues.append(f"Repeat contact: {count} earlier conversation{'s' if count > 1 else ''}")
    if conversation.reopen_count:
        cues.append(f"Reopened {conversation.reopen_count} time(s)")
    words = {
        found.lower() for one in _from_contact(record) for found in _TONE.findall(one.visible_text)
    }
    if words:
        cues.append(f"Tone: {', '.join(sorted(words))}")
    return "\n".join(cues) or "None seen."


def _from_contact(record: Record) -> list[Message]:
    return [message for message in record.messages if message.author_kind == "contact"]


def _at(message: Message, record: Record) -> str:
    return format_datetime(message.created_at, record.zone, "short")


def _shortened(text: str, length: int, *, one_line: bool = True) -> str:
    text = " ".join(text.split()) if one_line else text.strip()
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
