"""Any one or two colours give a page on which everything can be read."""

import random

import pytest

from themes.palette import PairCheck, Palette, build_palette, check_contrast, contrast

PAIRS = 300
AWKWARD = ["#ffffff", "#000000", "#808080", "#ffd400", "#ffffe0", "#ff0000", "#00ff00", "#0000ff"]


def unreadable(palette: Palette) -> list[PairCheck]:
    return [check for check in check_contrast(palette) if not check.passed]


def test_random_brands_are_readable_and_stay_themselves():
    dice = random.Random(20260312)  # noqa: S311 - colours, not secrets
    for _ in range(PAIRS):
        primary = f"#{dice.randrange(1 << 24):06x}"
        secondary = f"#{dice.randrange(1 << 24):06x}" if dice.random() < 0.5 else None
        palette = build_palette(primary, secondary)
        assert not unreadable(palette), (primary, secondary)
        assert palette.light["brand"] == palette.dark["brand"] == primary


@pytest.mark.parametrize("primary", AWKWARD)
@pytest.mark.parametrize("secondary", [None, "#ffffff", "#000000"])
def test_awkward_brands_are_readable_and_stay_themselves(primary: str, secondary: str | None):
    palette = build_palette(primary, secondary)
    assert not unreadable(palette)
    assert palette.light["brand"] == palette.dark["brand"] == primary


def test_a_grey_brand_gets_no_hue_from_nowhere():
    for role, colour in build_palette("#777777").light.items():
        if role.startswith(("brand", "surface", "ink", "link", "focus")):
            red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
            assert max(red, green, blue) - min(red, green, blue) <= 2, role


def test_a_pale_brand_gets_an_edge_that_can_be_seen():
    palette = build_palette("#fff4b8")
    assert contrast(palette.light["brand"], palette.light["surface-0"]) < 3
    assert contrast(palette.light["brand-edge"], palette.light["surface-0"]) >= 3


def test_the_check_finds_a_pair_that_cannot_be_read():
    good = build_palette("#0f6b5c")
    spoiled = Palette(light={**good.light, "link": "#dddddd"}, dark=good.dark)
    assert {check.front for check in unreadable(spoiled)} == {"link"}


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
