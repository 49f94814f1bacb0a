"""A mail as a tree of parts, from the standard library's reader or from a plain split."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MissingHeaderBodySeparatorDefect
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Final, cast

from app.channels.email.headers import Headers, bytes_of, decode_base64, parameters

_FIELD: Final = re.compile(r"^([!-9;-~]{1,200})[ \t]*:(.*(?:\r?\n[ \t].*)*)", re.MULTILINE)
_BLANK_LINE: Final = re.compile(rb"\r\n\r\n|\n\n|\r\r")
_BOUNDARY: Final = re.compile(
    rb'boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Node:
    """One part: its header fields, and its sub-parts or its bytes, still transfer-encoded."""

    headers: Headers
    content_type: str
    parameters: dict[str, str]
    children: tuple["Node", ...] = ()
    encoded: bytes = b""

    @property
    def data(self) -> bytes:
        """The bytes of the part, decoded as far as possible."""
        return _decode_transfer(self.encoded, self.headers.raw("content-transfer-encoding"))

    def leaves(self) -> Iterator["Node"]:
        """Every part without sub-parts, in order."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


class _Part(Message):
    """Keeps embedded messages as bytes: they are attachments, the library must not descend."""

    _payload: str | list[Message] | None

    @property
    def content(self) -> str | list[Message] | None:
        """The payload as it was found: `get_payload` would decode it, by any codec a mail names."""
        return self._payload

    def get_content_type(self) -> str:
        content_type = super().get_content_type()
        return "application/octet-stream" if content_type.startswith("message/") else content_type


def read_tree(raw: bytes) -> Node:
    """The mail as the standard library (compat32) reads it."""
    # The published types name the policy's message class here, whatever class is built.
    message = cast("_Part", BytesParser(_Part, policy=compat32).parsebytes(raw))
    if any(isinstance(defect, MissingHeaderBodySeparatorDefect) for defect in message.defects):
        # For the library one malformed line ends the header, and the fields below are lost.
        return read_flat(raw)
    return _node(message)


def _node(message: _Part) -> Node:
    headers = Headers(message.raw_items())
    content_type = _content_type(headers)
    known = parameters(headers.raw("content-type"))
    payload = message.content
    if isinstance(payload, list):
        children = tuple(_node(child) for child in payload if isinstance(child, _Part))
        if children:
            return Node(headers, content_type, known, children=children)
    encoded = bytes_of(payload) if isinstance(payload, str) else b""
    return Node(headers, _leaf_type(content_type), known, encoded=encoded)


def read_flat(raw: bytes) -> Node:
    """The mail as a plain split finds it: every part of every level in one row."""
    head, body = _split_head(raw)
    boundaries = {(match[1] or match[2]).rstrip() for match in _BOUNDARY.finditer(raw)}
    top = _flat_node(head, body)
    if not boundaries:
        return top
    names = b"|".join(
        re.escape(boundary) for boundary in sorted(boundaries, key=len, reverse=True)[:200]
    )
    _preamble, *pieces = re.split(rb"(?m)^--(?:" + names + rb")(?:--)?[ \t]*\r?$", body)
    children = tuple(
        _flat_node(*_split_head(piece.removeprefix(b"\n"))) for piece in pieces if piece.strip()
    )
    kept = tuple(child for child in children if not child.content_type.startswith("multipart/"))
    return Node(top.headers, "multipart/mixed", {}, children=kept) if kept else top


def _split_head(raw: bytes) -> tuple[bytes, bytes]:
    if raw[:1] in b"\r\n":
        return b"", raw.lstrip(b"\r\n")
    blank = _BLANK_LINE.search(raw)
    return (raw[: blank.start()], raw[blank.end() :]) if blank else (raw, b"")


def _flat_node(head: bytes, body: bytes) -> Node:
    text = head.decode("ascii", "surrogateescape")
    headers = Headers((match[1], match[2]) for match in _FIELD.finditer(text))
    return Node(
        headers, _content_type(headers), parameters(headers.raw("content-type")), encoded=body
    )


def _content_type(headers: Headers) -> str:
    declared = headers.raw("content-type").partition(";")[0].strip().lower()
    return (
        declared
        if re.fullmatch(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,80}", declared)
        else "text/plain"
    )


def _leaf_type(content_type: str) -> str:
    """A multipart without parts (its boundary is missing) is read as the text it shows."""
    return "text/plain" if content_type.startswith("multipart/") else content_type


def _decode_transfer(encoded: bytes, declared: str) -> bytes:
    encoding = declared.partition(";")[0].strip().lower()
    if encoding == "quoted-printable":
        return binascii.a2b_qp(encoded)
    if encoding == "base64":
        return decode_base64(encoded)
    if encoding in {"x-uuencode", "uuencode", "uue", "x-uue"}:
        return _decode_uu(encoded)
    return encoded


def _decode_uu(encoded: bytes) -> bytes:
    """The first file of a uuencoded body; what is not uuencoded stays as it is."""
    lines = encoded.splitlines()
    begin = next((at for at, line in enumerate(lines) if line.startswith(b"begin ")), None)
    if begin is None:
        return encoded
    decoded: list[bytes] = []
    for line in lines[begin + 1 :]:
        if line.strip() in {b"end", b"`", b""}:
            break
        try:
            decoded.append(binascii.a2b_uu(line))
        except binascii.Error:
            # Too long, as some old clients write; the true length is in the first character.
            length = ((line[0] - 32 & 63) * 4 + 5) // 3
            try:
                decoded.append(binascii.a2b_uu(line[:length]))
            except binascii.Error:
                return encoded
    return b"".join(decoded)
