"""Wrong values: 422, a message at the field, and what was typed is kept."""

from typing import Any

import pytest

from tests.browser import Browser, Person
from tests.factories.cast import World
from tests.factories.openings import (
    a_logo,
    begin,
    choose,
    choose_all,
    send_logo,
    tier_version,
)
from tests.factories.work import run_due_jobs

LONG = "x" * 10_000


@pytest.fixture
def ana(browser: Browser) -> Person:
    return browser.sign_in("ana@northwind.example")


def refuse(person: Person, part: str, wrong: list[tuple[str, Any]]) -> None:
    """Send each wrong value in a form that is right otherwise."""
    opening_id = begin(person)
    if part != "brand":
        assert choose(person, opening_id, "brand").status_code == 303
    for field, value in wrong:
        answer = choose(person, opening_id, part, **{field: value})
        assert answer.status_code == 422, (field, value)
        assert f'id="f-{field}-error"' in answer.get_data(as_text=True), (field, value)


def test_a_brand_needs_a_name_and_a_free_word(ana: Person):
    refuse(
        ana,
        "brand",
        [
            ("name", ""),
            ("name", "   "),
            ("name", LONG),
            ("name", "Fern\u202e"),
            ("slug", ""),
            ("slug", "Fern & Fable"),
            ("slug", "-fern"),
            ("slug", "admin"),
            ("slug", "www"),
            ("slug", ".."),
            ("slug", "fėrn"),
            ("slug", "f" * 64),
            ("slug", "acme"),
            ("slug", "cedar"),
            ("slug", "portal.northwind"),
            ("signature", LONG),
        ],
    )


def test_what_was_typed_is_kept(ana: Person):
    answer = choose(ana, begin(ana), "brand", slug="not a word")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="Fern &amp; Fable"' in page
    assert 'value="not a word"' in page


def test_a_look_is_made_of_known_tokens(ana: Person):
    refuse(
        ana,
        "look",
        [
            ("primary", ""),
            ("primary", "#12"),
            ("primary", "red;background:url(//evil)"),
            ("primary", "#fff}body{"),
            ("secondary", "blue"),
            ("radius", "99"),
            ("radius", "round"),
            ("fonts", "Comic Sans"),
        ],
    )


@pytest.mark.parametrize(
    "upload",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"not a picture", id="text"),
        pytest.param(a_logo()[:200], id="truncated"),
        pytest.param(b"GIF89a" + b"\0" * 100, id="gif"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'><unclosed", id="broken svg"),
        pytest.param(b"\x89PNG" + b"\0" * 2_100_000, id="too large"),
    ],
)
def test_a_broken_logo_is_refused_at_its_field(ana: Person, upload: bytes):
    opening_id = begin(ana)
    choose(ana, opening_id, "brand")

    answer = send_logo(ana, opening_id, upload)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="f-logo-error"' in page
    assert 'value="#1d6b4f"' in page


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_of_each_kind_is_taken(ana: Person, kind: str):
    opening_id = begin(ana)
    choose(ana, opening_id, "brand")

    answer = send_logo(ana, opening_id, a_logo(kind=kind))

    assert answer.status_code == 303


def test_channels_need_an_address_and_hours(ana: Person):
    refuse(
        ana,
        "channels",
        [
            ("address", ""),
            ("address", "support"),
            ("address", "support@"),
            ("address", "a b@fern.localhost"),
            ("address", "support@fern.localhost\r\nBcc: x@y.example"),
            ("address", "support@acme.localhost"),
            ("time_zone", "Mars/Olympus"),
            ("monday", "from nine"),
            ("monday", "9-25"),
            ("monday", "9-9"),
            ("monday", "9-12, 11-18"),
            ("holidays_country", "Atlantis"),
            ("holidays", "2026-02-30"),
        ],
    )


def test_hours_that_never_open_are_refused(ana: Person):
    opening_id = begin(ana)
    choose(ana, opening_id, "brand")

    answer = choose(ana, opening_id, "channels", monday="", tuesday="")

    assert answer.status_code == 422
    assert "Open on at least one day" in answer.get_data(as_text=True)


def test_an_address_of_another_brand_is_refused(ana: Person, world: World):
    opening_id = choose_all(ana, world, channels={"address": "hello@fern.example"})
    ana.post(f"/openings/{opening_id}/making")
    run_due_jobs()
    second = begin(ana)
    choose(ana, second, "brand", name="Gale", slug="gale")

    answer = choose(ana, second, "channels", address="Hello@Fern.example")

    assert answer.status_code == 422
    assert "already receives mail" in answer.get_data(as_text=True)


def test_service_needs_a_promise_and_a_contact(ana: Person):
    refuse(
        ana,
        "service",
        [
            ("policy", "instant"),
            ("policy", ""),
            ("cadence", "hourly"),
            ("recipients", "fay@fern.example, nobody"),
            ("recipients", " ".join(f"p{n}@fern.example" for n in range(11))),
            ("contact_name", ""),
            ("contact_email", ""),
            ("contact_email", "fay"),
            ("contact_email", "leo@northwind.example"),
            ("contact_role", "owner"),
        ],
    )


def test_a_tier_must_be_chosen(ana: Person):
    refuse(ana, "tier", [("tier_version_id", ""), ("tier_version_id", "gold")])


def test_another_agencys_tier_does_not_exist(ana: Person, world: World, browser: Browser):
    begin(browser.sign_in("mallory@southgate.example"))
    theirs = tier_version(world, "premium", agency="Southgate")

    answer = choose(ana, begin(ana), "tier", tier_version_id=str(theirs))

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("part", "changed", "words"),
    [
        ("service", {"policy": "premium"}, "comes with the standard policy; you chose premium"),
        ("service", {"cadence": "monthly"}, "does not include monthly reports"),
        (
            "channels",
            dict.fromkeys(("monday", "tuesday"), "0-24"),
            "covers 45 staffed hours a week; the hours you set come to 48",
        ),
    ],
)
def test_a_tier_below_the_choices_is_refused(
    ana: Person, world: World, part: str, changed: dict[str, str], words: str
):
    opening_id = begin(ana)
    for each in ("brand", "look", "channels", "service"):
        assert choose(ana, opening_id, each, **(changed if each == part else {})).status_code == 303
    wanted = str(tier_version(world, "foundation"))

    answer = choose(ana, opening_id, "tier", tier_version_id=wanted)

    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
