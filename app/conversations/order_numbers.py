"""The order a conversation is about, as far as the words in it tell."""

import re
from collections.abc import Sequence

_ORDER = re.compile(
    r"(?:\border(?:\s*(?:number|no\.?|nr\.?|id))?|\bbestellung|\bcommande)\s*[:#]?\s*"
    r"(?P<number>[A-Z]{0,4}-?\d[\dA-Z-]{2,19})\b"
    r"|#(?P<hash>[A-Z]{0,4}-?\d{4,14})\b",
    re.IGNORECASE,
)
# Capitals and digits alone, as in "ordered JP36191"; amounts look the same.
_BARE = re.compile(r"\b(?!EUR|USD|GBP|CHF)[A-Z]{2,4}-?\d{5,10}\b")


def find_order_number(texts: Sequence[str]) -> str | None:
    """The order the texts name, oldest text first; the latest mention wins."""
    for pattern in (_ORDER, _BARE):
        for text in reversed(texts):
            found = pattern.search(text)
            if found:
                return next(filter(None, found.groups()), found[0]).upper()
    return None
