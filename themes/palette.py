"""One or two brand colours -> every colour of a page, light and dark, all readable.

The brand's own colour is never altered: what must stand beside it is solved for instead, by moving
the lightness in OKLCH until the contrast of WCAG 2.2 holds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from coloraide import Color

from themes.tokens import Theme

TEXT = 4.5
MARK = 3.0
BODY = 7.0

# Chroma under this has no hue a person would name: a grey accent must not come out pink.
NEUTRAL_CHROMA = 0.015
HEAT_STEPS = 6
STATUS_HUES = {"ok": 152.0, "warn": 68.0, "danger": 27.0, "info": 248.0}
NOTE_HUE = 88.0

Scheme = Literal["light", "dark"]
Colours = dict[str, str]


@dataclass(frozen=True)
class Palette:
    """Colour by role and scheme; roles are the names of the CSS custom properties."""

    light: Mapping[str, str]
    dark: Mapping[str, str]

    def scheme(self, scheme: Scheme) -> Mapping[str, str]:
        """The colours of one scheme."""
        return self.light if scheme == "light" else self.dark


@dataclass(frozen=True)
class PairCheck:
    """One pair that stands together on a page, and whether it can be read."""

    scheme: Scheme
    front: str
    back: str
    ratio: float
    required: float

    @property
    def passed(self) -> bool:
        """Whether the contrast reaches what is required."""
        return self.ratio >= self.required


@dataclass(frozen=True)
class _Oklch:
    lightness: float
    chroma: float
    hue: float

    def at(self, lightness: float, chroma: float | None = None) -> str:
        return _hex(lightness, self.chroma if chroma is None else chroma, self.hue)


@dataclass(frozen=True)
class _Ground:
    """The lightness of one scheme's surfaces and where readable ink starts the search."""

    surfaces: tuple[float, float, float]
    line: float
    control: float
    muted: float
    ink: float
    tint: float
    tint_chroma: float
    accent: float
    step: float


_GROUNDS: dict[Scheme, _Ground] = {
    "light": _Ground((1.0, 0.982, 0.958), 0.915, 0.66, 0.52, 0.23, 0.962, 0.02, 0.55, -0.005),
    "dark": _Ground((0.178, 0.212, 0.252), 0.315, 0.52, 0.72, 0.955, 0.285, 0.03, 0.72, 0.005),
}


@lru_cache(maxsize=512)
def build_palette(primary: str, secondary: str | None = None) -> Palette:
    """The palette of a brand; both colours are '#rrggbb'."""
    brand, accent = _oklch(primary), _oklch(secondary) if secondary else None
    return Palette(
        light=_solve(primary, brand, accent, "light"), dark=_solve(primary, brand, accent, "dark")
    )


def palette_of(theme: Theme) -> Palette:
    """The palette of a theme."""
    return build_palette(theme.primary, theme.secondary)


def check_contrast(palette: Palette) -> list[PairCheck]:
    """Every pair a page may show, with its ratio; a published theme passes all of them."""
    schemes: tuple[Scheme, ...] = ("light", "dark")
    return [
        PairCheck(scheme, front, back, contrast(colours[front], colours[back]), required)
        for scheme, colours in ((scheme, palette.scheme(scheme)) for scheme in schemes)
        for front, back, required in _pairs()
    ]


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two '#rrggbb', 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _solve(primary: str, brand: _Oklch, accent: _Oklch | None, scheme: Scheme) -> Colours:
    ground = _GROUNDS[scheme]
    grey = _Oklch(0, min(brand.chroma * 0.04, 0.005), brand.hue)
    surfaces = [grey.at(lightness) for lightness in ground.surfaces]
    colours: Colours = {f"surface-{n}": colour for n, colour in enumerate(surfaces)}
    tint = brand.at(ground.tint, min(brand.chroma, ground.tint_chroma))
    backs = [*surfaces, tint]
    colours |= {
        "line": grey.at(ground.line),
        "control": _readable(grey, ground.control, ground.step, surfaces, MARK),
        "ink": _readable(grey, ground.ink, ground.step, backs, BODY),
        "ink-muted": _readable(grey, ground.muted, ground.step, backs, TEXT),
    }
    colours |= _brand_colours(primary, brand, tint, surfaces, ground)
    colours |= _status_colours(surfaces, ground)
    colours |= _chart_colours(brand, accent, surfaces, ground)
    colours |= _heat_colours(brand, ground, colours)
    return colours


def _brand_colours(
    primary: str, brand: _Oklch, tint: str, surfaces: list[str], ground: _Ground
) -> Colours:
    on_brand = _on(primary)
    away = -0.05 if on_brand == "#ffffff" else 0.05
    hover = brand.at(brand.lightness + away)
    if contrast(hover, primary) < 1.08:  # white cannot get whiter, black no blacker
        hover = brand.at(brand.lightness - away)
    visible = min(contrast(primary, surface) for surface in surfaces) >= MARK
    edge = primary if visible else _readable(brand, brand.lightness, ground.step, surfaces, MARK)
    backs = [*surfaces, tint]
    return {
        "brand": primary,
        "on-brand": on_brand,
        "brand-hover": hover if contrast(on_brand, hover) >= TEXT else primary,
        "brand-edge": edge,
        "brand-tint": tint,
        "link": _readable(brand, brand.lightness, ground.step, backs, TEXT),
        "focus": _readable(brand, ground.accent, ground.step, backs, MARK),
    }


