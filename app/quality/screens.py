"""What the quality screens show, ready for their templates."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.conversations.queries import Entry
from app.quality.answers import Answer, Quote
from app.quality.criteria import Criterion
from app.quality.sampling import Reason
from themes.forms import Form
from themes.tokens import Theme, monogram_of

REASONS: Mapping[str, str] = {
    Reason.NEW_HIRE: "new agent",
    Reason.LOW_CSAT: "low satisfaction",
    Reason.REOPENED: "reopened",
    Reason.SLA_BREACH: "late",
    Reason.ESCALATED: "escalated",
    Reason.REFUND: "refund above the limit",
    Reason.OUTLIER: "unusually long",
    Reason.AUTO_CHECK: "flagged by a check",
    Reason.VIP: "VIP",
}
EXCLUSIONS: Mapping[str, str] = {
    "automatic": "automatic mail",
    "few_words": "fewer than ten words from the agent",
    "merged": "merged away",
    "not_closed": "not closed",
    "one_sided": "one side never wrote",
    "redacted": "redacted",
    "spam": "spam",
}
CLOCKS: Mapping[str, str] = {
    "first_response": "First response",
    "resolution": "Resolution",
    "pod_accept": "Pod accept",
}
EVENTS: Mapping[str, tuple[str, str]] = {
    "conversation.claimed": ("Claimed by {actor}", "hand"),
    "conversation.released": ("Released by {actor}", "undo-2"),
    "escalation.created": ("Escalated by {actor}", "arrow-up"),
    "escalation.accepted": ("Accepted for the pod by {actor}", "user-check"),
    "escalation.handed_back": ("Handed back by {actor}", "corner-up-left"),
    "conversation.closed": ("Closed by {actor}", "check"),
    "conversation.reopened": ("Reopened by {actor}", "rotate-ccw"),
    "clock.breached": ("{clock} breached", "circle-alert"),
}


@dataclass(frozen=True, slots=True)
class ShownBrand:
    """A brand as the components want it."""

    key: str
    name: str
    monogram: str
    zone: str


def shown_brand(workspace_id: UUID, name: str, zone: str, theme: Theme | None) -> ShownBrand:
    """The brand of a workspace; without a theme it goes by the workspace's name."""
    if theme is None:
        return ShownBrand(str(workspace_id), name, monogram_of(name), zone)
    return ShownBrand(str(workspace_id), theme.name, theme.monogram, zone)


def event_words(entry: Entry) -> tuple[str, str] | None:
    """What happened in a few words, with its icon; None for what a reviewer need not read."""
    found = EVENTS.get(entry.name)
    if found is None or entry.event is None:
        return None
    words, icon_name = found
    clock = CLOCKS.get(str(entry.data.get("clock")), "Service level")
    return words.format(actor=entry.event.actor_name, clock=clock), icon_name


@dataclass(frozen=True, slots=True)
class Group:
    """Criteria that stand under one heading."""

    name: str
    criteria: Sequence[Criterion]


def grouped(criteria: Sequence[Criterion]) -> list[Group]:
    """The criteria by group, both in the scorecard's order."""
    names = dict.fromkeys(criterion.group for criterion in criteria)
    return [Group(name, [each for each in criteria if each.group == name]) for name in names]


@dataclass(frozen=True, slots=True)
class TypedQuote:
    """One quote as the form shows it: the words, where they stand, and what its box sends."""

    text: str
    message_id: str
    typed: str


def typed_quotes(form: Form, code: str) -> list[TypedQuote]:
    """The quotes attached to a criterion; what cannot be read is left out."""
    found = []
    for typed in form.chosen(f"quotes-{code}"):
        try:
            stored = json.loads(typed)
            found.append(TypedQuote(str(stored["text"]), str(stored["message_id"]), typed))
        except (ValueError, TypeError, KeyError, RecursionError):
            continue
    return found


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One line of a published review."""

    criterion: Criterion
    answer: Answer

    @property
    def word(self) -> str:
        """What was rated, in words."""
        return self.criterion.word(self.answer.value)

    @property
    def share(self) -> float | None:
        """From 0 to 1, for the bar beside it."""
        return self.criterion.rated(self.answer.value).share

    @property
    def quotes(self) -> Sequence[Quote]:
        """The evidence."""
        return self.answer.quotes
