"""The one place where a contract's limits are enforced.

Asked before something is added, never before something is read or answered. The contract's row is
locked while counting, so that two people cannot both take the last place.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from billing.contracts.models import Contract
from billing.contracts.queries import find_contract
from billing.entitlements import SCHEMA, Choice, Choices, Count, Entitlement, Flag, Key, Value
from billing.entitlements import resolve_entitlement as resolve
from billing.errors import LimitReached
from billing.tiers.models import TierVersion
from billing.tiers.queries import get_tier_version, list_current_tier_versions


def require(
    workspace_id: UUID,
    key: Key,
    *,
    wanted: int | str = 1,
    used: Callable[[], int] | None = None,
    now: datetime,
) -> None:
    """Let the caller go on if the contract includes what is wanted.

    For a count, `wanted` more are added to what `used` counts, once the contract is locked; for a
    list or a choice, `wanted` is the word that must be included; a flag must simply be set.
    Raises: LimitReached naming the limit and what lifts it.
    """
    contract = find_contract(workspace_id, lock=True)
    entitlement = _resolve(contract, key, now=now)
    count = used() if used else 0
    if not allows(key, entitlement.value, wanted=wanted, used=count):
        raise LimitReached(_refusal(entitlement, wanted, count, now=now))


def find_entitlement(workspace_id: UUID, key: Key, *, now: datetime) -> Entitlement:
    """What the client has of this, with its source."""
    return _resolve(find_contract(workspace_id), key, now=now)


def list_entitlements(workspace_id: UUID, *, now: datetime) -> list[Entitlement]:
    """Everything the client has, in the schema's order."""
    contract = find_contract(workspace_id)
    version = get_tier_version(contract.tier_version_id) if contract else None
    return [_resolve_with(contract, version, key, now=now) for key in SCHEMA]


def allows(key: Key, included: Value, *, wanted: int | str, used: int) -> bool:
    """Whether what is included covers what is wanted on top of what is used."""
    if isinstance(SCHEMA[key], Count):
        return used + int(wanted) <= int(included)  # type: ignore[arg-type]
    if isinstance(SCHEMA[key], Choices):
        return wanted in included  # type: ignore[operator]
    if isinstance(SCHEMA[key], Choice):
        return wanted == included
    return included is True


def _resolve(contract: Contract | None, key: Key, *, now: datetime) -> Entitlement:
    version = get_tier_version(contract.tier_version_id) if contract else None
    return _resolve_with(contract, version, key, now=now)


def _resolve_with(
    contract: Contract | None, version: TierVersion | None, key: Key, *, now: datetime
) -> Entitlement:
    return resolve(
        key,
        overrides=contract.overrides if contract else {},
        tier=version.entitlements if version else {},
        now=now,
    )


def _refusal(entitlement: Entitlement, wanted: int | str, used: int, *, now: datetime) -> str:
    kind = SCHEMA[entitlement.key]
    match kind:
        case Count(unit=unit):
            limit = (
                f"This client's contract includes {entitlement.value:,} {unit}; {used:,} are used."
            )
        case Flag(noun=noun):
            limit = f"{noun}: not included in this client's contract."
        case Choice(noun=noun) | Choices(noun=noun):
            limit = f"{noun}: “{wanted}” is not included in this client's contract."
    for version in list_current_tier_versions(now=now):
        included = version.entitlements.get(entitlement.key)
        if included is not None and allows(entitlement.key, included, wanted=wanted, used=used):
            more = f" {included:,}" if isinstance(kind, Count) else ""
            return f"{limit} The {version.tier.name} tier includes{more or ' it'}."
    return f"{limit} An exception in the contract would lift this."
