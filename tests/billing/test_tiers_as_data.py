import pytest

from billing.defaults import DEFAULT_TIERS, FOUNDATION, GROWTH, PREMIUM, DefaultTier
from billing.entitlements import SCHEMA, Key, check_entitlements
from billing.errors import InvalidEntitlements


@pytest.mark.parametrize("tier", DEFAULT_TIERS, ids=lambda tier: tier.code)
def test_a_default_tier_answers_every_entitlement_with_the_right_type(tier: DefaultTier) -> None:
    check_entitlements({str(key): value for key, value in tier.entitlements.items()})
    assert set(tier.entitlements) == set(Key) == set(SCHEMA)


def test_prices_are_minor_units() -> None:
    assert [tier.price_minor for tier in DEFAULT_TIERS] == [69_000, 149_000, 349_000]


@pytest.mark.parametrize(
    "key",
    [key for key in Key if key.endswith(("_max", "_hours", "_volume", "_levels", "_per_month"))],
)
def test_a_bigger_tier_never_includes_less(key: Key) -> None:
    small, middle, big = (tier.entitlements[key] for tier in (FOUNDATION, GROWTH, PREMIUM))
    assert small <= middle <= big  # type: ignore[operator]


def test_channels_of_a_smaller_tier_are_in_the_bigger_one() -> None:
    small, middle, big = (
        set(tier.entitlements[Key.CHANNELS])  # type: ignore[arg-type]
        for tier in (FOUNDATION, GROWTH, PREMIUM)
    )
    assert small < middle < big


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"macro_max": 3}, "no entitlement called “macro_max”"),
        ({"macros_max": "40"}, "whole number"),
        ({"macros_max": True}, "whole number"),
        ({"macros_max": -1}, "whole number"),
        ({"broadcasts": 1}, "yes or no"),
        ({"coverage": "always"}, "one of business_hours, extended"),
        ({"channels": ["email", "fax"]}, "different words"),
        ({"channels": ["email", "email"]}, "different words"),
        ({"channels": "email"}, "different words"),
        ({"channels": [["email"]]}, "different words"),
        ({"coverage": ["extended"]}, "one of"),
    ],
)
def test_an_unknown_key_or_a_wrong_type_is_refused_by_name(
    values: dict[str, object], said: str
) -> None:
    with pytest.raises(InvalidEntitlements, match=said) as refused:
        check_entitlements(values)
    assert refused.value.field == next(iter(values))
