"""Uploaded logos: what comes out is a picture we drew, whatever went in."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from themes.errors import BadLogo
from themes.logos import read_logo

GREEN = (15, 107, 92, 255)
PLAIN_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50">%s</svg>'
BAR = b'<rect width="200" height="50" fill="#0f6b5c"/>'


def a_picture(kind: str = "PNG", size: tuple[int, int] = (300, 90), **options: object) -> bytes:
    image = Image.new("RGBA", size)
    image.paste(GREEN, (10, 10, size[0] - 10, size[1] - 10))
    out = io.BytesIO()
    image.convert("RGB" if kind == "JPEG" else "RGBA").save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=["PNG"])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_pictures_become_png_for_pages_mail_and_icons(kind: str):
    images = read_logo(a_picture(kind))
    assert opened(images.page).size == (images.width, images.height)
    assert opened(images.mail).height <= 96
    assert {side: opened(icon).size for side, icon in images.icons.items()} == {
        32: (32, 32),
        180: (180, 180),
        192: (192, 192),
    }


def test_an_empty_margin_is_cut_away():
    images = read_logo(a_picture(size=(300, 90)))
    assert (images.width, images.height) == (280, 70)


def test_an_svg_is_drawn():
    images = read_logo(PLAIN_SVG % BAR)
    assert opened(images.page).getpixel((5, 5)) == GREEN


@pytest.mark.parametrize(
    "hostile",
    [
        b"<script>alert(1)</script>",
        b'<rect width="9" height="9" onload="alert(1)"/>',
        b'<foreignObject width="9" height="9"><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>',
        b'<use href="//evil.example/a.svg#a"/>',
        b'<image href="file:///etc/passwd" width="9" height="9"/>',
        b'<image href="http://127.0.0.1:9/x.png" width="9" height="9"/>',
        b"<style>@import url(http://127.0.0.1:9/x.css);</style>",
    ],
)
def test_hostile_parts_of_an_svg_do_not_reach_the_picture(hostile: bytes):
    images = read_logo(PLAIN_SVG % (BAR + hostile))
    assert opened(images.page).getpixel((100, 50)) == GREEN
    for data in (images.page, images.mail, *images.icons.values()):
        assert b"script" not in data
        assert b"evil" not in data


def test_an_entity_bomb_is_refused():
    entities = "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "lol" * 10}">' for n in range(9)
    )
    bomb = f"<!DOCTYPE svg [{entities}]><svg xmlns='http://www.w3.org/2000/svg'>&a8;</svg>"
    with pytest.raises(BadLogo):
        read_logo(bomb.encode())
    with pytest.raises(BadLogo):
        read_logo(b"<?xml version='1.0'?>" + bomb.encode())


def test_where_a_photo_was_taken_is_not_kept():
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0)}
    exif[0x010E] = "secret place"
    upload = a_picture("JPEG", exif=exif)
    assert b"secret place" in upload
    images = read_logo(upload)
    assert b"secret place" not in images.page
    assert not opened(images.page).getexif()
    assert set(opened(images.page).info) <= {"dpi", "gamma"}


def test_what_hides_behind_a_picture_is_cut_off():
    images = read_logo(a_picture() + b"<script>alert(1)</script>")
    assert b"script" not in images.page


def a_png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def many_frames() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("P", (20, 20), n) for n in range(9)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "PNG, JPEG, WebP or SVG"),
        (b"<html><script>alert(1)</script></html>", "PNG, JPEG, WebP or SVG"),
        (b"<svg", "PNG, JPEG, WebP or SVG"),
        (PLAIN_SVG % b"<g>", "cannot be used"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><rect width='9' height='9'/></svg>",
            "cannot be used",
        ),
        (PLAIN_SVG.replace(b"200 50", b"200000 50") % BAR, "long and thin"),
        (PLAIN_SVG % b"", "transparent"),
        (many_frames(), "PNG, JPEG, WebP or SVG"),
        (a_png_that_claims(50_000, 50_000), "20 million"),
        (a_png_that_claims(6_000, 6_000), "20 million"),
        (a_picture()[:200], "damaged"),
        (a_picture("JPEG")[:300], "damaged"),
        (a_picture(size=(30, 30)), "too small"),
        (Image.new("RGBA", (9, 9)).tobytes(), "PNG, JPEG, WebP or SVG"),
        (a_picture(size=(2000, 40)), "long and thin"),
        (b"\x89PNG" + b"0" * 2_000_001, "2 MB"),
    ],
)
def test_what_is_no_logo_is_refused_in_plain_words(upload: bytes, words: str):
    with pytest.raises(BadLogo, match=words) as refusal:
        read_logo(upload)
    assert refusal.value.field == "logo"
    assert refusal.value.status == 422


@pytest.mark.parametrize("link", ["{path}", "file://{path}", "../../../../../..{path}"])
def test_an_svg_cannot_show_a_file_of_the_server(tmp_path: Path, link: str):
    secret = tmp_path / "secret.png"
    Image.new("RGB", (50, 50), "red").save(secret)
    address = link.format(path=secret)
    images = read_logo(
        PLAIN_SVG % (BAR + f'<image href="{address}" width="200" height="50"/>'.encode())
    )
    colours = opened(images.page).getcolors()
    assert colours is not None
    assert [colour for _, colour in colours] == [GREEN]


def test_a_drawing_that_never_ends_is_stopped():
    nested = b'<g id="a"><rect width="9" height="9"/></g>' + b"".join(
        b'<g id="%s">%s</g>' % (name, b'<use href="#%s"/>' % before * 40)
        for before, name in zip(
            (b"a", b"b", b"c", b"d", b"e"), (b"b", b"c", b"d", b"e", b"f"), strict=True
        )
    )
    with pytest.raises(BadLogo):
        read_logo(PLAIN_SVG % nested)
