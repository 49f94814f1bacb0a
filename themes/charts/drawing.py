"""Draws each kind of chart; colour is always doubled by shape, dash or a word."""

from collections.abc import Callable, Iterator
from math import ceil, floor

from markupsafe import Markup

from themes.charts.canvas import CHARACTER, WIDTH, Canvas
from themes.charts.model import Chart, Kind, Paint, Value
from themes.charts.plot import (
    SECOND_DASH,
    SEGMENTS,
    draw_axes,
    draw_labels,
    draw_target,
    shortened,
)

BAR_SHARE = 0.62
WIDEST_BAR = 56.0
ROW = 30.0
CELL = 26.0
HEAT_STEPS = 6
SPARK = (84, 24)


def render(chart: Chart, paint: Paint) -> Markup:
    """The chart as an `<svg>`: on pages in the colours around it, in documents in plain hex."""
    canvas = Canvas(chart, paint)
    _DRAWINGS[chart.kind](canvas)
    return canvas.svg()


def _draw_line(canvas: Canvas) -> None:
    chart = canvas.chart
    longest = max((len(chart.words(v)) for s in chart.values for v in s.values), default=0)
    legend = [(series.name, number, False) for number, series in enumerate(chart.values)]
    plot = draw_axes(canvas, legend, room_right=longest * CHARACTER + 14)
    draw_target(canvas, plot)
    places = plot.points(len(chart.x))
    for number, series in enumerate(chart.values):
        role = f"chart-{number + 1}"
        runs = list(_runs(series.values))
        for run in runs:
            points = [(places[at], plot.y(value)) for at, value in run]
            canvas.path(points, role, dash=SECOND_DASH if number else None)
            for point, (at, value) in zip(points, run, strict=True):
                title = f"{chart.x[at]}, {series.name}: {chart.words(value)}"
                canvas.dot(point, role, diamond=number > 0, title=title)
        if runs:
            at, value = runs[-1][-1]
            words = chart.words(value)
            canvas.text(places[at] + 9, plot.y(value) + 4, words, f"{role}-text", weight=650)
    draw_labels(canvas, plot, places)


def _draw_bars(canvas: Canvas) -> None:
    """One bar each; with a target those that missed it are hollow. Values stand at the base."""
    chart = canvas.chart
    has_target = chart.target is not None
    plot = draw_axes(canvas, [("reached", 0, False), ("missed", 0, True)] if has_target else [])
    places = plot.columns(len(chart.x))
    bar = _bar_width(plot.right - plot.left, len(places))
    for x, label, value in zip(places, chart.x, chart.values[0].values, strict=True):
        words = chart.words(value)
        if value is None:
            canvas.text(x, plot.bottom - 7, words, anchor="middle")
            continue
        missed = chart.target is not None and value < chart.target
        height = plot.bottom - plot.y(value)
        title = f"{label}: {words}"
        place = (x - bar / 2, plot.y(value))
        canvas.rect(place, (bar, height), "chart-1", title=title, hollow=missed)
        if bar >= CHARACTER * len(words) and height > 20:
            role = "ink" if missed else "on-chart-1"
            canvas.text(x, plot.bottom - 7, words, role, anchor="middle", weight=550)
    draw_target(canvas, plot)
    draw_labels(canvas, plot, places)


def _draw_stacked(canvas: Canvas) -> None:
    chart = canvas.chart
    legend = [(series.name, number, False) for number, series in enumerate(chart.values)]
    plot = draw_axes(canvas, legend)
    places = plot.columns(len(chart.x))
    bar = _bar_width(plot.right - plot.left, len(places))
    for at, x in enumerate(places):
        total = 0.0
        for number, series in enumerate(chart.values):
            value = series.values[at] or 0
            top = plot.y(total + value)
            height = max(plot.y(total) - top - 1, 0)
            title = f"{chart.x[at]}, {series.name}: {chart.words(value)}"
            canvas.rect((x - bar / 2, top), (bar, height), SEGMENTS[number], title=title)
            total += value
        canvas.text(x, plot.y(total) - 6, chart.words(total), "ink", anchor="middle", weight=550)
    draw_labels(canvas, plot, places)


