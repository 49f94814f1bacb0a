"""Uploaded logos: read with suspicion, kept only as pictures we drew ourselves."""

import base64
import json
import os
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tenants.blobs import put_blob
from themes.errors import BadLogo
from themes.tokens import Logo

MAX_BYTES = 2_000_000
MAX_SECONDS = 20
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class LogoImages:
    """The pictures made of one upload, all PNG. icons: by side in pixels."""

    page: bytes
    mail: bytes
    icons: dict[int, bytes]
    width: int
    height: int


def logo_url(digest: str) -> str:
    """Where a page finds a logo's picture."""
    return f"/theme/logo/{digest}.png"


def read_logo(upload: bytes) -> LogoImages:
    """Pictures for pages, mail, documents and icons from an uploaded file.

    Raises: BadLogo, with what is wrong and what to do.
    """
    if not upload:
        raise BadLogo("This file is empty.")
    if len(upload) > MAX_BYTES:
        raise BadLogo("A logo may be 2 MB at most. Save a smaller one and try again.")
    drawn = _draw_in_child(upload)
    width, height = struct.unpack(">II", drawn["page"][16:24])  # as PNG's header says
    icons = {
        int(name.removeprefix("icon-")): png
        for name, png in drawn.items()
        if name.startswith("icon-")
    }
    return LogoImages(drawn["page"], drawn["mail"], icons, width, height)


def store_logo(upload: bytes) -> Logo:
    """The same, kept as blobs of the agency in scope.

    Raises: BadLogo.
    """
    images = read_logo(upload)
    return Logo(
        page=put_blob(images.page),
        mail=put_blob(images.mail),
        icon=put_blob(images.icons[192]),
        width=images.width,
        height=images.height,
    )


def _draw_in_child(upload: bytes) -> dict[str, bytes]:
    """The drawing, in a process with bounded memory and time and none of our secrets."""
    try:
        child = subprocess.run(
            [sys.executable, "-I", "-c", _CHILD, str(ROOT)],
            input=upload,
            capture_output=True,
            timeout=MAX_SECONDS,
            check=True,
            env={"PATH": os.defpath},
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise BadLogo("This picture is too complex. Export it as PNG and try again.") from error
    answer: dict[str, str] = json.loads(child.stdout)
    if "refused" in answer:
        raise BadLogo(answer["refused"])
    return {name: base64.b64decode(png) for name, png in answer.items()}


_CHILD = "import sys; sys.path.insert(0, sys.argv[1]); from themes.logo_drawing import main; main()"
