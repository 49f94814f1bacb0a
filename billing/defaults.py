"""The three tiers every agency starts with: starting values to edit, not market facts.

Source: reference "billing", tiers. Prices are minor units.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from billing.entitlements import OWN_WORKFLOWS, WORKFLOWS, Key, Value


@dataclass(frozen=True)
class DefaultTier:
    """One tier as data."""

    code: str
    name: str
    summary: str
    price_minor: int
    entitlements: Mapping[Key, Value]


CURRENCY = "EUR"
INTERVAL = "month"
SET_UP_FEE_MINOR = 50_000

_EVERY_TIER: Mapping[Key, Value] = {
    Key.SHARED_L1: True,
    Key.WORKFLOWS: list(WORKFLOWS),
}

FOUNDATION = DefaultTier(
    code="foundation",
    name="Foundation",
    summary="The everyday questions, answered in business hours.",
    price_minor=69_000,
    entitlements={
        **_EVERY_TIER,
        Key.CHANNELS: ["email", "chat", "contact_form"],
        Key.COVERAGE: "business_hours",
        Key.COVERAGE_HOURS: 45,
        Key.AFTER_HOURS_MODE: "auto_reply",
        Key.DEDICATED_POD: False,
        Key.ESCALATION_LEVELS: 1,
        Key.SLA_POLICY: "standard",
        Key.WORKFLOW_AUTOMATION: False,
        Key.AUTOMATION_RULES_MAX: 5,
        Key.KNOWLEDGE_ARTICLES_MANAGED: 20,
        Key.KNOWLEDGE_UPKEEP: "none",
        Key.MACROS_MAX: 40,
        Key.CUSTOM_EXCEPTIONS_MAX: 0,
        Key.QA_REVIEWS_PER_MONTH: 12,
        Key.QA_CUSTOM_SCORECARD: False,
        Key.REPORT_CADENCE: ["weekly"],
        Key.EXCEPTION_APPROVER: "agency",
        Key.LANGUAGES_MAX: 1,
        Key.BROADCASTS: False,
        Key.AI_DRAFTS: False,
        Key.CLIENT_PORTAL_HOST: False,
        Key.CLIENT_SEATS_MAX: 3,
        Key.DESIGN_VOLUME: 200,
        Key.DESIGN_HOURS: 20,
    },
)

GROWTH = DefaultTier(
    code="growth",
    name="Growth",
    summary="Every day of the week, with automation and a second line.",
    price_minor=149_000,
    entitlements={
        **_EVERY_TIER,
        Key.CHANNELS: ["email", "chat", "contact_form", "whatsapp"],
        Key.COVERAGE: "business_hours",
        Key.COVERAGE_HOURS: 63,
        Key.AFTER_HOURS_MODE: "auto_reply_and_urgent_alert",
        Key.DEDICATED_POD: False,
        Key.ESCALATION_LEVELS: 2,
        Key.SLA_POLICY: "priority",
        Key.WORKFLOW_AUTOMATION: True,
        Key.AUTOMATION_RULES_MAX: 25,
        Key.KNOWLEDGE_ARTICLES_MANAGED: 60,
        Key.KNOWLEDGE_UPKEEP: "quarterly",
        Key.MACROS_MAX: 100,
        Key.CUSTOM_EXCEPTIONS_MAX: 3,
        Key.QA_REVIEWS_PER_MONTH: 30,
        Key.QA_CUSTOM_SCORECARD: False,
        Key.REPORT_CADENCE: ["weekly", "monthly"],
        Key.EXCEPTION_APPROVER: "by_amount",
        Key.LANGUAGES_MAX: 2,
        Key.BROADCASTS: True,
        Key.AI_DRAFTS: True,
        Key.CLIENT_PORTAL_HOST: False,
        Key.CLIENT_SEATS_MAX: 10,
        Key.DESIGN_VOLUME: 500,
        Key.DESIGN_HOURS: 50,
    },
)

PREMIUM = DefaultTier(
    code="premium",
    name="Premium",
    summary="A dedicated pod, long hours and every channel.",
    price_minor=349_000,
    entitlements={
        **_EVERY_TIER,
        Key.CHANNELS: [
            "email", "chat", "contact_form", "whatsapp",
            "instagram", "facebook", "sms", "phone_log",
        ],
        Key.COVERAGE: "extended",
        Key.COVERAGE_HOURS: 98,
        Key.AFTER_HOURS_MODE: "staffed_then_auto_reply",
        Key.DEDICATED_POD: True,
        Key.ESCALATION_LEVELS: 3,
        Key.SLA_POLICY: "premium",
        Key.WORKFLOWS: [*WORKFLOWS, OWN_WORKFLOWS],
        Key.WORKFLOW_AUTOMATION: True,
        Key.AUTOMATION_RULES_MAX: 100,
        Key.KNOWLEDGE_ARTICLES_MANAGED: 150,
        Key.KNOWLEDGE_UPKEEP: "monthly",
        Key.MACROS_MAX: 300,
        Key.CUSTOM_EXCEPTIONS_MAX: 15,
        Key.QA_REVIEWS_PER_MONTH: 60,
        Key.QA_CUSTOM_SCORECARD: True,
        Key.REPORT_CADENCE: ["weekly", "monthly", "quarterly"],
        Key.EXCEPTION_APPROVER: "client",
        Key.LANGUAGES_MAX: 5,
        Key.BROADCASTS: True,
        Key.AI_DRAFTS: True,
        Key.CLIENT_PORTAL_HOST: True,
        Key.CLIENT_SEATS_MAX: 50,
        Key.DESIGN_VOLUME: 1_200,
        Key.DESIGN_HOURS: 120,
    },
)  # fmt: skip

DEFAULT_TIERS = (FOUNDATION, GROWTH, PREMIUM)
