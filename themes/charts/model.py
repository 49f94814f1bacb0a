"""What a chart says, apart from how it is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from themes.palette import build_palette, palette_of
from themes.tokens import Theme

Kind = Literal["line", "bars", "stacked", "hbars", "heatmap", "spark", "bullet"]
Value = float | None

MOST_SERIES: dict[Kind, int] = {
    "line": 2,
    "bars": 1,
    "stacked": 4,
    "hbars": 1,
    "heatmap": 24,
    "spark": 1,
    "bullet": 1,
}


@dataclass(frozen=True)
class Series:
    """One named row of values; None is "not measured" and leaves a gap, never a zero."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Chart:
    """One statement and its numbers.

    title: the message itself ("Answers came faster every week"). summary: the same for someone
    who cannot see it, with its numbers. unit stands behind each value ("%", "min").
    """

    kind: Kind
    title: str
    summary: str
    x: tuple[str, ...]
    values: tuple[Series, ...]
    unit: str = ""
    domain: tuple[float, float] | None = None
    target: float | None = None
    decimals: int = 0

    def __post_init__(self) -> None:
        """Refuse what could not be drawn: a defect of the caller, never of the data."""
        if len(self.values) > MOST_SERIES[self.kind]:
            message = f"a {self.kind} chart shows at most {MOST_SERIES[self.kind]} series"
            raise ValueError(message)
        if any(len(series.values) != len(self.x) for series in self.values):
            message = f"“{self.title}” has rows of another length than its axis"
            raise ValueError(message)

    @property
    def bounds(self) -> tuple[float, float]:
        """The axis: the domain, or from zero to a little above everything shown."""
        if self.domain:
            return self.domain
        shown = [value for series in self.values for value in series.values if value is not None]
        if self.kind == "stacked":
            columns = zip(*(series.values for series in self.values), strict=True)
            shown = [sum(value or 0 for value in column) for column in columns]
        top = max([*shown, self.target or 0], default=0)
        return min([0.0, *shown]), top or 1.0

    def words(self, value: Value) -> str:
        """A value as people read it: '38 min', '94.2%', or a dash."""
        if value is None:
            return "–"
        number = f"{value:,.{self.decimals}f}".replace("-", "−")
        return f"{number}%" if self.unit == "%" else f"{number} {self.unit}".strip()


@dataclass(frozen=True)
class Paint:
    """Colours by role, and whether the drawing goes into a document."""

    roles: Mapping[str, str]
    font: str
    in_document: bool

    def __getitem__(self, role: str) -> str:
        return self.roles[role]


def pdf_palette(theme: Theme) -> Paint:
    """The brand's light colours as hex: documents are printed on white."""
    return Paint(palette_of(theme).light, "Inter", in_document=True)


def spark(values: Sequence[Value], summary: str) -> Chart:
    """A line the size of a word."""
    return Chart("spark", "", summary, tuple("" for _ in values), (Series("", tuple(values)),))


_ROLES = build_palette("#808080").light
WEB = Paint({role: f"var(--{role})" for role in _ROLES}, "inherit", in_document=False)
