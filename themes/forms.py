"""What a person typed and what was wrong with it, so that a form can be shown again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Messages = str | Sequence[str] | Mapping[Any, Any]


@dataclass(frozen=True)
class Form:
    """Values and messages by field name; an empty one is a fresh form."""

    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, Messages] = field(default_factory=dict)

    def value(self, name: str, default: object = "") -> object:
        """What stands in the field."""
        value = self.values.get(name, default)
        return default if value is None else value

    def chosen(self, name: str) -> list[str]:
        """Everything chosen in a group of boxes."""
        getlist = getattr(self.values, "getlist", None)
        found = getlist(name) if getlist else self.values.get(name, [])
        return [found] if isinstance(found, str) else [str(item) for item in found]

    def error(self, name: str) -> str | None:
        """One sentence for the person, or None."""
        message = _sentence(self.errors.get(name))
        return message or None


def _sentence(messages: Messages | None) -> str:
    if messages is None or isinstance(messages, str):
        return messages or ""
    if isinstance(messages, Mapping):
        messages = [_sentence(inner) for inner in messages.values()]
    return " ".join(str(message) for message in messages)
