"""Mails that break readers, and what is read from them."""

import hashlib
from datetime import UTC, datetime

import pytest

from app.channels.email.headers import decode_words, parameters
from app.channels.email.incoming import Mailbox
from app.channels.email.reader import read
from app.channels.email.threading import named_ids
from tests.app.channels.email.letters import a_mail, incoming


def test_an_ordinary_mail_is_read_whole():
    read_mail = incoming(
        a_mail(
            b"Where is my parcel?\r\n",
            b"Date: Fri, 3 Jul 2026 10:15:00 +0200",
            b"In-Reply-To: <b@acme.example>",
            b"References: <a@acme.example>\r\n <b@acme.example>",
            b"Delivered-To: help@acme.example",
            b"Return-Path: <sam@shop.example>",
        )
    )
    assert read_mail.sender == Mailbox("sam@shop.example", "Sam Shopper")
    assert read_mail.to == (Mailbox("help@acme.example"),)
    assert (read_mail.subject, read_mail.text) == ("Parcel", "Where is my parcel?")
    assert read_mail.sent_at == datetime(2026, 7, 3, 8, 15, tzinfo=UTC)
    assert read_mail.in_reply_to == ("<b@acme.example>",)
    assert read_mail.references == ("<a@acme.example>", "<b@acme.example>")
    assert read_mail.delivered_to == ("help@acme.example",)
    assert read_mail.return_path == "sam@shop.example"
    assert read_mail.message_id == "<one@shop.example>"
    assert not read_mail.is_automatic


@pytest.mark.parametrize(
    "header",
    [
        b"Message-ID: <x@[>",
        b"Content-Type: text/plain; charset=x-evil",
        b"Content-Type: text/plain; charset=rot13",
        b"Content-Type: text/plain; charset=unicode_escape",
        b'Content-Type: text/plain; charset="u\0f"',
        b"Content-Type: ; ; ;",
        b"Content-Type: multipart/mixed",
        b"Content-Transfer-Encoding: x-unheard-of",
        b"Content-Transfer-Encoding:",
        b"Date: Mon, 99 Foo 20999 99:99:99 +9999",
        b"Date: Mon, 01 Jan 0001 00:00:00 +2359",
        b"Date: Mon, 01 Jan 2024 00:00:00 +99999999999999999999",
        b"References: <<<<>>>> <a",
        b"Content-Disposition: inline; filename*0*=x''%; filename*1=%%%",
        b"Subject: =?utf-8?b?!!!?= =?x-evil?q?a?= =?utf-8?q?=F?=",
    ],
)
def test_a_header_that_breaks_readers_costs_nothing_but_itself(header: bytes):
    read_mail = incoming(header + b"\r\nTo: help@acme.example\r\n\r\nHello")
    assert read_mail.text == "Hello"


def test_line_breaks_hidden_in_encoded_words_become_spaces():
    read_mail = incoming(
        b"From: =?utf-8?q?Eve=0D=0ABcc=3A_v=40x?= <eve@shop.example>\r\n"
        b"Subject: =?utf-8?q?Hi=0D=0ABcc:_victim?=\r\n\r\nHello"
    )
    assert read_mail.subject == "Hi Bcc: victim"
    assert read_mail.senders == (Mailbox("eve@shop.example", "Eve Bcc: v@x"),)


def test_a_character_split_over_two_encoded_words_is_read():
    assert decode_words("=?utf-8?q?caf=C3?= =?utf-8?q?=A9?=") == "café"


def test_text_around_encoded_words_keeps_its_spaces():
    assert decode_words("AW: =?utf-8?q?Gr=C3=BC=C3=9Fe?= aus Ulm") == "AW: Grüße aus Ulm"


def test_a_file_name_in_continued_and_encoded_pieces_is_joined():
    value = "attachment; filename*0*=utf-8''Rechnung%20; filename*1*=M%C3%A4rz; filename*2=.pdf"
    assert parameters(value)["filename"] == "Rechnung März.pdf"


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("gb2312", "gb18030"),
        ("ks_c_5601-1987", "cp949"),
        ("iso-2022-jp", "iso2022_jp"),
        ("shift_jis", "cp932"),
        ("windows-1251", "cp1251"),
        ("iso-8859-1", "cp1252"),
        ("us-ascii", "utf-8"),
    ],
)
def test_mail_in_the_charsets_of_the_world_is_read(charset: str, encoding: str):
    words = {
        "gb18030": "您好，包裹在哪里",
        "cp949": "안녕하세요 뷁",
        "iso2022_jp": "荷物はどこですか",
        "cp932": "①荷物",
        "cp1251": "Где моя посылка",
        "cp1252": "Für 5 € – “bitte”",
        "utf-8": "Où est mon colis",
    }[encoding]
    header = f"Content-Type: text/plain; charset={charset}".encode()
    assert incoming(a_mail(words.encode(encoding), header)).text == words


