"""Whether a tier covers what was chosen; asked in the form, and of the contract in the end."""

from datetime import datetime
from math import ceil

from app.provisioning.choices import Choices, choices_of
from app.provisioning.hours import weekly_minutes
from app.provisioning.models import Opening
from billing.enforcement import allows, find_entitlement, require
from billing.entitlements import Key, Value, resolve_entitlement
from billing.tiers.models import TierVersion

POLICY_LEVELS = ("standard", "priority", "premium")


def misfits(choices: Choices, version: TierVersion) -> list[str]:
    """What the tier does not cover, one sentence each."""
    sentences = []
    for key, wanted in _wishes(choices).items():
        included = resolve_entitlement(
            key, overrides={}, tier=version.entitlements, now=version.effective_from
        ).value
        if not _covers(key, included, wanted):
            sentences.append(_sentence(version.tier.name, key, included, wanted))
    return sentences


def require_fit(opening: Opening, key: Key, *, now: datetime) -> None:
    """Let the step go on if the client's contract covers the choice. Raises: LimitReached."""
    wanted = _wishes(choices_of(opening))[key]
    included = find_entitlement(opening.new_workspace_id, key, now=now).value
    if not _covers(key, included, wanted):
        require(opening.new_workspace_id, key, wanted=wanted, now=now)


def staffed_hours(choices: Choices) -> int:
    """Open hours in an ordinary week, a begun hour counted whole."""
    return ceil(weekly_minutes(choices["channels"]["hours"]) / 60)


def _wishes(choices: Choices) -> dict[Key, int | str]:
    wishes: dict[Key, int | str] = {}
    if "channels" in choices:
        wishes[Key.COVERAGE_HOURS] = staffed_hours(choices)
    if "service" in choices:
        wishes[Key.SLA_POLICY] = choices["service"]["policy"]
        wishes[Key.REPORT_CADENCE] = choices["service"]["cadence"]
    return wishes


def _covers(key: Key, included: Value, wanted: int | str) -> bool:
    """A tier that pays for a strict policy covers the easier ones too."""
    if key is Key.SLA_POLICY:
        return POLICY_LEVELS.index(str(wanted)) <= POLICY_LEVELS.index(str(included))
    return allows(key, included, wanted=wanted, used=0)


def _sentence(tier: str, key: Key, included: Value, wanted: int | str) -> str:
    if key is Key.COVERAGE_HOURS:
        return f"{tier} covers {included} staffed hours a week; the hours you set come to {wanted}."
    if key is Key.SLA_POLICY:
        return f"{tier} comes with the {included} policy; you chose {wanted}."
    return f"{tier} does not include {wanted} reports."
