"""How far reviewers agree: alignment with a benchmark, Cohen's κ and Krippendorff's α.

Source: reference "quality"; each answers None where it is undefined.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Literal, TypeAlias

Weighting: TypeAlias = Literal["none", "linear", "quadratic"]
Level: TypeAlias = Literal["nominal", "ordinal", "interval"]
Band: TypeAlias = Literal["good", "tentative", "recalibrate", "n/a (no variance)"]


@dataclass(frozen=True, slots=True)
class Compared:
    """One criterion rated twice; span is the width of its scale, best minus worst."""

    original: float
    benchmark: float
    span: float
    weight: float

    @property
    def alignment(self) -> float:
        """1 for the same value, 0 for the two ends of the scale."""
        return 1 - abs(self.original - self.benchmark) / self.span


def alignment(criteria: Iterable[Compared]) -> float | None:
    """Agreement with the benchmark criterion by criterion, weighted; totals may hide differences.

    Criteria that one side left unrated are not compared. None if none has weight.
    """
    criteria = list(criteria)
    weight = sum(criterion.weight for criterion in criteria)
    if weight == 0:
        return None
    return sum(criterion.weight * criterion.alignment for criterion in criteria) / weight


def cohen_kappa(
    first: Sequence[float],
    second: Sequence[float],
    *,
    scale: Sequence[float],
    weights: Weighting = "none",
) -> float | None:
    """Agreement of two reviewers on the same conversations, beyond chance.

    scale lists every possible value in order, also the unused ones.
    None if chance alone leaves no room to disagree (both always gave one value).
    """
    rank = {value: position for position, value in enumerate(scale)}
    pairs = Counter((rank[a], rank[b]) for a, b in zip(first, second, strict=True))
    rows: Counter[int] = Counter()
    columns: Counter[int] = Counter()
    for (row, column), count in pairs.items():
        rows[row] += count
        columns[column] += count

    def weight(row: int, column: int) -> float:  # not divided by the scale's length: it cancels
        if weights == "none":
            return row != column
        return abs(row - column) if weights == "linear" else (row - column) ** 2

    observed = sum(weight(*pair) * count for pair, count in pairs.items())
    expected = sum(weight(i, j) * rows[i] * columns[j] for i in rows for j in columns)
    return 1 - observed * len(first) / expected if expected else None


def krippendorff_alpha(units: Iterable[Sequence[float | None]], level: Level) -> float | None:
    """Agreement of any number of reviewers with gaps: a unit holds the values one thing got.

    None if all values are equal: there was nothing to tell apart.
    """
    coincidences: dict[tuple[float, float], float] = {}
    totals: Counter[float] = Counter()
    for unit in units:
        values = [value for value in unit if value is not None]
        if len(values) < 2:
            continue
        totals.update(values)
        for pair in permutations(values, 2):
            coincidences[pair] = coincidences.get(pair, 0) + 1 / (len(values) - 1)

    difference = _difference(level, totals)
    n = totals.total()
    observed = sum(count * difference(*pair) for pair, count in coincidences.items())
    expected = sum(totals[v] * totals[w] * difference(v, w) for v in totals for w in totals)
    return 1 - observed * (n - 1) / expected if expected else None


def alpha_band(alpha: float | None) -> Band:
    """The word printed beside α."""
    if alpha is None:
        return "n/a (no variance)"
    if alpha >= 0.8:
        return "good"
    return "tentative" if alpha >= 0.667 else "recalibrate"


def _difference(level: Level, totals: Counter[float]) -> Callable[[float, float], float]:
    """How far two values are apart at this level of measurement."""

    def nominal(v: float, w: float) -> float:
        return float(v != w)

    def interval(v: float, w: float) -> float:
        return (v - w) ** 2

    def ordinal(v: float, w: float) -> float:
        low, high = min(v, w), max(v, w)
        between = sum(count for value, count in totals.items() if low <= value <= high)
        return (between - (totals[v] + totals[w]) / 2) ** 2

    return {"nominal": nominal, "interval": interval, "ordinal": ordinal}[level]
