"""Brings a database to the newest migration, as the owner role."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

_FOLDER = Path(__file__).parent.parent / "migrations"


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Run the migrations that are missing, under a lock so that two starts take turns."""
    engine = _engine(owner_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7310002)")
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
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


def _engine(owner_url: str) -> sa.Engine:
    return sa.create_engine(sa.make_url(owner_url).set(drivername="postgresql+psycopg"))
