"""Notices changed source files, for `livery up --reload`."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).parent.parent.parent
_PACKAGES = ("app", "billing", "tenants", "themes")
_ENDINGS = {".py", ".html", ".css", ".js", ".txt"}


async def wait_for_change() -> str:
    """The name of the next file that changes, appears or goes; looks once a second."""
    before = await asyncio.to_thread(_times)
    while True:
        await asyncio.sleep(1)
        now = await asyncio.to_thread(_times)
        changed = {path for path, _ in before.items() ^ now.items()}
        if changed:
            return str(min(changed).relative_to(_ROOT))


def _times() -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in _files()}


def _files() -> Iterator[Path]:
    for package in _PACKAGES:
        for path in (_ROOT / package).rglob("*"):
            if path.suffix in _ENDINGS and path.is_file():
                yield path