def _status_colours(surfaces: list[str], ground: _Ground) -> Colours:
    colours: Colours = {}
    for name, hue in STATUS_HUES.items():
        tone = _Oklch(0, 0.14, hue)
        tint = tone.at(ground.tint, 0.03)
        colours[name] = _readable(tone, ground.accent, ground.step, [*surfaces, tint], TEXT)
        colours[f"{name}-tint"] = tint
    note = _Oklch(0, 0.1, NOTE_HUE)
    paper = note.at(ground.tint + (0.015 if ground.step < 0 else -0.01), 0.04)
    colours["note"] = paper
    colours["note-edge"] = _readable(note, ground.accent, ground.step, [paper, *surfaces], MARK)
    colours["note-ink"] = _readable(note, ground.muted, ground.step, [paper], TEXT)
    # A destructive button is the same red in both schemes, with white on it.
    colours["danger-fill"] = _readable(_Oklch(0, 0.18, 27.0), 0.56, -0.005, ["#ffffff"], TEXT)
    colours["on-danger"] = "#ffffff"
    return colours


def _chart_colours(
    brand: _Oklch, accent: _Oklch | None, surfaces: list[str], ground: _Ground
) -> Colours:
    second = accent or _Oklch(brand.lightness, 0.02, (brand.hue + 180) % 360)
    colours: Colours = {}
    for name, tone in (("chart-1", brand), ("chart-2", second)):
        colours[name] = _readable(tone, tone.lightness, ground.step, surfaces, MARK)
        colours[f"{name}-text"] = _readable(tone, tone.lightness, ground.step, surfaces, TEXT)
        colours[f"on-{name}"] = _on(colours[name])
    return colours


def _heat_colours(brand: _Oklch, ground: _Ground, colours: Colours) -> Colours:
    """Six steps of one hue from the surface to the brand's darkest (or lightest) readable tone."""
    start, end = (0.955, 0.5) if ground.step < 0 else (0.26, 0.76)
    steps: Colours = {}
    for step in range(HEAT_STEPS):
        share = step / (HEAT_STEPS - 1)
        chroma = min(brand.chroma, 0.02 + 0.1 * share)
        colour = brand.at(start + (end - start) * share, chroma)
        steps[f"heat-{step}"] = colour
        ink = colours["ink"]
        steps[f"heat-{step}-text"] = ink if contrast(ink, colour) >= TEXT else _on(colour)
    return steps


def _readable(
    tone: _Oklch, start: float, step: float, backs: Iterable[str], required: float
) -> str:
    """The colour of this tone nearest to `start` that reaches the contrast on every back.

    The direction is that of `step` (darker on light grounds); contrast only grows that way, so
    the boundary is found by halving.
    """
    backs = list(backs)

    def passes(lightness: float) -> bool:
        colour = tone.at(lightness)
        return all(contrast(colour, back) >= required for back in backs)

    start = min(max(start, 0.0), 1.0)
    if passes(start) and (start - _lightness_of(backs)) * step > 0:
        return tone.at(start)
    near, far = start, 0.0 if step < 0 else 1.0
    for _ in range(9):
        middle = (near + far) / 2
        near, far = (near, middle) if passes(middle) else (middle, far)
    return tone.at(far)


def _lightness_of(backs: list[str]) -> float:
    return sum(_oklch(back).lightness for back in backs) / len(backs)


def _on(colour: str) -> str:
    """White, else a near-black, else black: one of them reaches 4.58:1 on any colour."""
    return next(ink for ink in ("#ffffff", "#16181d", "#000000") if contrast(ink, colour) >= TEXT)


def _pairs() -> list[tuple[str, str, float]]:
    surfaces = ["surface-0", "surface-1", "surface-2"]
    grounds = [*surfaces, "brand-tint"]
    statuses = [(name, f"{name}-tint", TEXT) for name in STATUS_HUES]
    statuses += [(name, ground, TEXT) for name in STATUS_HUES for ground in surfaces]
    charts = ["chart-1", "chart-2"]
    return [
        *((front, ground, BODY) for front in ("ink",) for ground in (*grounds, "note")),
        *((front, ground, TEXT) for front in ("ink-muted", "link") for ground in grounds),
        *((front, ground, MARK) for front in ("control", "brand-edge") for ground in surfaces),
        *(("focus", ground, MARK) for ground in grounds),
        ("on-brand", "brand", TEXT),
        ("on-brand", "brand-hover", TEXT),
        ("on-danger", "danger-fill", TEXT),
        ("note-edge", "note", MARK),
        ("note-edge", "surface-0", MARK),
        ("note-ink", "note", TEXT),
        *statuses,
        *((chart, ground, MARK) for chart in charts for ground in surfaces),
        *((f"on-{chart}", chart, TEXT) for chart in charts),
        *((f"{chart}-text", ground, TEXT) for chart in charts for ground in surfaces),
        *((f"heat-{n}-text", f"heat-{n}", TEXT) for n in range(HEAT_STEPS)),
    ]


def _oklch(colour: str) -> _Oklch:
    lightness, chroma, hue = Color(colour).convert("oklch").coords(nans=False)
    return _Oklch(lightness, chroma if chroma >= NEUTRAL_CHROMA else 0.0, hue)


@lru_cache(maxsize=8192)
def _hex(lightness: float, chroma: float, hue: float) -> str:
    lightness = min(max(lightness, 0.0), 1.0)
    colour = Color("oklch", [lightness, chroma, hue])
    return colour.convert("srgb").fit(method="oklch-chroma").to_string(hex=True)


@lru_cache(maxsize=8192)
def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
