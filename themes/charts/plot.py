"""Where values stand: axes with round numbers, legend, target, labels that do not collide."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor, log10

from themes.charts.canvas import CHARACTER, WIDTH, Canvas

LEGEND_HEIGHT = 30.0
PLOT_HEIGHT = 190.0
SEGMENTS = ("chart-1", "heat-2", "chart-2", "control")
SECOND_DASH = "5 4"
TARGET = {"width": 1.25, "dash": "2 3"}

# What a legend entry shows: words, the number of its series, whether the bar is hollow.
Entry = tuple[str, int, bool]


@dataclass(frozen=True)
class Plot:
    """The field between the axes, in drawing units, and the values at its edges."""

    left: float
    right: float
    top: float
    bottom: float
    low: float
    high: float

    def y(self, value: float) -> float:
        """The height of a value."""
        share = (value - self.low) / (self.high - self.low)
        return self.bottom - share * (self.bottom - self.top)

    def columns(self, count: int) -> list[float]:
        """The middles of so many columns of equal width."""
        step = (self.right - self.left) / max(count, 1)
        return [self.left + step * (at + 0.5) for at in range(count)]

    def points(self, count: int) -> list[float]:
        """So many places from edge to edge."""
        step = (self.right - self.left) / max(count - 1, 1)
        return [self.left + step * at for at in range(count)]


def draw_axes(canvas: Canvas, legend: list[Entry], *, room_right: float = 0) -> Plot:
    """Legend on top, hairlines at round values, their numbers at the left."""
    chart = canvas.chart
    low, high = chart.bounds
    ticks = list(ticks_between(low, high))
    if chart.domain is None and ticks[-1] < high:
        ticks.append(2 * ticks[-1] - ticks[-2])
    has_legend = bool(legend) or chart.target is not None
    top = LEGEND_HEIGHT if has_legend else 14.0
    plot = Plot(
        left=max(len(chart.words(tick)) for tick in ticks) * (CHARACTER + 0.8) + 12,
        right=WIDTH - room_right,
        top=top,
        bottom=top + PLOT_HEIGHT,
        low=min(ticks[0], low),
        high=max(ticks[-1], high),
    )
    for tick in ticks:
        y = plot.y(tick)
        canvas.line((plot.left, y), (plot.right, y), "line")
        canvas.text(plot.left - 8, y + 4, chart.words(tick), anchor="end")
    if has_legend:
        _draw_legend(canvas, legend)
    return plot


def draw_target(canvas: Canvas, plot: Plot) -> None:
    """The agreed value, dotted across the field; its words stand in the legend."""
    if canvas.chart.target is not None:
        y = plot.y(canvas.chart.target)
        canvas.line((plot.left, y), (plot.right, y), "ink", **TARGET)


def draw_labels(canvas: Canvas, plot: Plot, places: list[float]) -> None:
    """The x axis' words; counted from the last, as many as have room."""
    words = canvas.chart.x
    longest = max((len(label) for label in words), default=1) * CHARACTER + 10
    step = places[1] - places[0] if len(places) > 1 else WIDTH
    every = max(ceil(longest / step), 1)
    for at, x in enumerate(places):
        if (len(places) - 1 - at) % every == 0:
            canvas.text(x, plot.bottom + 18, words[at], anchor="middle")
    canvas.height = plot.bottom + 24


def ticks_between(low: float, high: float) -> Iterator[float]:
    """Three to six round numbers from low to high."""
    rough = ((high - low) or 1) / 4
    size = 10 ** floor(log10(rough))
    step = next(size * times for times in (1, 2, 2.5, 5, 10) if size * times >= rough)
    tick = floor(low / step) * step if low < 0 else ceil(low / step) * step
    while tick <= high + step * 1e-6:
        yield round(tick, 10)
        tick += step


def shortened(words: str, room: float) -> str:
    """The words as far as they fit."""
    fits = int((room - 10) / CHARACTER)
    return words if len(words) <= fits else words[: max(fits - 1, 1)].rstrip() + "…"


def _draw_legend(canvas: Canvas, legend: list[Entry]) -> None:
    chart, x = canvas.chart, 0.0
    for words, number, hollow in legend:
        if chart.kind == "line":
            dash = SECOND_DASH if number else None
            canvas.line((x, 8), (x + 20, 8), f"chart-{number + 1}", width=2, dash=dash)
            canvas.dot((x + 10, 8), f"chart-{number + 1}", diamond=number > 0)
        else:
            canvas.rect((x + 6, 3), (11, 11), SEGMENTS[number], hollow=hollow)
        canvas.text(x + 26, 12, words, "ink")
        x += 26 + len(words) * CHARACTER + 18
    if chart.target is not None:
        canvas.line((x, 8), (x + 20, 8), "ink", **TARGET)
        canvas.text(x + 26, 12, f"target {chart.words(chart.target)}", "ink")
