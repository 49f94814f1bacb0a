"""Timings become lines, lines become the one table that is printed."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

_HEAD = ("work item", "ours", "yardstick", "", "ratio", "goal", "p50 ms", "p95 ms", "n")
_LEFT = {0, 3}


@dataclass(frozen=True)
class Line:
    """One measured work item; `ours` and `yardstick` carry their unit, times are in seconds."""

    item: str
    ours: str
    yardstick: str
    against: str
    ratio: float
    goal: str
    times: Sequence[float]

    def cells(self) -> tuple[str, ...]:
        """As the table shows it."""
        return (
            self.item,
            self.ours,
            self.yardstick,
            self.against,
            f"{self.ratio:.2f}",
            self.goal,
            f"{percentile(self.times, 50) * 1000:.1f}",
            f"{percentile(self.times, 95) * 1000:.1f}",
            str(len(self.times)),
        )


def percentile(times: Sequence[float], share: float) -> float:
    """The nearest rank: a time that was really measured."""
    rank = math.ceil(share / 100 * len(times))
    return sorted(times)[max(rank, 1) - 1]


def rate(amount: int, rounds: Sequence[float]) -> float:
    """How many a second, by the median of the rounds' durations."""
    return amount / statistics.median(rounds)


def render(lines: Sequence[Line]) -> str:
    """The table, aligned, for a terminal and for a fenced block in a document."""
    rows = [_HEAD, *(line.cells() for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    drawn = [_draw(row, widths) for row in rows]
    drawn.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(drawn)


def _draw(row: tuple[str, ...], widths: list[int]) -> str:
    cells = (
        cell.ljust(width) if column in _LEFT else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join(cells).rstrip()
