"""Figures as people read them: short, with n where n matters, and no change where too few stand."""

from dataclasses import dataclass

from app.reports.formulas import Share, Spread
from themes.formats import format_number

_FEWEST_TO_COMPARE = 20
_MINUTE, _HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and its unit, for tiles."""

    value: str
    unit: str = ""

    def __str__(self) -> str:
        joint = "" if self.unit in {"", "%"} else " "
        return f"{self.value}{joint}{self.unit}"


NOTHING = Figure("–")


def wait_figure(seconds: float | None) -> Figure:
    """'38 min', '5.2 h', '27 h': hours all the way, because a business day is not 24 of them."""
    if seconds is None:
        return NOTHING
    if seconds < _MINUTE:
        return Figure(str(round(seconds)), "s")
    if seconds < 1.5 * _HOUR:
        return Figure(str(round(seconds / _MINUTE)), "min")
    hours = seconds / _HOUR
    return Figure(format_number(hours, 1 if hours < 10 else 0), "h")


def wait(seconds: float | None) -> str:
    """The same as one word."""
    return str(wait_figure(seconds))


def target_words(minutes: int) -> str:
    """'30 min', '4 h', '2.5 h'."""
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes / 60:g} h"


def share_figure(share: Share) -> Figure:
    """A percentage; one decimal from 100 cases on. Never 100% while one case is missing."""
    if share.value is None:
        return NOTHING
    decimals = 1 if share.n >= 100 else 0
    step = 1 / 10**decimals
    percent = round(100 * share.value, decimals)
    if share.part < share.n:
        percent = min(percent, 100 - step)
    if share.part:
        percent = max(percent, step)
    return Figure(format_number(percent, 0 if percent == 100 else decimals), "%")


def percent(share: Share) -> str:
    """The same as one word."""
    return str(share_figure(share))


def of(share: Share) -> str:
    """'412 of 437'."""
    return f"{format_number(share.part)} of {format_number(share.n)}"


def count(number: int, one: str, many: str | None = None) -> str:
    """'1 conversation', '1,204 conversations'."""
    return f"{format_number(number)} {one if number == 1 else many or one + 's'}"


def points_between(now: Share, before: Share) -> int | None:
    """Percentage points more (or less) than before; None where either side has too few."""
    if now.value is None or before.value is None or min(now.n, before.n) < _FEWEST_TO_COMPARE:
        return None
    return round(100 * now.value) - round(100 * before.value)


def points(change: int | None) -> str | None:
    """'+3 points', 'unchanged'."""
    if change is None:
        return None
    if change == 0:
        return "unchanged"
    sign = "+" if change > 0 else "−"
    return f"{sign}{abs(change)} {'point' if abs(change) == 1 else 'points'}"


def growth(now: int, before: int) -> str | None:
    """'18% more', 'as many'; None where there was too little to compare with."""
    if before < _FEWEST_TO_COMPARE:
        return None
    change = round(100 * (now - before) / before)
    if change == 0:
        return "as many"
    return f"{abs(change)}% {'more' if change > 0 else 'fewer'}"


def faster(now: Spread, before: Spread) -> str | None:
    """'6 min sooner', '1.5 h later', 'unchanged'; None where either side has too few."""
    if now.median is None or before.median is None or min(now.n, before.n) < _FEWEST_TO_COMPARE:
        return None
    if wait(now.median) == wait(before.median):
        return "unchanged"
    sooner = now.median < before.median
    return f"{wait(abs(now.median - before.median))} {'sooner' if sooner else 'later'}"


def lower(words: str) -> str:
    """The words as they stand inside a sentence."""
    return words[:1].lower() + words[1:]
