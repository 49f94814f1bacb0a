"""python -m tests.themes.gallery [colour]: serve the living page on port 8765."""

import sys

from tests.themes.gallery.app import create_gallery

create_gallery(sys.argv[1] if len(sys.argv) > 1 else "#0f6b5c").run(port=8765)
