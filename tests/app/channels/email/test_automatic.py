"""Machine mail is recognised, and a person's is not taken for it."""

import pytest

from tests.app.channels.email.letters import a_mail, incoming


@pytest.mark.parametrize(
    "header",
    [
        b"Auto-Submitted: auto-replied",
        b"Auto-Submitted: auto-generated (failure)",
        b"X-Auto-Response-Suppress: All",
        b"Precedence: bulk",
        b"Precedence: LIST",
        b"Precedence: auto_reply",
        b"X-Autoreply: yes",
        b"X-Autorespond: ",
        b"List-Id: <news.shop.example>",
        b"Return-Path: <>",
        b"Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
    ],
)
def test_headers_of_machines_are_recognised(header: bytes):
    assert incoming(a_mail(b"Hello", header)).is_automatic


@pytest.mark.parametrize(
    "header",
    [b"Auto-Submitted: no", b"Precedence: normal", b"X-Auto-Response-Suppress: None", b"X-A: 1"],
)
def test_headers_of_people_are_not(header: bytes):
    assert not incoming(a_mail(b"Hello", header)).is_automatic


@pytest.mark.parametrize(
    "sender",
    [
        "MAILER-DAEMON",
        "postmaster",
        "noreply",
        "no-reply",
        "do_not_reply",
        "orders-noreply",
        "bounces+x",
    ],
)
def test_senders_that_are_machines_are_recognised(sender: str):
    assert incoming(f"From: {sender}@shop.example\r\n\r\nHello".encode()).is_automatic


@pytest.mark.parametrize("sender", ["sam", "norah.reply", "bouncer", "noreen"])
def test_people_with_similar_names_are_not(sender: str):
    assert not incoming(f"From: {sender}@shop.example\r\n\r\nHello".encode()).is_automatic


@pytest.mark.parametrize(
    "subject",
    [
        "Automatische Antwort: Paket",
        "Réponse automatique : Colis",
        "Out of Office: parcel",
        "自動応答: 荷物",
        "Re: Abwesenheitsnotiz",
        "Respuesta automática: pedido",
    ],
)
def test_absence_notices_without_headers_are_recognised_by_their_subject(subject: str):
    raw = f"From: sam@shop.example\r\nSubject: {subject}\r\n\r\nI am away".encode()
    assert incoming(raw).automatic == "absence notice by its subject"


def test_a_subject_that_merely_mentions_an_absence_is_a_persons():
    raw = b"From: sam@shop.example\r\nSubject: Your out of office reply confused me\r\n\r\nHello"
    assert not incoming(raw).is_automatic
