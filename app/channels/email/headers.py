"""Header fields read by hand: encoded words, parameters, ids; in linear time, never raising."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import unquote_to_bytes

from app.channels.email.characters import clean_line, decode

_WORD: Final = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_PARAMETER: Final = re.compile(r';\s*([^\s=;"]{1,80})\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))')
_CONTINUATION: Final = re.compile(r"(.+?)\*(\d{1,3})?(\*)?")
_MESSAGE_ID: Final = re.compile(r"<([^<>\s]{1,990})>")
_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/]")


class Headers:
    """The header fields of one mail or part by lower-case name, raw as the parser left them."""

    def __init__(self, fields: Iterator[tuple[str, str]]) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in fields:
            self._fields.setdefault(name.strip().lower(), []).append(value)

    def raw(self, name: str) -> str:
        """The first value of this name, folded lines joined, or an empty string."""
        return _joined(self._fields[name][0]) if name in self._fields else ""

    def raw_all(self, name: str) -> list[str]:
        """Every value of this name, in order."""
        return [_joined(value) for value in self._fields.get(name, ())]

    def line(self, name: str) -> str:
        """The first value as one decoded, cleaned line."""
        return clean_line(decode_words(self.raw(name)))

    def __contains__(self, name: str) -> bool:
        return name in self._fields


def _joined(value: str) -> str:
    return " ".join(line.strip() for line in value.splitlines()).strip()


def bytes_of(value: str) -> bytes:
    """The bytes the parser read this value from (it keeps 8-bit bytes as lone surrogates)."""
    return value.encode("utf-8", "surrogateescape")


def decode_words(value: str) -> str:
    """A header value as text; neighbouring words of one charset are joined before decoding."""
    pieces: list[str] = []
    pending, charset, end = b"", "", 0
    for match in _WORD.finditer(value):
        between = value[end : match.start()]
        if pending and (between.strip() or match[1].lower() != charset):
            pieces.append(decode(pending, charset))
            pending = b""
        if between.strip() or (end == 0 and between):
            pieces.append(_plain(between))
        pending += _word_bytes(match[2], match[3])
        charset, end = match[1].lower(), match.end()
    if pending:
        pieces.append(decode(pending, charset))
    pieces.append(_plain(value[end:]))
    return "".join(pieces)


def _plain(value: str) -> str:
    return decode(bytes_of(value)) if value else ""


def _word_bytes(encoding: str, text: str) -> bytes:
    data = bytes_of(text)
    if encoding in "bB":
        return decode_base64(data)
    return binascii.a2b_qp(data.replace(b" ", b"_"), header=True)


def decode_base64(data: bytes) -> bytes:
    """Best effort: anything outside the alphabet is skipped and missing padding is supplied."""
    letters = _NOT_BASE64.sub(b"", data)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return base64.b64decode(letters + b"=" * (-len(letters) % 4))


def parameters(value: str) -> dict[str, str]:
    """The parameters of a Content-Type or Content-Disposition, continuations (RFC 2231) joined."""
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(value):
        name = match[1].lower()
        text = re.sub(r"\\(.)", r"\1", match[2]) if match[2] is not None else match[3].strip()
        continued = _CONTINUATION.fullmatch(name)
        if continued:
            number = int(continued[2] or 0)
            pieces.setdefault(continued[1], {})[number] = (text, name.endswith("*"))
        else:
            plain.setdefault(name, decode_words(text))
    return plain | {name: _join_pieces(numbered) for name, numbered in pieces.items()}


def _join_pieces(numbered: Mapping[int, tuple[str, bool]]) -> str:
    charset, data = "", b""
    for position, number in enumerate(sorted(numbered)):
        text, is_encoded = numbered[number]
        if is_encoded and position == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        data += unquote_to_bytes(bytes_of(text)) if is_encoded else bytes_of(text)
    return decode(data, charset)


def message_ids(value: str, limit: int) -> tuple[str, ...]:
    """The last `limit` Message-IDs named in a header value, in order, with angle brackets."""
    found = [clean_line(f"<{match}>") for match in _MESSAGE_ID.findall(value)]
    if not found and "@" in value and value.isascii():
        found = [clean_line(f"<{word}>") for word in value.split() if "@" in word]
    return tuple(dict.fromkeys(found))[-limit:]


def sent_at(value: str) -> datetime | None:
    """The Date header in UTC, or None when it is missing, unreadable or implausible."""
    try:
        moment = parsedate_to_datetime(value[:200])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC) if 1970 <= moment.year <= 2200 else None
    except (OverflowError, ValueError):
        return None
