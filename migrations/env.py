"""Runs migrations as the owner role, with a short lock limit so that traffic never queues long."""

from alembic import context
import sqlalchemy as sa

from app import models  # noqa: F401 - every table
from tenants.db import Base


def run() -> None:
    """Migrate the database the caller connected to, or print the SQL."""
    connection = context.config.attributes.get("connection")
    if context.is_offline_mode():
        context.configure(
            url="postgresql+psycopg://", target_metadata=Base.metadata, literal_binds=True
        )
        with context.begin_transaction():
            context.run_migrations()
        return
    context.configure(
        connection=connection, target_metadata=Base.metadata, compare_server_default=False
    )
    with context.begin_transaction():
        connection.execute(sa.text("SET lock_timeout = '4s'"))
        context.run_migrations()


run()
