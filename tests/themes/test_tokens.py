"""A theme is typed tokens: whatever a person or a file sends, only those get through."""

from typing import Any

import pytest

from themes.errors import BadTheme
from themes.tokens import Logo, Theme

DIGEST = "a" * 64


def test_a_colour_is_normalised_and_otherwise_kept():
    assert Theme(name="Acme", primary=" #FFD400 ").primary == "#ffd400"
    assert Theme(name="Acme", primary="abc").primary == "#aabbcc"


@pytest.mark.parametrize(
    "colour",
    ["red;background:url(//evil)", "#fff}body{display:none}", "#12", "", "red", "#12345g", 7, None],
)
def test_a_colour_is_never_a_piece_of_css(colour: Any):
    with pytest.raises(BadTheme) as refusal:
        Theme(name="Acme", primary=colour)
    assert refusal.value.field == "primary"
    assert refusal.value.status == 422


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "   "),
        ("name", "x" * 81),
        ("name", "null \x00 byte"),
        ("radius", 13),
        ("radius", -1),
        ("radius", "8"),
        ("radius", True),
        ("fonts", "Comic Sans"),
        ("fonts", "https://fonts.example/x.css"),
        ("scheme", "sepia"),
        ("monogram", "ABC"),
        ("secondary", "blue"),
    ],
)
def test_a_wrong_token_is_refused_at_its_field(field: str, value: object):
    with pytest.raises(BadTheme) as refusal:
        Theme.from_json({"version": 1, "name": "Acme", "primary": "#0f6b5c", field: value})
    assert refusal.value.field == field


def test_a_theme_survives_being_stored():
    logo = Logo(page=DIGEST, mail=DIGEST, icon=DIGEST, width=300, height=80)
    theme = Theme(name="Acme", primary="#0f6b5c", secondary="#e8a33d", radius=2, logo=logo)
    assert Theme.from_json(theme.to_json()) == theme


@pytest.mark.parametrize(
    "stored",
    [
        {"version": 2, "name": "Acme", "primary": "#0f6b5c"},
        {"name": "Acme", "primary": "#0f6b5c"},
        {"version": 1, "primary": "#0f6b5c"},
        {"version": 1, "name": "Acme", "primary": "#0f6b5c", "css": "body{}"},
        {"version": 1, "name": "Acme", "primary": "#0f6b5c", "logo": "../../etc/passwd"},
        {"version": 1, "name": "Acme", "primary": "#0f6b5c", "logo": {"page": DIGEST}},
        {
            "version": 1,
            "name": "Acme",
            "primary": "#0f6b5c",
            "logo": {**Logo(DIGEST, DIGEST, DIGEST, 9, 9).__dict__, "page": "../secret"},
        },
    ],
)
def test_a_stored_theme_with_anything_else_in_it_is_refused(stored: dict[str, Any]):
    with pytest.raises(BadTheme):
        Theme.from_json(stored)


def test_the_digest_changes_with_every_token():
    theme = Theme(name="Acme", primary="#0f6b5c")
    others = [
        Theme(name="Acme", primary="#0f6b5d"),
        Theme(name="Acme", primary="#0f6b5c", radius=7),
        Theme(name="Acme", primary="#0f6b5c", greeting="Hi"),
    ]
    assert theme.digest == Theme(name="Acme", primary="#0F6B5C").digest
    assert len({theme.digest, *(other.digest for other in others)}) == 4


@pytest.mark.parametrize(
    ("name", "monogram"),
    [
        ("Acme Outdoor", "AO"),
        ("birch", "B"),
        ("Cedar & Sohn", "CS"),
        ("متجر النور", "ما"),
        ("…", "…"),
    ],
)
def test_a_brand_without_a_logo_has_a_monogram(name: str, monogram: str):
    assert Theme(name=name, primary="#0f6b5c").monogram == monogram
