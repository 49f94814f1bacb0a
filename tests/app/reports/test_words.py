"""Figures in words, texts without people, and the mail as it is read."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.reports.anonymity import anonymous
from app.reports.formulas import Share, spread
from app.reports.hours import hours_words
from app.reports.mail import compose_bodies
from app.reports.queries.facts import collect_facts
from app.reports.words import faster, growth, percent, points_between, target_words, wait
from app.sla.business_hours import Calendar
from tenants.db import db
from tests.factories.cast import World
from tests.factories.reports import WORKDAYS, a_history
from themes.tokens import Theme

GOLDENS = Path(__file__).parent / "goldens"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "–"),
        (40, "40 s"),
        (2280, "38 min"),
        (5100, "85 min"),
        (18_720, "5.2 h"),
        (97_200, "27 h"),
    ],
)
def test_a_wait_is_hours_all_the_way(seconds: float | None, words: str):
    assert wait(seconds) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (Share(0, 0), "–"),
        (Share(0, 12), "0%"),
        (Share(11, 12), "92%"),
        (Share(12, 12), "100%"),
        (Share(412, 437), "94.3%"),
        (Share(1999, 2000), "99.9%"),
        (Share(1, 3000), "0.1%"),
        (Share(200, 200), "100%"),
    ],
)
def test_a_share_is_never_rounded_to_all_or_nothing(share: Share, words: str):
    assert percent(share) == words


def test_few_cases_are_not_compared():
    assert points_between(Share(9, 10), Share(5, 10)) is None
    assert points_between(Share(19, 20), Share(15, 20)) == 20
    assert faster(spread([60.0] * 5), spread([600.0] * 5)) is None
    assert faster(spread([600.0] * 20), spread([1200.0] * 20)) == "10 min sooner"
    assert growth(10, 5) is None
    assert growth(118, 100) == "18% more"


def test_targets_and_hours_are_told_in_words():
    assert [target_words(minutes) for minutes in (30, 120, 150, 1080)] == [
        "30 min",
        "2 h",
        "2.5 h",
        "18 h",
    ]
    assert hours_words(WORKDAYS) == "Monday to Friday 09:00 to 18:00 (Europe/Berlin)"
    assert hours_words(Calendar.always_open("UTC")) == "Monday to Sunday around the clock (UTC)"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Dear Sam Rivera, mail me at sam.r@shop.example.", "Dear [name], mail me at [address]."),
        ("Order #W26113 from +49 40 123 45 67", "Order [number] from [number]"),
        ("See https://track.example/x?y=1 now", "See [link] now"),
        ("The 42 fits like a 41", "The 42 fits like a 41"),
        ("RIVERA wrote; Samantha did not", "[name] wrote; Samantha did not"),
    ],
)
def test_an_example_loses_everything_that_points_to_a_person(text: str, told: str):
    assert anonymous(text, names=["Sam Rivera"]) == told


def test_a_long_example_ends_at_a_word():
    assert anonymous("word " * 80, names=[]).endswith("word…")


@pytest.mark.parametrize("kind", ["txt", "html"])
def test_the_mail_is_as_it_was_agreed(world: World, kind: str):
    a_history(world, "Acme", first=date(2026, 10, 1), until=date(2026, 11, 1), conversations=120)
    with db.transaction(world.system_scope("Acme")):
        facts = collect_facts(
            world.workspaces["Acme"],
            period_from=date(2026, 10, 1),
            period_until=date(2026, 11, 1),
            now=datetime(2026, 11, 2, 9, tzinfo=UTC),
        )
    mail = compose_bodies(
        replace(facts, client="Acme & Sons"),
        Theme(name="Northwind", primary="#1f4f8f"),
        subject="Service report Acme & Sons, October 2026",
        url="https://portal.northwind.example/documents/1",
    )
    written = mail.text if kind == "txt" else mail.html
    assert written == (GOLDENS / f"ready.{kind}").read_text()
