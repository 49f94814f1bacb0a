"""The bytes that leave: what a receiving server and a person's mail client will see."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

import pytest

from app.channels.email.compose import File, Outgoing, compose, reply_subject
from app.channels.email.incoming import Mailbox
from tests.app.channels.email import corpus
from tests.app.channels.email.letters import incoming

_REPLY = Outgoing(
    sender=Mailbox("help@acme.example", "Acme"),
    recipient=Mailbox("sam@shop.example", "Sam Shopper"),
    reply_to="reply+token@help.acme.example",
    message_id="<own@acme.example>",
    subject="Re: Parcel",
    date=datetime(2026, 7, 3, 10, 15, tzinfo=UTC),
    text="It is on its way.",
    in_reply_to="<one@shop.example>",
    references=("<zero@acme.example>",),
)


def head(raw: bytes) -> list[bytes]:
    return raw.partition(b"\r\n\r\n")[0].split(b"\r\n")


def parsed(raw: bytes) -> EmailMessage:
    return cast("EmailMessage", message_from_bytes(raw, policy=default))


def test_a_reply_carries_exactly_the_headers_it_needs():
    assert head(compose(_REPLY)) == [
        b'From: "Acme"',
        b" <help@acme.example>",
        b'To: "Sam Shopper"',
        b" <sam@shop.example>",
        b'Reply-To: "Acme"',
        b" <reply+token@help.acme.example>",
        b"Subject: Re: Parcel",
        b"Date: Fri, 03 Jul 2026 10:15:00 +0000",
        b"Message-ID: <own@acme.example>",
        b"In-Reply-To: <one@shop.example>",
        b"References: <zero@acme.example>",
        b" <one@shop.example>",
        b'Content-Type: text/plain; charset="utf-8"',
        b"Content-Transfer-Encoding: 7bit",
        b"MIME-Version: 1.0",
    ]


def test_the_same_mail_is_the_same_bytes_on_every_attempt():
    mail = replace(_REPLY, html="<p>x</p>", files=(File("a.pdf", "application/pdf", b"%PDF"),))
    assert compose(mail) == compose(mail)


def test_text_and_html_are_alternatives_and_files_follow():
    mail = replace(
        _REPLY,
        text="Grüße – 你好",
        html="<p>Grüße</p>",
        files=(
            File("Rechnung März.pdf", "application/pdf", b"%PDF\x00\xff"),
            File("notes.txt", "text/plain", "Grüße\n".encode()),
            File("mail.eml", "message/rfc822", b"Subject: x\r\n\r\ny"),
            File("odd", "no type at all", b"?"),
        ),
    )
    message = parsed(compose(mail))
    assert message.get_content_type() == "multipart/mixed"
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == "Grüße – 你好\n"
    assert message.get_body(("html",)).get_content().replace("\r\n", "\n") == "<p>Grüße</p>\n"
    files = [
        (part.get_filename(), part.get_payload(decode=True)) for part in message.iter_attachments()
    ]
    assert files == [
        ("Rechnung März.pdf", b"%PDF\x00\xff"),
        ("notes.txt", "Grüße\n".encode()),
        ("mail.eml", b"Subject: x\r\n\r\ny"),
        ("odd", b"?"),
    ]


def test_nothing_in_the_bytes_names_the_software():
    raw = compose(replace(_REPLY, html="<p>x</p>")).lower()
    for trace in (b"x-mailer", b"user-agent", b"python", b"livery", b"=====", b"received"):
        assert trace not in raw


def test_only_ascii_and_crlf_leave_and_no_line_is_too_long():
    raw = compose(replace(_REPLY, text="ü" * 5_000 + "\n" + "x" * 5_000, subject="ß" * 400))
    assert raw.isascii()
    assert raw.replace(b"\r\n", b"").count(b"\n") == raw.replace(b"\r\n", b"").count(b"\r") == 0
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x00", "\x85", "\x1c"])
def test_no_text_can_add_a_header(break_: str):
    evil = f"Hi{break_}Bcc: victim@x.example{break_}{break_}Body"
    mail = replace(
        _REPLY,
        subject=evil,
        sender=Mailbox("help@acme.example", evil),
        recipient=Mailbox("sam@shop.example", evil),
        in_reply_to=f"<a{break_}Bcc: v@x>",
        references=(f"<a@b>{break_}Bcc: v@x", "<fine@shop.example>"),
        files=(File(evil, f"text/plain{break_}Bcc: v@x", b"x"),),
    )
    raw = compose(mail)
    assert not any(line.lower().startswith(b"bcc") for line in raw.split(b"\r\n"))
    message = parsed(raw)
    assert message["Bcc"] is None
    assert message["References"] == "<fine@shop.example>"
    assert message["In-Reply-To"] is None


@pytest.mark.parametrize(
    "name",
    [
        "Müller, Anna",
        'Anna "A" Müller',
        "a@b.example",
        "Ltd. (Acme)",
        "Анна",
        "=?utf-8?q?x?=",
        "\\",
        "x" * 90,
    ],
)
def test_display_names_come_back_as_they_were(name: str):
    raw = compose(replace(_REPLY, sender=Mailbox("help@acme.example", name)))
    assert incoming(raw).senders == (Mailbox("help@acme.example", name),)
    assert [str(one.addr_spec) for one in parsed(raw)["From"].addresses] == ["help@acme.example"]


@corpus.needs_corpus
def test_every_naughty_subject_and_name_can_be_answered():
    for text in corpus.naughty_strings():
        raw = compose(
            replace(_REPLY, subject=reply_subject(text), recipient=Mailbox("a@b.example", text))
        )
        assert [line.split(b":")[0] for line in head(raw) if line[:1] != b" "] == [
            b"From", b"To", b"Reply-To", b"Subject", b"Date", b"Message-ID", b"In-Reply-To",
            b"References", b"Content-Type", b"Content-Transfer-Encoding", b"MIME-Version",
        ], text  # fmt: skip
        assert incoming(raw).to[0].address == "a@b.example", text


@corpus.needs_corpus
def test_every_sample_mail_can_be_answered():
    for path in corpus.mails():
        received = incoming(path.read_bytes())
        raw = compose(
            replace(
                _REPLY,
                subject=reply_subject(received.subject),
                in_reply_to=received.message_id,
                references=received.references,
                text="\n".join(f"> {line}" for line in received.text.splitlines()),
            )
        )
        answered = incoming(raw)
        assert answered.in_reply_to == ((received.message_id,) if received.message_id else ()), (
            path.name
        )


def test_long_reference_chains_keep_the_newest():
    chain = tuple(f"<{number}@shop.example>" for number in range(500))
    references = incoming(compose(replace(_REPLY, references=chain))).references
    assert len(references) == 20
    assert references[-2:] == ("<499@shop.example>", "<one@shop.example>")


def test_a_long_message_id_is_never_broken_or_encoded():
    long_id = f"<{'x' * 300}@shop.example>"
    raw = compose(replace(_REPLY, in_reply_to=long_id, references=()))
    assert f"In-Reply-To: {long_id}\r\n".encode() in raw


def test_automatic_mail_says_so():
    assert b"\r\nAuto-Submitted: auto-replied\r\n" in compose(replace(_REPLY, automatic=True))
    alone = replace(_REPLY, automatic=True, in_reply_to=None, references=())
    assert b"\r\nAuto-Submitted: auto-generated\r\n" in compose(alone)
    assert b"Auto-Submitted" not in compose(_REPLY)


def test_what_is_no_address_or_id_is_refused():
    with pytest.raises(ValueError, match="To"):
        compose(replace(_REPLY, recipient=Mailbox("sam@shop.example\r\nBcc: x@y")))
    with pytest.raises(ValueError, match="Message-ID"):
        compose(replace(_REPLY, message_id="none"))


@pytest.mark.parametrize(
    ("received", "answer"),
    [
        ("Parcel", "Re: Parcel"),
        ("Re: Parcel", "Re: Parcel"),
        ("AW: RE: Sv: Parcel", "Re: Parcel"),
        ("Re[2]: Parcel", "Re: Parcel"),
        ("", "Re:"),
        ("Hi\r\nBcc: x", "Re: Hi Bcc: x"),
        ("Reply needed", "Re: Reply needed"),
    ],
)
def test_a_subject_is_marked_as_answered_once(received: str, answer: str):
    assert reply_subject(received) == answer
