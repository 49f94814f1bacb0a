"""Draws a stranger's picture anew: what runs in the limited child of `themes/logos.py`.

PNG, JPEG and WebP are re-encoded by Pillow; SVG is cleaned by svg-hush and drawn by resvg. No byte
of the upload reaches a browser, and no metadata survives.
"""

import base64
import io
import json
import re
import resource
import sys
import tempfile
import warnings
from xml.etree import ElementTree as ET

import py_svg_hush
import resvg_py
from PIL import Image, ImageOps, UnidentifiedImageError

from themes.errors import BadLogo

MAX_PIXELS = 20_000_000
MAX_ASPECT = 12
SMALLEST_SIDE = 16
PAGE_SIZE = (960, 160)
MAIL_SIZE = (400, 96)
ICON_SIDES = (32, 180, 192)
ICON_SHARE = 0.86
SVG_HEIGHT = 320
RASTERS = ("PNG", "JPEG", "WEBP")
MAX_MEMORY = 1 << 30
MAX_CPU_SECONDS = 5

_SVG_START = re.compile(
    rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!DOCTYPE|<svg[\s>])", re.DOTALL | re.IGNORECASE
)
_OUTSIDE_LINK = re.compile(r"""\s(?:xlink:)?href\s*=\s*("(?!#)[^"]*"|'(?!#)[^']*')""")


def main() -> None:
    """Read an upload from standard input, write the pictures or the refusal as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    try:
        drawn = draw_logo(sys.stdin.buffer.read())
    except BadLogo as refusal:
        print(json.dumps({"refused": refusal.message}))  # noqa: T201 - the answer to the parent
    else:
        print(json.dumps({name: base64.b64encode(png).decode() for name, png in drawn.items()}))  # noqa: T201


def draw_logo(upload: bytes) -> dict[str, bytes]:
    """PNG by use: 'page', 'mail' and 'icon-<side>'.

    Raises: BadLogo, with what is wrong and what to do.
    """
    image = _draw_svg(upload) if _SVG_START.match(upload) else _decode(upload)
    image = _trimmed(image)
    if min(image.size) < SMALLEST_SIDE:
        raise BadLogo(f"This logo is too small: each side needs {SMALLEST_SIDE} pixels or more.")
    _require_proportion(*image.size)
    return {
        "page": _png(_fitted(image, *PAGE_SIZE)),
        "mail": _png(_fitted(image, *MAIL_SIZE)),
        **{f"icon-{side}": _png(_icon(image, side)) for side in ICON_SIDES},
    }


def _draw_svg(upload: bytes) -> Image.Image:
    try:
        clean = _OUTSIDE_LINK.sub("", py_svg_hush.filter_svg(upload).decode())
        _require_proportion(*_svg_size(clean))
        with tempfile.TemporaryDirectory() as nothing:
            drawn = resvg_py.svg_to_bytes(
                svg_string=clean, height=SVG_HEIGHT, resources_dir=nothing
            )
    except (ValueError, ET.ParseError) as error:
        raise BadLogo("This SVG cannot be used. Export it as PNG and try again.") from error
    return _decode(bytes(drawn))


def _svg_size(clean: str) -> tuple[float, float]:
    """Width and height as the drawing will use them; its proportion decides how much is painted."""
    root = ET.fromstring(clean)  # noqa: S314 - svg-hush has refused every DOCTYPE
    sides = [re.match(r"[\d.]+(?!.*%)", root.get(side, "")) for side in ("width", "height")]
    if all(sides):
        width, height = (float(side.group()) for side in sides if side)
        return width, height
    _, _, width, height = (float(part) for part in re.split(r"[\s,]+", root.get("viewBox", "")))
    return width, height


def _decode(upload: bytes) -> Image.Image:
    """The first frame as RGBA, turned the way its camera meant; refused before it is unpacked."""
    bomb = BadLogo("This picture has more than 20 million pixels. Save a smaller one.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(upload), formats=RASTERS)
            if image.width * image.height > MAX_PIXELS:
                raise bomb
            image.load()
    except UnidentifiedImageError as error:
        raise BadLogo("A logo is a PNG, JPEG, WebP or SVG file.") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise bomb from error
    except (OSError, SyntaxError, ValueError) as error:
        raise BadLogo("This picture is damaged. Save it again and try once more.") from error
    return ImageOps.exif_transpose(image).convert("RGBA")


def _require_proportion(width: float, height: float) -> None:
    if not (width > 0 and height > 0):
        raise BadLogo("This picture has no size.")
    if max(width / height, height / width) > MAX_ASPECT:
        raise BadLogo("This picture is too long and thin for a logo.")


def _trimmed(image: Image.Image) -> Image.Image:
    """Without the empty margin, so that logos of different makers stand at the same height."""
    box = image.getchannel("A").getbbox()
    if box is None:
        raise BadLogo("This picture is empty: every pixel is transparent.")
    return image.crop(box)


def _fitted(image: Image.Image, width: int, height: int) -> Image.Image:
    share = min(width / image.width, height / image.height, 1.0)
    size = max(1, round(image.width * share)), max(1, round(image.height * share))
    return image.resize(size, Image.Resampling.LANCZOS)


def _icon(image: Image.Image, side: int) -> Image.Image:
    inner = round(side * ICON_SHARE)
    share = min(inner / image.width, inner / image.height)
    size = max(1, round(image.width * share)), max(1, round(image.height * share))
    mark = image.resize(size, Image.Resampling.LANCZOS)
    square = Image.new("RGBA", (side, side))
    square.alpha_composite(mark, ((side - size[0]) // 2, (side - size[1]) // 2))
    return square


def _png(image: Image.Image) -> bytes:
    """A fresh file: pixels only, nothing of the upload's metadata."""
    clean = Image.new("RGBA", image.size)
    clean.paste(image)
    out = io.BytesIO()
    clean.save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    main()
