"""The owner's eyes: a connection that row security does not hold."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from app.config import Settings


@pytest.fixture
def owner(settings: Settings) -> Iterator[sa.Connection]:
    """A connection as the role that owns the tables."""
    url = sa.make_url(settings.owner_database_url).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()
