"""The application: `create_app()` puts it together, in the order it starts."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """The web application, connected and ready; settings come from the environment by default."""
    # Imported here so that a worker, or a test of one formula, does not load every screen.
    from app.assembly import assemble  # noqa: PLC0415
    from app.config import Settings  # noqa: PLC0415
    from app.wiring import connect  # noqa: PLC0415

    settings = settings or Settings.from_environment()
    connect(settings)
    return assemble(settings)
