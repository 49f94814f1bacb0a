"""What a theme becomes: one stylesheet of plain values."""

import re

import pytest

from themes.css import accent_stylesheet, theme_stylesheet
from themes.tokens import Theme

ACME = Theme(name="Acme", primary="#d9480f", radius=3)


def test_a_stylesheet_holds_both_schemes_and_the_brand_itself():
    css = theme_stylesheet(ACME)
    assert "--brand:#d9480f;" in css
    assert "--radius:3px;" in css
    assert re.search(r"--surface-0:light-dark\(#\w{6},#\w{6}\);", css)


def test_a_brand_that_is_always_light_is_light_on_a_dark_device():
    css = theme_stylesheet(Theme(name="Acme", primary="#d9480f", scheme="light"))
    assert ":root{color-scheme:light;" in css


def test_a_stylesheet_fetches_and_imports_nothing():
    css = theme_stylesheet(Theme(name="</style>@import url(//evil)", primary="#d9480f"))
    assert "url(" not in css
    assert "@import" not in css
    assert "evil" not in css


def test_an_accent_changes_the_brand_and_leaves_the_agencys_greys():
    css = accent_stylesheet({"0190-aa": ACME})
    assert css.startswith('[data-brand="0190-aa"]{')
    assert "--brand:#d9480f" in css
    assert "--surface-0" not in css
    assert "--danger" not in css


def test_an_accents_key_cannot_leave_its_selector():
    with pytest.raises(ValueError, match="not a brand key"):
        accent_stylesheet({'x"]{}body{display:none}': ACME})
