"""Constructed mail: new matters and replies, plain and HTML, with and without files."""

import base64
import random
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime

from tests.factories.cast import BORN

_WORDS = (
    "order", "parcel", "refund", "size", "blue", "jacket", "lamp", "arrived", "broken", "late",
    "courier", "tracking", "number", "please", "could", "you", "check", "the", "address",
    "invoice", "wrong", "colour", "return", "label", "exchange", "warranty", "voucher", "again",
    "yesterday", "Monday", "still", "waiting", "thank", "kindly", "when", "will", "it", "be",
    "here", "my", "sister", "ordered", "two", "of", "them",
)  # fmt: skip
_FIRST = ("Sam", "Noor", "Iben", "Jonas", "Lucía", "Zoë", "Mehmet", "Aoife", "Kaito", "Ewa")
_LAST = ("Rivera", "Holm", "Brandt", "Oyelaran", "Šimek", "Kovács", "Ito", "Byrne", "Nowak", "Diaz")


@dataclass(frozen=True)
class Mail:
    """The bytes, and the envelope they come in."""

    raw: bytes
    sender: str
    to: str


def construct_mails(count: int, *, inboxes: list[str], seed: int) -> list[Mail]:
    """A third continue an earlier mail of the same shopper; the same seed makes the same mails."""
    chance = random.Random(seed)
    written: list[EmailMessage] = []
    for number in range(count):
        before = chance.choice(written) if written and chance.random() < 1 / 3 else None
        written.append(_write(number, before, inboxes, chance))
    return [Mail(each.as_bytes(), _address(each["From"]), each["To"]) for each in written]


def _write(
    number: int, before: EmailMessage | None, inboxes: list[str], chance: random.Random
) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = before["From"] if before else _shopper(number, chance)
    mail["To"] = before["To"] if before else chance.choice(inboxes)
    mail["Date"] = format_datetime(BORN)
    mail["Message-ID"] = f"<{number}.{chance.getrandbits(64):x}@shopper.example>"
    text = _paragraphs(chance)
    if before is None:
        mail["Subject"] = f"{_words(chance, 2, 8).capitalize()} {chance.randint(1000, 99999)}?"
    else:
        mail["Subject"] = f"Re: {str(before['Subject']).removeprefix('Re: ')}"
        mail["In-Reply-To"] = before["Message-ID"]
        mail["References"] = " ".join(
            filter(None, (before.get("References"), before["Message-ID"]))
        )
        text += _quoted(before)
    mail.set_content(text)
    if chance.random() < 0.4:
        mail.add_alternative(_as_html(text), subtype="html")
    if chance.random() < 0.1:
        photo = chance.randbytes(chance.randint(5_000, 150_000))
        mail.add_attachment(photo, maintype="image", subtype="jpeg", filename="photo.jpg")
    return mail


def _shopper(number: int, chance: random.Random) -> str:
    first, last = chance.choice(_FIRST), chance.choice(_LAST)
    return f"{first} {last} <shopper{number}@{chance.choice(('mail', 'post'))}.example>"


def _paragraphs(chance: random.Random) -> str:
    size = min(int(chance.lognormvariate(5.5, 1.0)), 8_000)
    paragraphs: list[str] = []
    while sum(map(len, paragraphs)) < size:
        paragraphs.append(_words(chance, 8, 60).capitalize() + ".")
    return "\n\n".join(paragraphs or ["Hello?"]) + "\n"


def _words(chance: random.Random, fewest: int, most: int) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randint(fewest, most)))


def _quoted(before: EmailMessage) -> str:
    body = before.get_body(("plain",))
    lines = body.get_content().splitlines() if body else []
    quoted = "\n".join(f"> {line}" for line in lines)
    return f"\nOn Tue, 1 Sep 2026 at 10:00, Help <{before['To']}> wrote:\n{quoted}\n"


def _as_html(text: str) -> str:
    pixel = base64.b64encode(b"GIF89a").decode()
    rows = "".join(f"<p style='margin:0'>{line}</p>" for line in text.split("\n\n"))
    return f"<html><body><div>{rows}</div><img src='data:image/gif;base64,{pixel}'></body></html>"


def _address(mailbox: str) -> str:
    return mailbox.rpartition("<")[2].rstrip(">")
