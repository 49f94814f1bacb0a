import time

import pytest

from app.channels.email.characters import clean_text
from app.channels.email.html import sanitise, text_of
from app.channels.email.quotes import visible_reply
from tests.app.channels.email import corpus


def words(text: str) -> str:
    return " ".join(text.split())


def visible(name: str) -> str:
    return words(visible_reply(clean_text(corpus.reply_text(name))))


@corpus.needs_corpus
def test_at_least_65_of_67_sample_replies_are_exact():
    cases = [case for case in corpus.reply_cases() if "expected_reply" in case]
    exact = [case for case in cases if visible(case["file"]) == words(case["expected_reply"])]
    assert len(cases) == 67
    # Of the others one wants its signature kept, one is a mail whose twin wants the opposite.
    assert len(exact) >= 65


@corpus.needs_corpus
def test_what_must_be_seen_is_seen_and_what_is_quoted_is_not():
    for case in corpus.reply_cases():
        shown = visible(case["file"])
        for piece in case.get("must_contain", []):
            assert words(piece) in shown, case["file"]
        for piece in case.get("must_not_contain", []):
            assert words(piece) not in shown, case["file"]


@pytest.mark.parametrize(
    "header",
    [
        "On Fri, 3 Jul 2026 at 10:15, Acme <help@acme.example> wrote:",
        "Am 03.07.2026 um 10:15 schrieb Acme <help@acme.example>:",
        "Le ven. 3 juil. 2026 à 10:15, Acme <help@acme.example>\na écrit :",
        "El vie, 3 jul 2026 a las 10:15, Acme (<help@acme.example>)\nescribió:",
        "Il giorno ven 3 lug 2026 alle ore 10:15 Acme <help@acme.example> ha scritto:",
        "Op vr 3 jul. 2026 om 10:15 schreef Acme <\nhelp@acme.example>:",
        "2026年7月3日(金) 10:15 Acme <help@acme.example>:",
        "pt., 3 lip 2026 o 10:15 Acme <help@acme.example> napisał(a):",
        "-----Ursprüngliche Nachricht-----",
        "Von: Acme <help@acme.example>\nGesendet: 3. Juli 2026 10:15\nAn: Sam\nBetreff: Paket",
        "________________________________\nDe : Acme\nEnvoyé : 3 juillet 2026\nObjet : Colis",
    ],
)
def test_what_stands_below_a_quote_header_of_any_language_is_folded(header: str):
    shown = visible_reply(f"It has not arrived.\n\n{header}\n\nYour parcel is on its way.\nAcme")
    assert shown == "It has not arrived."


def test_answers_between_quotes_stay():
    text = "On 3 Jul 2026 Acme wrote:\n> Which size?\n42\n> Which colour?\nRed"
    assert visible_reply(text) == "42\nRed"


def test_an_answer_below_the_quote_stays():
    text = "On 3 Jul 2026, Acme <help@acme.example> wrote:\n> Which size?\n> Regards\n\n42, please."
    assert visible_reply(text) == "42, please."


def test_what_is_forwarded_stays():
    text = "See below\n\n------ Forwarded message -----\nFrom: x@y.example\nDate: today\n\nBody"
    assert "Body" in visible_reply(text)


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, but my order is still missing.\nIt was number 4711.\nCan you help?",
        "On Monday I wrote to you: nothing happened.",
        "From: the beginning I was unhappy with it.",
        "> 100 pieces",
        "Regards,\nSam\n\nPS: my order number is 4711.",
        "-- ",
        "From 10:00 to 12:30 nobody answered, as I wrote:\nnot acceptable.",
    ],
)
def test_text_that_only_resembles_a_quote_or_a_signature_stays(text: str):
    assert words(visible_reply(text)) == words(text)


def test_signature_and_device_note_are_folded():
    assert visible_reply("It works.\n\nBest regards,\nSam Shopper\n+49 30 1234") == "It works."
    assert visible_reply("It works.\n\nSent from my iPhone") == "It works."
    assert visible_reply("It works.\n-- \nSam\nShop Ltd") == "It works."


def test_a_mail_that_is_nothing_but_a_quote_is_shown_whole():
    text = "> quoted\n> only"
    assert visible_reply(text) == text


@corpus.needs_corpus
def test_html_replies_lose_their_quotes_too():
    for path in corpus.quoted_html():
        if "reply" in path.name:
            text = text_of(sanitise(path.read_text()).html)
            shown = visible_reply(text)
            assert 0 < len(shown) < len(text), path.name


@pytest.mark.parametrize(
    "text",
    [
        "On " * 50_000 + "wrote:",
        ("a" * 70 + " 12:30 wrote:\n") * 20_000,
        "> a\nb\n" * 100_000,
        ">" * 500_000,
        "From: a\n" * 50_000,
        "_" * 500_000,
        "-" * 20 + "x" * 500_000,
    ],
)
def test_no_text_stalls_the_reader(text: str):
    # Not how fast, only that it is not exponential: minutes otherwise.
    started = time.process_time()
    assert visible_reply(text)
    assert time.process_time() - started < 10
