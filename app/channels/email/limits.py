"""What a mail may cost: limits on its bytes, checked in one pass before anyone parses it."""

import re
from dataclasses import dataclass
from itertools import count
from typing import Final

from app.channels.email.incoming import Refused

_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_FIELD: Final = re.compile(
    rb"^[!-9;-~]+[ \t]*:[^\r\n]*(?:(?:\r\n|\r|\n)[ \t][^\r\n]*)*", re.MULTILINE
)
_BLANK: Final = re.compile(rb"\r\n\r\n|\n\n|\r\r|\n--")
_DELIMITER: Final = re.compile(rb"^--([^\r\n]{1,250})", re.MULTILINE)
_BOUNDARY: Final = re.compile(rb'boundary\s*=\s*(?:"([^"\r\n]*)"|([^\s;"]+))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes and counts up to which a mail is read, and what its reader may use."""

    total_bytes: int = 25 * 1024 * 1024
    header_bytes: int = 1024 * 1024
    headers: int = 1_000
    content_header_bytes: int = 16 * 1024
    parts: int = 1_000
    depth: int = 40
    received: int = 30
    addresses: int = 500
    references: int = 200
    text_characters: int = 2_000_000
    html_characters: int = 2_000_000
    attachments: int = 500
    cpu_seconds: int = 10
    wall_seconds: float = 20.0
    memory_bytes: int = 1024 * 1024 * 1024


DEFAULT_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class _Zone:
    """One header block: where its body starts and what it says about the parts below it."""

    body_at: int
    content_type: bytes
    received: int

    @property
    def holds_message(self) -> bool:
        """Whether the body is a whole mail again."""
        return self.content_type.startswith(b"message/rfc822")


def check_bytes(raw: bytes, limits: Limits = DEFAULT_LIMITS) -> Refused | None:
    """The reason not to parse this mail at all, or None; time is linear in its size."""
    if len(raw) > limits.total_bytes:
        return Refused("too_large", f"{len(raw)} bytes")
    if not raw.strip():
        return Refused("blank", "no bytes but white space")
    return _check_structure(raw, limits)


def _check_structure(raw: bytes, limits: Limits) -> Refused | None:
    """Walk header blocks and delimiter lines as a reader would, counting parts and depth."""
    opened: list[bytes | None] = []
    position: int | None = 0
    for part in count():
        if position is None:
            return None
        if part >= limits.parts:
            return Refused("too_many_parts", f"more than {limits.parts} parts")
        zone = _read_zone(raw, position, limits)
        if isinstance(zone, Refused):
            return zone
        if part == 0 and zone.received >= limits.received:
            return Refused("loop", f"{zone.received} Received lines")
        boundary = _boundary_of(zone.content_type)
        if zone.holds_message or boundary:
            opened.append(boundary)
        if len(opened) > limits.depth:
            return Refused("too_deep", f"more than {limits.depth} levels")
        # The body of an embedded message is a header block again.
        position = zone.body_at if zone.holds_message else _next_part(raw, zone.body_at, opened)
    return None


def _read_zone(raw: bytes, start: int, limits: Limits) -> _Zone | Refused:
    """Read one header block; refuse it when it is longer than anything honest."""
    end = _end_of_zone(raw, start, limits.header_bytes)
    if end is None:
        return Refused("header_limit", f"more than {limits.header_bytes} bytes of header")
    received, content_type = 0, b""
    for fields, match in enumerate(_FIELD.finditer(raw, start, end), start=1):
        if fields > limits.headers:
            return Refused("header_limit", f"more than {limits.headers} header fields")
        name, _, value = match.group().partition(b":")
        name = name.strip().lower()
        received += name == b"received"
        if name.startswith(b"content-") and len(value) > limits.content_header_bytes:
            return Refused("header_limit", f"{name.decode('ascii', 'replace')} is too long")
        if name == b"content-type":
            content_type = value.strip().lower()[:14] + value.strip()[14:]
    return _Zone(end, content_type, received)


def _end_of_zone(raw: bytes, start: int, most: int) -> int | None:
    """Where the body of a part begins: behind the first empty line, or at a delimiter."""
    if raw[start : start + 1] in {b"\r", b"\n"}:
        return start
    blank = _BLANK.search(raw, start, start + most + 4)
    if blank is not None:
        return blank.start() + 1 if blank.group().startswith(b"\n--") else blank.end()
    return None if len(raw) - start > most else len(raw)


def _boundary_of(content_type: bytes) -> bytes | None:
    if content_type[:10].lower() != b"multipart/":
        return None
    match = _BOUNDARY.search(content_type)
    return ((match[1] or match[2] or b"").rstrip() or None) if match else None


def _next_part(raw: bytes, position: int, opened: list[bytes | None]) -> int | None:
    """Where the next part's header starts; parts that end on the way are taken off the list."""
    if not opened:
        return None
    for match in _DELIMITER.finditer(raw, position):
        text = match[1].rstrip()
        closes = text.endswith(b"--") and text[:-2] in opened
        boundary = text[:-2] if closes else text
        if boundary not in opened:
            continue
        while opened[-1] != boundary:
            opened.pop()
        if closes:
            opened.pop()
            if not opened:
                return None
            continue
        line = _LINE.match(raw, match.start())
        return line.end() if line else None
    return None
