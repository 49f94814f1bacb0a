from datetime import UTC, datetime, timedelta

import pytest

from billing.entitlements import Entitlement, Key, resolve_entitlement
from billing.errors import InvalidEntitlements

NOW = datetime(2026, 9, 14, 9, 30, tzinfo=UTC)
SOON = NOW + timedelta(days=30)


def resolve(key: Key, **sources: object) -> Entitlement:
    given = {"overrides": {}, "tier": {}, **sources}
    return resolve_entitlement(key, now=NOW, **given)  # type: ignore[arg-type]


def test_the_contract_is_asked_before_the_tier() -> None:
    found = resolve(
        Key.MACROS_MAX, overrides={"macros_max": {"value": 55}}, tier={"macros_max": 40}
    )
    assert found == Entitlement(Key.MACROS_MAX, 55, "contract", None)


def test_the_tier_is_asked_before_the_product() -> None:
    assert resolve(Key.MACROS_MAX, tier={"macros_max": 100}) == Entitlement(
        Key.MACROS_MAX, 100, "tier"
    )


def test_the_product_has_the_last_word() -> None:
    assert resolve(Key.BROADCASTS) == Entitlement(Key.BROADCASTS, value=False, source="default")


def test_an_exception_says_until_when_it_holds() -> None:
    overrides = {"broadcasts": {"value": True, "until": SOON.isoformat()}}
    assert resolve(Key.BROADCASTS, overrides=overrides).expires_at == SOON


def test_an_exception_that_ran_out_is_over_at_that_very_moment() -> None:
    overrides = {"broadcasts": {"value": True, "until": NOW.isoformat()}}
    assert resolve(Key.BROADCASTS, overrides=overrides).source == "default"


def test_an_exception_of_the_wrong_type_never_passes() -> None:
    with pytest.raises(InvalidEntitlements):
        resolve(Key.MACROS_MAX, overrides={"macros_max": {"value": "many"}})
