"""A theme as a stylesheet: plain values only, light and dark in one text by `light-dark()`."""

from collections.abc import Mapping
from functools import lru_cache

from themes.palette import Palette, palette_of
from themes.tokens import FontPairing, SchemeChoice, Theme

SANS = "'Inter', system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
SERIF = "'Source Serif 4', 'Iowan Old Style', Georgia, 'Times New Roman', serif"
SYSTEM = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

FONTS: dict[FontPairing, tuple[str, str]] = {
    FontPairing.INTER: (SANS, SANS),
    FontPairing.EDITORIAL: (SERIF, SANS),
    FontPairing.SYSTEM: (SYSTEM, SYSTEM),
}

# What changes when the desk works for another brand: its accent, never the agency's greys.
ACCENT_ROLES = (
    "brand", "on-brand", "brand-hover", "brand-edge", "brand-tint", "link", "focus",
    "chart-1", "on-chart-1", "chart-1-text", "chart-2", "on-chart-2", "chart-2-text",
    *(f"heat-{step}{part}" for step in range(6) for part in ("", "-text")),
)  # fmt: skip

_COLOUR_SCHEME = {
    SchemeChoice.DEVICE: "light dark",
    SchemeChoice.LIGHT: "light",
    SchemeChoice.DARK: "dark",
}


@lru_cache(maxsize=256)
def theme_stylesheet(theme: Theme) -> str:
    """The whole look of a host: every token on `:root`, and the reader's own choice of scheme."""
    headings, body = FONTS[theme.fonts]
    return "".join((
        f":root{{color-scheme:{_COLOUR_SCHEME[theme.scheme]};",
        f"--radius:{theme.radius}px;--font-heading:{headings};--font-body:{body};",
        _declarations(palette_of(theme)),
        "}",
        ":root[data-scheme=light]{color-scheme:light}:root[data-scheme=dark]{color-scheme:dark}",
    ))  # fmt: skip


def accent_stylesheet(brands: Mapping[str, Theme]) -> str:
    """The accents of several brands, for the desk: `[data-brand="<key>"]` re-assigns the accent."""
    return "\n".join(_accent_rule(key, theme) for key, theme in brands.items())


@lru_cache(maxsize=2048)
def _accent_rule(key: str, theme: Theme) -> str:
    if not key.replace("-", "").isalnum():
        message = f"not a brand key: {key!r}"
        raise ValueError(message)
    return f'[data-brand="{key}"]{{{_declarations(palette_of(theme), ACCENT_ROLES)}}}'


def _declarations(palette: Palette, roles: tuple[str, ...] = ()) -> str:
    return "".join(
        f"--{role}:{_value(palette.light[role], palette.dark[role])};"
        for role in roles or palette.light
    )


def _value(light: str, dark: str) -> str:
    return light if light == dark else f"light-dark({light},{dark})"
