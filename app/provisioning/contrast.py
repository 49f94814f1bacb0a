"""What a look's colours do to reading, in words: the few pairs a person would ask about."""

from dataclasses import dataclass

from themes.palette import Palette, check_contrast, palette_of
from themes.tokens import Theme

_PAIRS = {
    ("on-brand", "brand"): "Words on your colour",
    ("link", "surface-0"): "Links on the page",
    ("brand-edge", "surface-0"): "Edges and marks",
    ("ink", "brand-tint"): "Text on the tint",
}


@dataclass(frozen=True)
class ShownPair:
    """One pair in both schemes; adjusted where another tone stands for the brand's own colour."""

    words: str
    light: float
    dark: float
    required: float
    is_adjusted: bool

    @property
    def passed(self) -> bool:
        """Whether it can be read, by day and by night."""
        return min(self.light, self.dark) >= self.required


def shown_pairs(theme: Theme) -> list[ShownPair]:
    """The pairs, the one on the brand's own colour first."""
    palette = palette_of(theme)
    checks = {(it.scheme, it.front, it.back): it for it in check_contrast(palette)}
    return [
        ShownPair(
            words=words,
            light=checks["light", front, back].ratio,
            dark=checks["dark", front, back].ratio,
            required=checks["light", front, back].required,
            is_adjusted=_is_adjusted(palette, front, theme.primary),
        )
        for (front, back), words in _PAIRS.items()
    ]


def count_readable(theme: Theme) -> tuple[int, int]:
    """How many of all pairs can be read, and how many there are."""
    checks = check_contrast(palette_of(theme))
    return sum(check.passed for check in checks), len(checks)


def _is_adjusted(palette: Palette, front: str, primary: str) -> bool:
    shown = {palette.light[front], palette.dark[front]}
    return front in {"link", "brand-edge"} and shown != {primary}
