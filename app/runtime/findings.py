"""What the doctor found: one line for each thing it looked at, and what to do about it."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `advice` says what to do where the level is not ok."""

    name: str
    level: Level
    message: str
    advice: str = ""


def ok(name: str, message: str) -> Finding:
    """As it should be."""
    return Finding(name, "ok", message)


def warn(name: str, message: str, advice: str) -> Finding:
    """Works, but somebody should look at it."""
    return Finding(name, "warn", message, advice)


def fail(name: str, message: str, advice: str) -> Finding:
    """Does not work, or is not safe."""
    return Finding(name, "fail", message, advice)
