"""The local mail catcher keeps every mail byte by byte, and delivers none."""

import asyncio
from pathlib import Path

from aiosmtpd.smtp import Envelope

from app.runtime.catcher import Catcher


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
