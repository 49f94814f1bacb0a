"""Words of a conversation without whom they are about."""

import re
from collections.abc import Iterable

_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+\.[^\s<>@.,]+")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_NUMBER = re.compile(r"(?<!\w)[#A-Z]{0,4}[-#]?\+?\d(?:[\d\s/().-]{2,}\d)(?!\w)")
_LONGEST = 170
_SHORTEST_NAME = 3


def anonymous(text: str, *, names: Iterable[str]) -> str:
    """The text on one line without names, addresses, links, order and phone numbers."""
    line = " ".join(text.split())
    line = _ADDRESS.sub("[address]", line)
    line = _LINK.sub("[link]", line)
    line = _NUMBER.sub("[number]", line)
    words = {word for name in names for word in re.split(r"[\s,.;@_-]+", name)}
    known = sorted((word for word in words if len(word) >= _SHORTEST_NAME), key=len, reverse=True)
    if known:
        pattern = "|".join(re.escape(word) for word in known)
        line = re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", "[name]", line, flags=re.IGNORECASE)
    line = re.sub(r"\[name\](?: \[name\])+", "[name]", line)
    return line if len(line) <= _LONGEST else line[:_LONGEST].rsplit(" ", 1)[0].rstrip(",.;") + "…"