def _draw_hbars(canvas: Canvas) -> None:
    """Words at the left, values at the right edge, so that both read as columns."""
    chart, values = canvas.chart, canvas.chart.values[0].values
    low, high = chart.bounds
    label = min(max((len(words) for words in chart.x), default=0) * CHARACTER + 14, 230)
    number = max((len(chart.words(value)) for value in values), default=0) * CHARACTER + 14
    room = WIDTH - label - number
    for row, (words, value) in enumerate(zip(chart.x, values, strict=True)):
        y = row * ROW
        share = ((value or 0) - low) / ((high - low) or 1)
        title = f"{words}: {chart.words(value)}"
        canvas.text(0, y + 19, shortened(words, label), "ink")
        canvas.rect((label, y + 7), (max(room * share, 1), ROW - 12), "chart-1", title=title)
        canvas.text(WIDTH, y + 19, chart.words(value), "ink", anchor="end", weight=550)
    canvas.height = len(values) * ROW + 2


def _draw_heatmap(canvas: Canvas) -> None:
    """Six steps of one hue; the numbers stand in the cells, as far as they fit."""
    chart = canvas.chart
    highest = chart.bounds[1]
    label = 64.0
    step = (WIDTH - label) / max(len(chart.x), 1)
    for row, series in enumerate(chart.values):
        y = row * CELL
        canvas.text(0, y + 17, shortened(series.name, label), "ink")
        for at, value in enumerate(series.values):
            heat = f"heat-{_heat(value, highest)}"
            title = f"{series.name}, {chart.x[at]}: {chart.words(value)}"
            canvas.rect((label + step * at, y), (step - 2, CELL - 2), heat, title=title)
            words = f"{value or 0:.0f}"
            if value and step > CHARACTER * len(words) + 6:
                x = label + step * (at + 0.5) - 1
                canvas.text(x, y + 16, words, f"{heat}-text", anchor="middle", size=11)
    bottom = len(chart.values) * CELL
    every = ceil(CHARACTER * max((len(words) for words in chart.x), default=1) / step)
    for at in range(0, len(chart.x), every):
        x = label + step * (at + 0.5) - 1
        canvas.text(x, bottom + 14, chart.x[at], anchor="middle", size=11)
    canvas.height = bottom + 20


def _draw_spark(canvas: Canvas) -> None:
    canvas.width, canvas.height = SPARK
    values = canvas.chart.values[0].values
    known = [value for value in values if value is not None] or [0.0]
    low, span = min(known), (max(known) - min(known)) or 1
    step = (canvas.width - 10) / max(len(values) - 1, 1)
    for run in _runs(values):
        points = [(5 + step * at, 19 - (value - low) / span * 14) for at, value in run]
        canvas.path(points, "chart-1", width=1.5)
        if run[-1][0] == len(values) - 1:
            canvas.dot(points[-1], "chart-1")


def _draw_bullet(canvas: Canvas) -> None:
    """One value on a track, its target as a post."""
    chart, value = canvas.chart, canvas.chart.values[0].values[0]
    low, high = chart.bounds

    def x(at: float) -> float:
        return (min(max(at, low), high) - low) / ((high - low) or 1) * WIDTH

    canvas.height = 22
    canvas.rect((0, 6), (WIDTH, 10), "surface-2")
    canvas.rect((0, 6), (x(low if value is None else value), 10), "chart-1", title=chart.summary)
    if chart.target is not None:
        canvas.line((x(chart.target), 1), (x(chart.target), 21), "ink", width=2)


_DRAWINGS: dict[Kind, Callable[[Canvas], None]] = {
    "line": _draw_line,
    "bars": _draw_bars,
    "stacked": _draw_stacked,
    "hbars": _draw_hbars,
    "heatmap": _draw_heatmap,
    "spark": _draw_spark,
    "bullet": _draw_bullet,
}


def _bar_width(room: float, count: int) -> float:
    return min(room / max(count, 1) * BAR_SHARE, WIDEST_BAR)


def _heat(value: Value, highest: float) -> int:
    step = floor((value or 0) / highest * HEAT_STEPS)
    return min(max(step, 0), HEAT_STEPS - 1)


def _runs(values: tuple[Value, ...]) -> Iterator[list[tuple[int, float]]]:
    """Stretches without a gap, as (position, value)."""
    run: list[tuple[int, float]] = []
    for at, value in enumerate((*values, None)):
        if value is not None:
            run.append((at, value))
        elif run:
            yield run
            run = []
