"""Brings the database up to date as its owner, and tells what that takes as SQL."""

import io
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config

from app.runtime.roles import plain_url
from tenants.migrating import upgrade
from tenants.walls import APP_ROLE, SYSTEM_ROLE

_FOLDER = Path(__file__).parent.parent.parent / "migrations"


def migrate(owner_url: str) -> None:
    """Run what is missing, and let the restricted roles see how far it came, for the doctor."""
    upgrade(owner_url)
    with psycopg.connect(plain_url(owner_url)) as connection:
        connection.execute(f"GRANT SELECT ON alembic_version TO {APP_ROLE}, {SYSTEM_ROLE}")


def migration_sql() -> str:
    """What `migrate` runs on an empty database, for squawk and for whoever reviews it."""
    text = io.StringIO()
    config = Config(output_buffer=text)
    config.set_main_option("script_location", str(_FOLDER))
    command.upgrade(config, "head", sql=True)
    return text.getvalue()
