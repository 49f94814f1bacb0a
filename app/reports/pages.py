"""How many pages a document of ours has."""

import re
import zlib

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_PAGE = re.compile(rb"/Type ?/Page\b")


def count_pages(pdf: bytes) -> int:
    """The pages of a PDF as our renderer writes it: with its objects packed into streams."""
    return sum(len(_PAGE.findall(_unpacked(packed))) for packed in _STREAM.findall(pdf))


def _unpacked(packed: bytes) -> bytes:
    try:
        return zlib.decompress(packed)
    except zlib.error:  # a picture or a font, packed some other way
        return b""
