"""The document: what it says, with how little it copes, and in whose name."""

import io
from datetime import UTC, date, datetime

import pytest
from pypdf import PdfReader

from app.reports.document import render_report_document
from app.reports.facts import Facts
from app.reports.pages import count_pages
from app.reports.queries.facts import collect_facts
from app.reports.queries.looks import current_look
from tenants.db import db
from tenants.workspaces.models import Workspace
from tests.factories.cast import World
from tests.factories.conversations import a_conversation
from tests.factories.openings import a_logo
from tests.factories.reports import a_history, reviews_of_weeks
from themes.logos import read_logo
from themes.tokens import Theme

pytestmark = pytest.mark.slow
FIRST, UNTIL = date(2026, 10, 1), date(2026, 11, 1)
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def facts_of(world: World) -> Facts:
    with db.transaction(world.system_scope("Acme")):
        return collect_facts(
            world.workspaces["Acme"], period_from=FIRST, period_until=UNTIL, now=NOW
        )


def printed(world: World, facts: Facts, logo: bytes | None = None) -> PdfReader:
    with db.transaction(world.system_scope("Acme")):
        theme = current_look(world.workspaces["Acme"]).theme
    pdf = render_report_document(facts, theme, made_on=date(2026, 11, 2), logo=logo)
    reader = PdfReader(io.BytesIO(pdf))
    assert count_pages(pdf) == len(reader.pages)
    return reader


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def rename_client(world: World, name: str) -> None:
    with db.transaction(world.system_scope("Acme")) as session:
        workspace = session.get_one(Workspace, world.workspaces["Acme"])
        workspace.name = name


def test_a_month_fills_seven_pages_or_eight_and_names_only_client_and_agency(world: World):
    a_history(world, "Acme", first=date(2026, 9, 1), until=FIRST, conversations=300, seed=3)
    a_history(world, "Acme", first=FIRST, until=UNTIL, conversations=400)
    reviews_of_weeks(world, "Acme", [date(2026, 10, day) for day in (5, 12, 19)])
    facts = facts_of(world)
    reader = printed(world, facts)
    text = text_of(reader)
    assert 7 <= len(reader.pages) <= 8
    for words in (
        "What changed",
        "What we suggest",
        "Service levels",
        "How long shoppers waited",
        "Findings for the shop",
        "Definitions, version 1",
        "95% interval",
        "drawn at random",
        "Monday to Friday 09:00 to 18:00 (Europe/Berlin)",
    ):
        assert words in text
    share = facts.current.promise("first_response").share
    assert f"{share.part} of {share.n}" in text
    assert reader.metadata is not None
    assert reader.metadata.producer == reader.metadata.creator == "Northwind"
    assert reader.metadata.author == "Northwind"
    assert reader.metadata.title == "Service report – Acme, October 2026"
    for name in ("Birch", "Leo", "Rivera", "Livery"):
        assert name not in text


def test_every_font_is_in_the_file(world: World):
    reader = printed(world, facts_of(world))
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all("+" in font for font in fonts)


def test_a_period_without_conversations_says_so_on_few_pages(world: World):
    reader = printed(world, facts_of(world))
    text = text_of(reader)
    assert len(reader.pages) <= 3
    assert "Nobody wrote to Acme in this period." in text
    assert "there is no score" in text
    assert "0%" not in text.replace("90%", "")


def test_one_conversation_is_one(world: World):
    a_conversation(world, "Acme", now=datetime(2026, 10, 7, 9, tzinfo=UTC))
    text = text_of(printed(world, facts_of(world)))
    assert "conversation was opened in October 2026" in text
    assert "1 conversation" in text
    assert "1 conversations" not in text


def test_twelve_conversations_get_medians_and_no_tail_no_weekly_charts(world: World):
    a_history(world, "Acme", first=FIRST, until=UNTIL, conversations=12)
    text = text_of(printed(world, facts_of(world)))
    assert "How long shoppers waited" in text
    assert "each week" not in text
    assert "not enough reviews (n = 0 of 10)" in text


@pytest.mark.parametrize(
    "name",
    [
        "Norddeutsche Gartenmöbel- und Balkonbepflanzungsgesellschaft",
        "<script>alert(1)</script> & Söhne",
        "Łukasz Ελλάδα Москва",
    ],
)
def test_any_name_is_printed_on_the_cover(world: World, name: str):
    rename_client(world, name)
    cover = printed(world, facts_of(world)).pages[0].extract_text()
    assert "".join(name.split()) in "".join(cover.split())


def test_an_arabic_name_and_topic_leave_the_document_whole(world: World):
    rename_client(world, "متجر الواحة")
    a_conversation(world, "Acme", now=datetime(2026, 10, 7, 9, tzinfo=UTC), topic="استرجاع")
    reader = printed(world, facts_of(world))
    assert "October 2026" in reader.pages[0].extract_text()


def test_the_agencys_logo_stands_on_the_cover(world: World):
    logo = read_logo(a_logo()).page
    reader = printed(world, facts_of(world), logo)
    assert len(reader.pages[0].images) == 1
    assert not printed(world, facts_of(world)).pages[0].images


def test_thirty_topics_are_all_listed(world: World):
    for number in range(30):
        at = datetime(2026, 10, 1 + number, 9, tzinfo=UTC)
        a_conversation(world, "Acme", now=at, topic=f"topic_{number:02}")
    text = text_of(printed(world, facts_of(world)))
    assert all(f"Topic {number:02}" in text for number in range(30))


def test_the_cover_takes_the_clients_colour(world: World):
    with db.transaction(world.system_scope("Acme")):
        assert current_look(world.workspaces["Acme"]).theme == Theme(name="Acme", primary="#0f6b5c")
