"""Mails written for a test: a few headers and a body, as bytes."""

from app.channels.email.incoming import Incoming, Refused
from app.channels.email.reader import read


def a_mail(body: bytes = b"Where is my parcel?", *headers: bytes) -> bytes:
    """A mail of Sam to Acme; `headers` come first and may replace nothing."""
    lines = [
        *headers,
        b"From: Sam Shopper <sam@shop.example>",
        b"To: help@acme.example",
        b"Subject: Parcel",
        b"Message-ID: <one@shop.example>",
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def incoming(raw: bytes) -> Incoming:
    """The mail as read in this process; fails when it is refused."""
    result = read(raw)
    assert isinstance(result, Incoming), result
    return result


def refused(raw: bytes) -> Refused:
    """Why the mail is refused; fails when it is read."""
    result = read(raw)
    assert isinstance(result, Refused)
    return result
