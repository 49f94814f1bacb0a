"""Reads environment variables one by one and collects what is wrong with them, in sentences."""

import re
from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T", bound=str)

_DIGITS = re.compile(r"[0-9]{1,12}")
_HOST_NAME = re.compile(
    r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
)


class Environ:
    """The variables of one process; `problems` grows with each that is wrong or missing."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self.problems: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        """The value without surrounding blanks; an empty one counts as unset."""
        return self.variables.get(name, "").strip() or default

    def url(
        self, name: str, schemes: tuple[str, ...], *, needed_by: str = "", default: str = ""
    ) -> str:
        """An address with one of these schemes; `needed_by` says who cannot do without."""
        value = self.text(name)
        if not value:
            if needed_by:
                self.problems.append(f"{name} is missing: {needed_by} needs it.")
            return default
        if value.partition("://")[0] not in schemes:
            starts = " or ".join(f"{scheme}://" for scheme in schemes)
            self.problems.append(f"{name} must start with {starts}.")
            return default
        return value

    def host_name(self, name: str, default: str) -> str:
        """A host name in lower case."""
        value = self.text(name, default).lower().rstrip(".")
        if not _HOST_NAME.fullmatch(value):
            self.problems.append(f"{name} is {value!r}; it must be a host name without port.")
            return default
        return value

    def one_of(self, name: str, allowed: tuple[T, ...], default: T) -> T:
        """One of the allowed words."""
        value = self.text(name, default)
        for choice in allowed:
            if value == choice:
                return choice
        self.problems.append(f"{name} is {value!r}; it must be one of {', '.join(allowed)}.")
        return default

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number within limits, both included."""
        value = self.text(name, str(default))
        if not _DIGITS.fullmatch(value) or not low <= int(value) <= high:
            self.problems.append(f"{name} is {value!r}; it must be a number from {low} to {high}.")
            return default
        return int(value)

    def port(self, name: str, default: int) -> int:
        """A TCP port."""
        return self.number(name, default, 1, 65535)

    def flag(self, name: str, *, default: bool) -> bool:
        """Yes or no."""
        value = self.text(name, "1" if default else "0").lower()
        if value not in {"0", "1", "true", "false", "yes", "no"}:
            self.problems.append(f"{name} is {value!r}; it must be 1 or 0.")
        return value in {"1", "true", "yes"}
