"""The local mail catcher keeps every mail byte by byte, and delivers none."""

import asyncio
import http.client
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope

from app.runtime.catcher import Catcher
from app.runtime.caught_mail import show_mails
from tests.servers import free_port


def caught(folder: Path, content: bytes, *recipients: str, sender: str = "a@acme.example") -> bytes:
    envelope = Envelope()
    envelope.mail_from = sender
    envelope.rcpt_tos.extend(recipients)
    envelope.original_content = content
    catcher = Catcher(folder)
    answer = asyncio.run(catcher.handle_DATA(None, None, envelope))  # type: ignore[arg-type]
    assert answer.startswith("250")
    (mail,) = folder.glob("*.eml")
    return mail.read_bytes()


def test_a_mail_is_kept_as_it_came_behind_its_envelope(tmp_path: Path) -> None:
    content = b"Subject: =?utf-8?q?gr=C3=BC=C3=9Fe?=\r\n\r\n\xff\x00 not text \r\n"
    kept = caught(tmp_path, content, "sam@mail.example", "pat@mail.example")
    assert kept == (
        b"Return-Path: <a@acme.example>\r\n"
        b"Delivered-To: sam@mail.example\r\n"
        b"Delivered-To: pat@mail.example\r\n" + content
    )


def test_a_bounce_without_sender_is_kept_too(tmp_path: Path) -> None:
    assert caught(tmp_path, b"\r\n", "x@y.example", sender="").startswith(b"Return-Path: <>\r\n")


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Callable[..., tuple[int, str]]]:
    """Asks the page of a catcher that has caught one mail with a script in it."""
    caught(
        tmp_path,
        b"From: =?utf-8?q?Acme_=C3=9C?= <help@acme.example>\r\nSubject: <b>bold</b>\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: text/plain; charset=nonsense\r\n\r\nplain words\r\n"
        b"--x\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script><p>rich words\r\n--x--",
        "sam@mail.example",
    )
    port = free_port()
    server = show_mails(tmp_path, port)

    def ask(path: str, host: str = "localhost") -> tuple[int, str]:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            connection.request("GET", path, headers={"Host": f"{host}:{port}"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    yield ask
    server.shutdown()
    server.server_close()


def test_the_page_lists_what_was_caught(page: Callable[..., tuple[int, str]]) -> None:
    status, text = page("/")
    assert status == 200
    assert "&lt;b&gt;bold&lt;/b&gt;" in text
    assert "Acme Ü" in text
    assert "sam@mail.example" in text


def test_a_mail_is_shown_as_text_as_html_and_as_it_is(
    page: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    (name,) = [path.name for path in tmp_path.glob("*.eml")]
    _, text = page(f"/mails/{name}")
    assert "plain words" in text
    assert "<script>" not in text
    assert f'sandbox src="{name}/html"' in text
    assert "rich words" in page(f"/mails/{name}/html")[1]
    assert page(f"/mails/{name}/source")[1].startswith("Return-Path:")


@pytest.mark.parametrize(
    "path", ["/mails/../../secret", "/mails/20260101T000000.0-1.eml", "/x", "/mails/.hidden.eml"]
)
def test_nothing_else_is_shown(page: Callable[..., tuple[int, str]], path: str) -> None:
    assert page(path)[0] == 404


def test_a_page_elsewhere_cannot_read_mail_through_a_name_of_its_own(
    page: Callable[..., tuple[int, str]],
) -> None:
    assert page("/", host="attacker.example")[0] == 404
