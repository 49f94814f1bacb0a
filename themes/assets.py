"""Where a page's files are: names with their content in them, so that they may be kept for ever.

Our own CSS and JS share one digest as folder (`/assets/<digest>/js/app.js`), so ES modules import
each other by relative path and need no import map. Fonts, icons and htmx come from npm by the
set-up, under hashed names listed in `vendor/manifest.json`.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
VENDOR = STATIC / "vendor"
PREFIX = "/assets"
STYLESHEET = "app.css"

# Order of the cascade; the first name of each path is its layer.
LAYERS = ("reset", "tokens", "base", "layout", "components", "screens")

# unicode-range of the font subsets we serve, as published with them.
SUBSETS = {
    "latin": "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,"
    "U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD",
    "latin-ext": "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1D00-1DBF,"
    "U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF",
    "cyrillic": "U+0301,U+0400-045F,U+0490-0491,U+04B0-04B1,U+2116",
    "greek": "U+0370-0377,U+037A-037F,U+0384-038A,U+038C,U+038E-03A1,U+03A3-03FF",
    "vietnamese": "U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,"
    "U+0300-0301,U+0303-0304,U+0308-0309,U+0323,U+0329,U+1EA0-1EF9,U+20AB",
}
FAMILIES = {"Inter": "inter", "Source Serif 4": "source-serif-4"}


class AssetMissing(RuntimeError):
    """A defect or a forgotten set-up: a page asks for a file that is not there."""


@dataclass(frozen=True)
class FontFile:
    """One subset of a variable font, as the set-up left it."""

    family: str
    subset: str
    path: Path


def asset_url(name: str) -> str:
    """The address of a file: 'app.css', 'js/desk.js', 'vendor/htmx.js'.

    Raises: AssetMissing.
    """
    if name.startswith("vendor/"):
        return f"{PREFIX}/vendor/{vendor_file(name.removeprefix('vendor/')).name}"
    if name != STYLESHEET and not (STATIC / name).is_file():
        raise AssetMissing(name)
    return f"{PREFIX}/{own_digest()}/{name}"


def vendor_file(name: str) -> Path:
    """The file the set-up left for a logical name ('htmx.js').

    Raises: AssetMissing, with what to do.
    """
    hashed = _manifest().get(name)
    if hashed is None:
        message = f"{name} is not in {VENDOR.name}/manifest.json: run the set-up"
        raise AssetMissing(message)
    return VENDOR / hashed


def font_files() -> list[FontFile]:
    """The fonts that are there, in the order browsers should try them."""
    return [
        FontFile(family, subset, VENDOR / _manifest()[f"{slug}-{subset}.woff2"])
        for family, slug in FAMILIES.items()
        for subset in SUBSETS
        if f"{slug}-{subset}.woff2" in _manifest()
    ]


@lru_cache(maxsize=1)
def stylesheet() -> str:
    """Every stylesheet of ours as one text, each in the layer its folder or name says."""
    faces = [_font_face(font) for font in font_files()]
    layers = [
        f"@layer {layer} {{\n{path.read_text()}\n}}"
        for layer in LAYERS
        for path in _stylesheets_of(layer)
    ]
    return "\n".join([f"@layer {', '.join(LAYERS)};", *faces, *layers])


@lru_cache(maxsize=1)
def own_digest() -> str:
    """Twelve hex digits over everything we wrote ourselves and send to browsers."""
    digest = hashlib.sha256(stylesheet().encode())
    for path in sorted((STATIC / "js").rglob("*.js")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def forget() -> None:
    """Read the files again: for development, where they change under a running server."""
    for cached in (stylesheet, own_digest, _manifest):
        cached.cache_clear()


def _stylesheets_of(layer: str) -> list[Path]:
    whole = STATIC / "css" / f"{layer}.css"
    parts = sorted((STATIC / "css" / layer).glob("*.css"))
    return [whole, *parts] if whole.is_file() else parts


def _font_face(font: FontFile) -> str:
    return (
        f"@font-face{{font-family:'{font.family}';font-style:normal;font-weight:100 900;"
        f"font-display:swap;src:url({PREFIX}/vendor/{font.path.name}) format('woff2');"
        f"unicode-range:{SUBSETS[font.subset]}}}"
    )


@lru_cache(maxsize=1)
def _manifest() -> dict[str, str]:
    path = VENDOR / "manifest.json"
    if not path.is_file():
        return {}
    names: dict[str, str] = json.loads(path.read_text())
    return names
