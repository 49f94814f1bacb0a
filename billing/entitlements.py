"""What a tier can include: the typed keys, and which source an answer comes from.

Source: reference "billing", tiers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from billing.errors import InvalidEntitlements

Value = bool | int | str | list[str]
Source = Literal["contract", "tier", "default"]


class Key(StrEnum):
    """Every entitlement there is."""

    CHANNELS = "channels"
    COVERAGE = "coverage"
    COVERAGE_HOURS = "coverage_hours"
    AFTER_HOURS_MODE = "after_hours_mode"
    SHARED_L1 = "shared_l1"
    DEDICATED_POD = "dedicated_pod"
    ESCALATION_LEVELS = "escalation_levels"
    SLA_POLICY = "sla_policy"
    WORKFLOWS = "workflows"
    WORKFLOW_AUTOMATION = "workflow_automation"
    AUTOMATION_RULES_MAX = "automation_rules_max"
    KNOWLEDGE_ARTICLES_MANAGED = "knowledge_articles_managed"
    KNOWLEDGE_UPKEEP = "knowledge_upkeep"
    MACROS_MAX = "macros_max"
    CUSTOM_EXCEPTIONS_MAX = "custom_exceptions_max"
    QA_REVIEWS_PER_MONTH = "qa_reviews_per_month"
    QA_CUSTOM_SCORECARD = "qa_custom_scorecard"
    REPORT_CADENCE = "report_cadence"
    EXCEPTION_APPROVER = "exception_approver"
    LANGUAGES_MAX = "languages_max"
    BROADCASTS = "broadcasts"
    AI_DRAFTS = "ai_drafts"
    CLIENT_PORTAL_HOST = "client_portal_host"
    CLIENT_SEATS_MAX = "client_seats_max"
    DESIGN_VOLUME = "design_volume"
    DESIGN_HOURS = "design_hours"


@dataclass(frozen=True)
class Flag:
    """Included or not."""

    noun: str
    default: bool = False

    def accepts(self, value: object) -> bool:
        """Whether the value has this type."""
        return isinstance(value, bool)


@dataclass(frozen=True)
class Count:
    """A whole number; `unit` is what is counted, in the plural."""

    noun: str
    unit: str
    default: int

    def accepts(self, value: object) -> bool:
        """Whether the value has this type."""
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0


@dataclass(frozen=True)
class Choice:
    """One word of a list."""

    noun: str
    words: tuple[str, ...]
    default: str

    def accepts(self, value: object) -> bool:
        """Whether the value has this type."""
        return value in self.words


@dataclass(frozen=True)
class Choices:
    """Several words of a list, each once."""

    noun: str
    words: tuple[str, ...]
    default: tuple[str, ...]

    def accepts(self, value: object) -> bool:
        """Whether the value has this type."""
        return (
            isinstance(value, list)
            and all(word in self.words for word in value)
            and len(set(value)) == len(value)
        )


Kind = Flag | Count | Choice | Choices

CHANNELS = (
    "email", "chat", "contact_form", "whatsapp", "instagram", "facebook", "sms", "phone_log",
)  # fmt: skip
WORKFLOWS = (
    "wismo", "returns", "refunds", "cancellation", "address_change", "damaged_item",
)  # fmt: skip
OWN_WORKFLOWS = "own"  # flows made for this client alone

# The defaults are the product's: what holds when neither contract nor tier says anything.
SCHEMA: Mapping[Key, Kind] = {
    Key.CHANNELS: Choices("Channels", CHANNELS, ("email",)),
    Key.COVERAGE: Choice("Coverage", ("business_hours", "extended"), "business_hours"),
    Key.COVERAGE_HOURS: Count("Staffed hours", "hours a week", 45),
    Key.AFTER_HOURS_MODE: Choice(
        "After hours",
        ("auto_reply", "auto_reply_and_urgent_alert", "staffed_then_auto_reply"),
        "auto_reply",
    ),
    Key.SHARED_L1: Flag("Shared L1 team", default=True),
    Key.DEDICATED_POD: Flag("Dedicated pod"),
    Key.ESCALATION_LEVELS: Count("Escalation", "levels", 1),
    Key.SLA_POLICY: Choice("SLA policy", ("standard", "priority", "premium"), "standard"),
    Key.WORKFLOWS: Choices("Workflows", (*WORKFLOWS, OWN_WORKFLOWS), WORKFLOWS),
    Key.WORKFLOW_AUTOMATION: Flag("Workflow automation"),
    Key.AUTOMATION_RULES_MAX: Count("Automation", "automation rules", 5),
    Key.KNOWLEDGE_ARTICLES_MANAGED: Count("Knowledge base", "managed articles", 20),
    Key.KNOWLEDGE_UPKEEP: Choice("Knowledge upkeep", ("none", "quarterly", "monthly"), "none"),
    Key.MACROS_MAX: Count("Macros", "macros", 40),
    Key.CUSTOM_EXCEPTIONS_MAX: Count("Custom exceptions", "custom exceptions", 0),
    Key.QA_REVIEWS_PER_MONTH: Count("QA", "reviews a month", 12),
    Key.QA_CUSTOM_SCORECARD: Flag("Own scorecard"),
    Key.REPORT_CADENCE: Choices("Reports", ("weekly", "monthly", "quarterly"), ("weekly",)),
    Key.EXCEPTION_APPROVER: Choice(
        "Exception approver", ("agency", "client", "by_amount"), "agency"
    ),
    Key.LANGUAGES_MAX: Count("Languages", "languages", 1),
    Key.BROADCASTS: Flag("Broadcasts"),
    Key.AI_DRAFTS: Flag("Suggested drafts"),
    Key.CLIENT_PORTAL_HOST: Flag("Portal on the client's own host"),
    Key.CLIENT_SEATS_MAX: Count("Client seats", "client seats", 3),
    Key.DESIGN_VOLUME: Count("Priced for", "conversations a month", 200),
    Key.DESIGN_HOURS: Count("Priced for", "hours a month", 20),
}


@dataclass(frozen=True)
class Entitlement:
    """One answer, with where it comes from and until when it holds."""

    key: Key
    value: Value
    source: Source
    expires_at: datetime | None = None


def check_entitlements(values: Mapping[str, object]) -> None:
    """Refuse what the schema does not know. Raises: InvalidEntitlements naming the first fault."""
    for name, value in values.items():
        if name not in SCHEMA:
            message = f"There is no entitlement called “{name}”."
            raise InvalidEntitlements(message, field=name)
        kind = SCHEMA[Key(name)]
        if not kind.accepts(value):
            message = f"{kind.noun}: {value!r} is not {_expected(kind)}."
            raise InvalidEntitlements(message, field=name)


def resolve_entitlement(
    key: Key,
    *,
    overrides: Mapping[str, Mapping[str, Any]],
    tier: Mapping[str, Value],
    now: datetime,
) -> Entitlement:
    """Contract override before tier version before product default.

    `overrides` maps a key to {"value": …, "until": ISO time or None}; one that ran out is ignored.
    """
    override = overrides.get(key)
    if override is not None:
        until = override.get("until")
        expires_at = datetime.fromisoformat(until) if until else None
        if expires_at is None or now < expires_at:
            value = override["value"]
            check_entitlements({key: value})
            return Entitlement(key, value, "contract", expires_at)
    if key in tier:
        return Entitlement(key, tier[key], "tier")
    default = SCHEMA[key].default
    return Entitlement(key, list(default) if isinstance(default, tuple) else default, "default")


def _expected(kind: Kind) -> str:
    match kind:
        case Flag():
            return "yes or no"
        case Count():
            return "a whole number of zero or more"
        case Choice():
            return "one of " + ", ".join(kind.words)
        case Choices():
            return "a list of different words out of " + ", ".join(kind.words)
