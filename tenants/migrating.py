"""Brings a database to the newest migration, as the owner role."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

_FOLDER = Path(__file__).parent.parent / "migrations"


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Run the migrations that are missing, under a lock so that two starts take turns."""
    with _migration(owner_url) as config:
        command.upgrade(config, revision)


def downgrade(owner_url: str, revision: str) -> None:
    """Take migrations back, down to this revision; `base` is before the first."""
    with _migration(owner_url) as config:
        command.downgrade(config, revision)


@contextmanager
def _migration(owner_url: str) -> Iterator[Config]:
    url = sa.make_url(owner_url).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7310002)")
        config = _config()
        config.attributes["connection"] = connection
        yield config
    engine.dispose()


def missing_revisions(connection: sa.Connection) -> list[str]:
    """The migrations this database has not run, oldest first."""
    script = ScriptDirectory.from_config(_config())
    current = MigrationContext.configure(connection).get_current_revision()
    pending = script.iterate_revisions("head", current or "base")
    return [revision.revision for revision in reversed(list(pending))]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config
