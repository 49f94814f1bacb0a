"""Bytes to text at the border: allowed codecs, and no character a database or screen chokes on."""

import codecs
import re
import unicodedata
from typing import Final

# Declared names whose mail really is written in the superset.
_SUPERSETS: Final = {
    "ascii": "utf-8",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "hz",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "iso2022_jp": "iso2022_jp_ext",
    "iso2022_jp_1": "iso2022_jp_ext",
    "iso2022_jp_2": "iso2022_jp_2",
    "euc_jp": "euc_jp",
    "big5": "big5hkscs",
    "tis-620": "cp874",
}
_ALLOWED: Final = frozenset(
    {
        *_SUPERSETS.values(),
        *(f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 11, 13, 14, 15, 16)),
        *(f"cp125{digit}" for digit in range(9)),
        *("cp437", "cp850", "cp852", "cp866", "cp950", "johab"),
        *("koi8-r", "koi8-u", "koi8-t", "mac-roman", "mac-cyrillic", "iso2022_kr"),
        *("utf-7", "utf-16", "utf-16-be", "utf-16-le", "utf-32", "utf-32-be", "utf-32-le"),
    }
)
# Names in use that Python does not know.
_ALIASES: Final = {
    "ks_c_5601-1987": "euc_kr",
    "ks_c_5601": "euc_kr",
    "x-windows-949": "cp949",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "x-sjis": "cp932",
    "x-gbk": "gb18030",
    "x-euc-jp": "euc_jp",
    "cp-850": "cp850",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "unknown-8bit": "ascii",
    "x-unknown": "ascii",
    "default": "ascii",
    "iso-2022-jp-ms": "iso2022_jp",
    "cp50220": "iso2022_jp",
    "big5-hkscs": "big5hkscs",
}
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._:+-]{0,39}")
_FORBIDDEN: Final = re.compile(
    r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)
_BIDI: Final = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SPACE: Final = re.compile(r"\s+")


def codec_of(declared: str | None) -> str | None:
    """The Python codec for a declared charset, or None when it is unknown or not allowed."""
    name = (declared or "").strip().strip("\"'").lower()
    if not _NAME.fullmatch(name):
        return None
    try:
        found = codecs.lookup(_ALIASES.get(name, name)).name
    except (LookupError, ValueError):
        return None
    codec = _SUPERSETS.get(found, found)
    return codec if codec in _ALLOWED else None


def decode(data: bytes, declared: str | None = None) -> str:
    """Read bytes as the declared charset, or as what they more likely are; never fails.

    A declared charset stands, with replacement characters, as long as it reads more of the
    non-ASCII text than it loses: one broken byte must not turn a whole UTF-8 mail into another
    alphabet.
    """
    codec = codec_of(declared)
    for candidate in (codec, "utf-8"):
        if candidate is not None and (text := _decode_strictly(data, candidate)) is not None:
            return text
    for candidate in (codec, "utf-8"):
        if candidate is not None:
            text = data.decode(candidate, "replace")
            lost = text.count("\ufffd")
            if sum(character > "\x7f" for character in text) > 2 * lost:
                return text
    western = _decode_strictly(data, "cp1252")
    return data.decode("latin-1") if western is None else western


def _decode_strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeError:
        return None


def clean_text(text: str) -> str:
    """Text fit to store: valid Unicode in NFC, line feeds only, no NUL, no control characters."""
    text = (
        text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n").replace("\x85", "\n")
    )
    text = _FORBIDDEN.sub(lambda found: "\ufffd" if found[0] >= "\ud800" else "", text)
    return unicodedata.normalize("NFC", text)


def clean_line(text: str) -> str:
    """One line fit for a heading or a name: no line breaks, no direction overrides."""
    return _SPACE.sub(" ", _BIDI.sub("", clean_text(text))).strip()
