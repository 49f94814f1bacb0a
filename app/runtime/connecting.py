"""For commands that work on the data: they run beside `livery up`, or without it."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.config import Settings
from app.runtime.embedded import servers_running
from app.runtime.migrations import migrate
from app.wiring import connect
from tenants.db import db


@contextmanager
def connected() -> Iterator[Settings]:
    """Database, queue, blobs and keys, connected; servers of our own run at least meanwhile."""
    settings = Settings.from_environment()
    with servers_running(settings):
        if settings.embedded_database:
            migrate(settings.owner_database_url)
        connect(settings)
        try:
            yield settings
        finally:
            db.disconnect()
