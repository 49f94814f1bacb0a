"""The few marks a chart is made of, as SVG with concrete attributes."""

from dataclasses import dataclass, field

from markupsafe import Markup

from themes.charts.model import Chart, Paint

WIDTH = 640.0
TEXT = 12
CHARACTER = 6.4  # an average letter of Inter at 12 px
LINE_WIDTH = 2.0


@dataclass
class Canvas:
    """A drawing under way: its chart, its colours, what stands on it so far."""

    chart: Chart
    paint: Paint
    width: float = WIDTH
    height: float = 0
    marks: list[Markup] = field(default_factory=list)

    def text(self, x: float, y: float, words: str, role: str = "ink-muted", **look: object) -> None:
        """Words at a place; look: anchor, weight, size."""
        self._add(
            Markup('<text x="{:.1f}" y="{:.1f}" fill="{}"{}>{}</text>'),
            (x, y, self.paint[role]),
            _attributes(
                font_size=look.get("size", TEXT),
                font_weight=look.get("weight"),
                text_anchor=look.get("anchor"),
            ),
            words,
        )

    def line(
        self, start: tuple[float, float], end: tuple[float, float], role: str, **look: object
    ) -> None:
        """A straight line; look: width, dash."""
        self._add(
            Markup('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" stroke="{}"{}/>'),
            (*start, *end, self.paint[role]),
            _attributes(stroke_width=look.get("width", 1), stroke_dasharray=look.get("dash")),
        )

    def rect(
        self,
        place: tuple[float, float],
        size: tuple[float, float],
        role: str,
        *,
        title: str = "",
        hollow: bool = False,
    ) -> None:
        """A bar or cell with slightly round corners; a hollow one is outlined."""
        inset = 0.75 if hollow else 0.0
        width, height = (max(side - 2 * inset, 0.0) for side in size)
        self._add(
            Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="2"{}>{}</rect>'),
            (place[0] + inset, place[1] + inset, width, height),
            _attributes(
                fill=self.paint["surface-0" if hollow else role],
                stroke=self.paint[role] if hollow else None,
                stroke_width=1.5 if hollow else None,
            ),
            _title(title),
        )

    def path(self, points: list[tuple[float, float]], role: str, **look: object) -> None:
        """A line through points; look: width, dash."""
        steps = " ".join(f"{'L' if n else 'M'}{x:.1f} {y:.1f}" for n, (x, y) in enumerate(points))
        self._add(
            Markup('<path d="{}" fill="none" stroke="{}" stroke-linejoin="round"{}/>'),
            (steps, self.paint[role]),
            _attributes(
                stroke_width=look.get("width", LINE_WIDTH), stroke_dasharray=look.get("dash")
            ),
        )

    def dot(
        self, place: tuple[float, float], role: str, *, diamond: bool = False, title: str = ""
    ) -> None:
        """A point of a series: a full circle, or a hollow diamond for the second series."""
        x, y = place
        if diamond:
            shape = Markup('<path d="M{:.1f} {:.1f}l4.2 4.2l-4.2 4.2l-4.2 -4.2Z"{}>{}</path>')
            fill, edge, y = "surface-0", role, y - 4.2
        else:
            shape = Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3.5"{}>{}</circle>')
            fill, edge = role, "surface-0"
        look = _attributes(fill=self.paint[fill], stroke=self.paint[edge], stroke_width=1.5)
        self._add(shape, (x, y), look, _title(title))

    def svg(self) -> Markup:
        """The finished drawing.

        A document's reader speaks the `<title>`, so there it is the summary.
        """
        chart, paint = self.chart, self.paint
        title = chart.summary if paint.in_document else chart.title or chart.summary
        told = Markup("<title>{}</title><desc>{}</desc>").format(title, chart.summary)
        look = _attributes(font_family=paint.font if paint.in_document else None)
        return Markup(
            '<svg viewBox="0 0 {:.0f} {:.0f}" role="img" xmlns="http://www.w3.org/2000/svg"{}>{}{}</svg>'
        ).format(self.width, self.height, look, told, Markup("").join(self.marks))

    def _add(self, shape: Markup, values: tuple[object, ...], *rest: object) -> None:
        self.marks.append(shape.format(*values, *rest))


def _attributes(**values: object) -> Markup:
    written = (
        Markup(' {}="{}"').format(name.replace("_", "-"), value)
        for name, value in values.items()
        if value is not None
    )
    return Markup("").join(written)


def _title(words: str) -> Markup:
    return Markup("<title>{}</title>").format(words) if words else Markup("")
