"""The order a conversation is about, as far as the words in it tell."""

import re
from collections.abc import Sequence

_ORDER = re.compile(
    r"(?:\border(?:\s*(?:number|no\.?|nr\.?|id))?|\bbestellung|\bcommande)\s*[:#]?\s*"
    r"(?P<number>[A-Z]{0,4}-?\d[\dA-Z-]{2,19})\b"
    r"|#(?P<hash>[A-Z]{0,4}-?\d{4,14})\b",
    re.IGNORECASE,
)


def find_order_number(texts: Sequence[str]) -> str | None:
    """The order the texts name, oldest text first; the latest mention wins."""
    for text in reversed(texts):
        found = _ORDER.search(text)
        if found:
            number: str = found["number"] or found["hash"]
            return number.upper()
    return None
