"""Copies the files browsers get from node_modules to `themes/static/vendor`, under hashed names.

`manifest.json` there maps logical names to file names; `themes/assets.py` reads it. Icons become
one sprite of the names listed in `themes/icons.txt`.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "themes" / "static" / "vendor"

FONTS = {
    "inter": "@fontsource-variable/inter",
    "source-serif-4": "@fontsource-variable/source-serif-4",
}
SUBSETS = ("latin", "latin-ext", "cyrillic", "greek", "vietnamese")


def main() -> None:
    """Copy everything, write the manifest, remove what it no longer names."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    manifest = {name: _store(name, data) for name, data in _files().items()}
    _write(VENDOR / "manifest.json", json.dumps(manifest, indent=2, sort_keys=True).encode())
    kept = {*manifest.values(), "manifest.json"}
    for path in VENDOR.iterdir():
        if path.name not in kept:
            path.unlink()
    print(f"{len(manifest)} files in {VENDOR.relative_to(ROOT)}")


def _files() -> dict[str, bytes]:
    files = {"htmx.js": _without_source_map(_read("htmx.org/dist/htmx.min.js"))}
    files["icons.svg"] = _sprite()
    for family, package in FONTS.items():
        for subset in SUBSETS:
            files[f"{family}-{subset}.woff2"] = _read(
                f"{package}/files/{family}-{subset}-wght-normal.woff2"
            )
    if (PACKAGES / "axe-core").is_dir():  # tests only; absent after `npm ci --omit=dev`
        files["axe.js"] = _read("axe-core/axe.min.js")
    files["licenses.txt"] = _licenses()
    return files


def _read(name: str) -> bytes:
    path = PACKAGES / name
    if not path.is_file():
        sys.exit(f"{name} is not in node_modules: run `npm ci` (or correct tools/copy_assets.py)")
    return path.read_bytes()


def _without_source_map(script: bytes) -> bytes:
    return re.sub(rb"\n//# sourceMappingURL=.*", b"", script)


def _sprite() -> bytes:
    lines = (ROOT / "themes" / "icons.txt").read_text().splitlines()
    names = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    symbols = "".join(_symbol(name) for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n'.encode()


def _symbol(name: str) -> str:
    drawing = re.search(
        r"<svg[^>]*>(.*)</svg>", _read(f"lucide-static/icons/{name}.svg").decode(), re.DOTALL
    )
    if drawing is None:
        sys.exit(f"icon {name} is not an SVG file")
    shapes = re.sub(r"\s*\n\s*", "", drawing.group(1))
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def _licenses() -> bytes:
    texts = []
    for path in sorted(PACKAGES.rglob("LICENSE")):
        package = path.parent.relative_to(PACKAGES)
        texts.append(f"{package}\n{'-' * len(str(package))}\n{path.read_text().strip()}\n")
    return "\n\n".join(texts).encode()


def _store(name: str, data: bytes) -> str:
    stem, _, ending = name.rpartition(".")
    hashed = f"{stem}-{hashlib.sha256(data).hexdigest()[:12]}.{ending}"
    if not (VENDOR / hashed).is_file():
        _write(VENDOR / hashed, data)
    return hashed


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: a running server may be reading."""
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.write_bytes(data)
    unfinished.replace(path)


if __name__ == "__main__":
    main()
