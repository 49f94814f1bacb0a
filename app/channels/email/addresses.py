"""Address lists of From, To and Cc: read in linear time, and only what surely is an address."""

import re
from collections.abc import Iterator
from typing import Final

from app.channels.email.characters import clean_line, decode
from app.channels.email.headers import bytes_of, decode_words
from app.channels.email.incoming import Mailbox

_TOKEN: Final = re.compile(
    r'"(?:[^"\\]|\\.){0,200}"|\((?:[^()\\]|\\.){0,500}\)|<[^<>]{0,500}>|[,;:]|[^",;:<>()]+|.',
    re.DOTALL,
)
_COMMENT: Final = re.compile(r"\((?:[^()\\]|\\.){0,200}\)")
_ADDRESS: Final = re.compile(
    r'("[^"\r\n]{1,62}"|[^\s@"<>(),:;\[\]\\]{1,64})@([^\s@"<>(),:;\\]{1,253})'
)


def read_addresses(value: str, limit: int) -> tuple[Mailbox, ...]:
    """The addresses of a header value in order, without doubles, at most `limit`.

    An entry that is not plainly `name <address>` or `address` is left out rather than guessed
    (CVE-2023-27043: `alice@example.com)bob@evil.example` names nobody).
    """
    found: dict[str, Mailbox] = {}
    text = value if value.isascii() else decode(bytes_of(value))
    for entry in _entries(text):
        mailbox = _read_entry(entry)
        if mailbox is not None:
            found.setdefault(mailbox.address.lower(), mailbox)
        if len(found) >= limit:
            break
    return tuple(found.values())


def read_address(value: str) -> str | None:
    """One bare address in canonical spelling, or None."""
    match = _ADDRESS.fullmatch(value.strip().strip("<>").strip())
    if match is None or match[2].startswith(".") or ".." in match[2]:
        return None
    domain = clean_line(match[2].rstrip(".").lower())
    return clean_line(f"{match[1]}@{domain}") if domain else None


def _entries(value: str) -> Iterator[list[str]]:
    """Split at commas and semicolons outside quotes and brackets; group names are dropped."""
    entry: list[str] = []
    for match in _TOKEN.finditer(value):
        piece = match[0]
        if piece in {",", ";"}:
            yield entry
            entry = []
        elif piece == ":" and not any("@" in earlier for earlier in entry):
            entry = []
        else:
            entry.append(piece)
    yield entry


def _read_entry(tokens: list[str]) -> Mailbox | None:
    angles = [
        token
        for token in tokens
        if token.startswith("<") and token.endswith(">") and len(token) > 1
    ]
    if angles:
        address = read_address(_COMMENT.sub("", angles[-1]))
        shown = tokens[: len(tokens) - 1 - tokens[::-1].index(angles[-1])]
        name = " ".join(_unquoted(token) for token in shown if not token.startswith("("))
    else:
        address, name = _read_bare("".join(each for each in tokens if not _is_comment(each)))
        name = name or " ".join(each[1:-1] for each in tokens if _is_comment(each))
    if address is None:
        return None
    return Mailbox(address, clean_line(decode_words(name))[:200])


def _read_bare(text: str) -> tuple[str | None, str]:
    """An address without angle brackets; `Sam sam@shop.example` when its one address ends it."""
    address = read_address(text)
    before, _, last = text.strip().rpartition(" ")
    if address is not None or "@" in before:
        return address, ""
    return read_address(last), before


def _is_comment(token: str) -> bool:
    return len(token) > 1 and token.startswith("(")


def _unquoted(token: str) -> str:
    if len(token) > 1 and token.startswith('"'):
        return re.sub(r"\\(.)", r"\1", token[1:-1])
    return token.strip()