def test_one_broken_byte_does_not_change_the_alphabet_of_a_whole_mail():
    body = "Où est passé mon colis déjà payé ?".encode() + b"\xff"
    header = b"Content-Type: text/plain; charset=utf-8"
    assert incoming(a_mail(body, header)).text.startswith("Où est passé mon colis déjà payé")


def test_western_text_declared_as_utf8_is_read_as_western():
    body = "Señor, ¿dónde está?".encode("cp1252")
    assert incoming(a_mail(body, b"Content-Type: text/plain; charset=utf-8")).text == (
        "Señor, ¿dónde está?"
    )


def test_nul_controls_and_broken_characters_never_reach_the_text():
    read_mail = incoming(a_mail(b"a\0b\x07c\r\nd\re\xed\xa0\x80", b"X-A: \0"))
    assert "\0" not in read_mail.text
    assert read_mail.text.startswith("abc\nd\ne")
    read_mail.text.encode("utf-8")


@pytest.mark.parametrize("ending", [b"\n", b"\r"])
def test_bare_line_ends_are_read(ending: bytes):
    assert incoming(a_mail().replace(b"\r\n", ending)).text == "Where is my parcel?"


def test_direction_overrides_are_taken_out_of_subject_names_and_file_names():
    override = "\u202e".encode()
    raw = (
        b"From: =?utf-8?q?ab=E2=80=AEcd?= <eve@shop.example>\r\nSubject: x" + override + b"y\r\n"
        b'Content-Type: application/pdf; name="invoice' + override + b'fdp.exe"\r\n\r\nMZ'
    )
    read_mail = incoming(raw)
    assert read_mail.subject == "xy"
    assert read_mail.senders[0].name == "abcd"
    assert read_mail.attachments[0].filename == "invoicefdp.exe"
    assert read_mail.attachments[0].blocked


def test_a_line_that_is_no_header_does_not_hide_the_headers_below_it():
    read_mail = incoming(b"Subject: x\r\nnonsense here\r\nFrom: sam@shop.example\r\n\r\nHello")
    assert read_mail.sender == Mailbox("sam@shop.example")
    assert read_mail.text == "Hello"


def test_a_mail_without_id_gets_one_from_its_bytes():
    raw = b"From: sam@shop.example\r\n\r\nHello"
    first, second = incoming(raw), incoming(raw)
    assert first.message_id is None
    assert first.synthetic_id == second.synthetic_id is not None
    assert first.message_id_hash == second.message_id_hash
    assert incoming(raw + b"!").message_id_hash != first.message_id_hash


def test_a_message_id_of_nine_hundred_characters_becomes_a_short_key():
    long_id = b"<" + b"x" * 900 + b"@shop.example>"
    read_mail = incoming(b"Message-ID: " + long_id + b"\r\n\r\nHello")
    assert read_mail.message_id_hash == hashlib.sha256(long_id).hexdigest()


def test_the_fingerprint_follows_the_words_and_not_the_way_a_mail_took():
    one = incoming(a_mail(b"Hello", b"Received: by a.example"))
    other_way = incoming(a_mail(b"Hello", b"Received: by b.example", b"X-Spam: no"))
    other_words = incoming(a_mail(b"Goodbye", b"Received: by a.example"))
    assert one.body_fingerprint == other_way.body_fingerprint != other_words.body_fingerprint


def test_the_tolerant_reader_finds_text_and_files_too():
    raw = a_mail(
        b"--b\r\n\r\nHello\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--b--\r\n",
        b"Content-Type: multipart/mixed; boundary=b",
    )
    read_mail = read(raw, tolerant=True)
    assert read_mail.text == "Hello"
    assert [(each.filename, each.data) for each in read_mail.attachments] == [("a.pdf", b"%PDF")]
    assert "tolerant" in read_mail.notes[-1]


def test_the_mails_it_answers_are_named_newest_first():
    read_mail = incoming(
        a_mail(
            b"x",
            b"In-Reply-To: <c@x.example>",
            b"References: <a@x.example> <c@x.example> <b@x.example>",
        )
    )
    assert named_ids(read_mail) == ("<c@x.example>", "<b@x.example>", "<a@x.example>")
