"""Alignment, κ and α on published vectors, and what holds for any reviewers."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.quality.agreement import (
    Compared,
    Level,
    Weighting,
    alignment,
    alpha_band,
    cohen_kappa,
    krippendorff_alpha,
)

FIRST = (1, 2, 3, 4, 4, 5, 5, 2, 3, 1)
SECOND = (1, 2, 2, 4, 5, 5, 4, 2, 3, 2)
FIVE_POINTS = (1, 2, 3, 4, 5)

KRIPPENDORFF_C = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
UNITS_C = [
    [None if value == "." else int(value) for value in unit]
    for unit in zip(*(row.split() for row in KRIPPENDORFF_C), strict=True)
]


def test_alignment_of_one_criterion_is_its_distance_on_the_scale() -> None:
    compared = Compared(original=10, benchmark=7, span=15, weight=15)
    assert compared.alignment == pytest.approx(0.8)
    assert alignment([compared]) == pytest.approx(0.8)


def test_a_criterion_gives_its_share_of_the_whole_alignment() -> None:
    compared = Compared(original=10, benchmark=7, span=15, weight=15)
    opposite = Compared(original=0, benchmark=1, span=1, weight=65)
    assert alignment([compared, opposite]) == pytest.approx(0.15)


def test_equal_totals_for_different_reasons_are_not_aligned() -> None:
    high_low = Compared(original=5, benchmark=1, span=4, weight=50)
    low_high = Compared(original=1, benchmark=5, span=4, weight=50)
    assert alignment([high_low, low_high]) == 0


def test_nothing_compared_has_no_alignment() -> None:
    assert alignment([]) is None


@pytest.mark.parametrize(
    ("weights", "kappa"), [("none", 0.5), ("linear", 0.7435897), ("quadratic", 0.8947368)]
)
def test_cohens_kappa_equals_the_published_value(weights: Weighting, kappa: float) -> None:
    result = cohen_kappa(FIRST, SECOND, scale=FIVE_POINTS, weights=weights)
    assert result == pytest.approx(kappa, abs=5e-8)


def test_kappa_is_1_for_the_same_ratings_and_undefined_for_a_single_value() -> None:
    assert cohen_kappa(FIRST, FIRST, scale=FIVE_POINTS, weights="quadratic") == 1
    assert cohen_kappa((3, 3), (3, 3), scale=FIVE_POINTS) is None
    assert cohen_kappa((), (), scale=FIVE_POINTS) is None


def test_a_value_nobody_used_still_takes_its_place_on_the_scale() -> None:
    near = cohen_kappa((1, 2, 5), (1, 5, 5), scale=(1, 2, 5), weights="linear")
    far = cohen_kappa((1, 2, 5), (1, 5, 5), scale=FIVE_POINTS, weights="linear")
    assert near is not None
    assert far is not None
    assert far < near


def test_kappa_refuses_ratings_of_different_conversations() -> None:
    with pytest.raises(ValueError, match="zip"):
        cohen_kappa(FIRST, SECOND[:-1], scale=FIVE_POINTS)


@pytest.mark.parametrize(
    ("level", "alpha"),
    [("nominal", 0.7434211), ("ordinal", 0.8153875), ("interval", 0.8491071)],
)
def test_krippendorffs_alpha_equals_the_published_value(level: Level, alpha: float) -> None:
    assert krippendorff_alpha(UNITS_C, level) == pytest.approx(alpha, abs=5e-8)


def test_alpha_without_variance_or_without_pairs_is_undefined() -> None:
    assert krippendorff_alpha([(3, 3), (3, 3, None)], "interval") is None
    assert krippendorff_alpha([(3, None), (None, 4)], "interval") is None
    assert krippendorff_alpha([], "nominal") is None


@settings(deadline=None)
@given(
    st.lists(st.lists(st.one_of(st.none(), st.integers(1, 5)), min_size=3, max_size=3), max_size=9),
    st.sampled_from(("nominal", "ordinal", "interval")),
    st.randoms(use_true_random=False),
)
def test_alpha_does_not_depend_on_the_order_of_units_or_reviewers(
    units: list[list[float | None]], level: Level, random: Random
) -> None:
    alpha = krippendorff_alpha(units, level)
    mixed = [random.sample(unit, len(unit)) for unit in units]
    random.shuffle(mixed)
    assert krippendorff_alpha(mixed, level) == pytest.approx(alpha)
    assert alpha is None or alpha <= 1


@pytest.mark.parametrize(
    ("alpha", "band"),
    [
        (1.0, "good"),
        (0.8, "good"),
        (0.799, "tentative"),
        (0.667, "tentative"),
        (0.666, "recalibrate"),
        (-0.2, "recalibrate"),
        (None, "n/a (no variance)"),
    ],
)
def test_alpha_is_printed_with_its_word(alpha: float | None, band: str) -> None:
    assert alpha_band(alpha) == band
