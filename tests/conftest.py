"""What every test stands on: a fresh migrated database, Redis, blobs, the app, and the cast."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import orm

from app import create_app
from app.config import Settings
from app.wiring import connect
from tenants.db import db
from tenants.hosts.queries import forget_hosts
from tests.browser import Browser
from tests.factories.cast import World, build_world
from tests.servers import Cluster, RedisServer


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One PostgreSQL for this test process."""
    with Cluster() as running:
        yield running


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """One Redis for this test process."""
    running = RedisServer.start()
    yield running
    running.stop()


@pytest.fixture
def database(cluster: Cluster) -> Iterator[str]:
    """The name of a fresh migrated database."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    cluster.create(name)
    yield name
    db.disconnect()
    cluster.drop(name)


@pytest.fixture
def settings(
    cluster: Cluster, redis_server: RedisServer, database: str, tmp_path: Path
) -> Settings:
    """Settings that point at this test's own database, Redis and folder."""
    redis.Redis.from_url(redis_server.url).flushall()
    return Settings.from_environ(
        {
            "APP_ENV": "test",
            "DATABASE_URL": cluster.app_url(database),
            "SYSTEM_DATABASE_URL": cluster.system_url(database),
            "OWNER_DATABASE_URL": cluster.owner_url(database),
            "REDIS_URL": redis_server.url,
            "BLOB_URL": f"file://{tmp_path}/blobs",
            "VAR_DIR": str(tmp_path / "var"),
            "SECRET_KEY": "a secret of tests, long enough to count",
        }
    )


@pytest.fixture
def connected(settings: Settings) -> Iterator[Settings]:
    """Database, queue, blobs and keys, connected to this test's own."""
    forget_hosts()
    connect(settings)
    yield settings
    db.disconnect()


@pytest.fixture
def world(connected: Settings) -> World:
    """Northwind with Acme and Birch, the other agency, and everybody who works there."""
    return build_world()


@pytest.fixture
def no_orm_scope() -> Iterator[None]:
    """The first wall taken away: row security stands alone."""
    from tenants import db as module  # noqa: PLC0415

    listener = module._add_scope_to_statement
    sa.event.remove(orm.Session, "do_orm_execute", listener)
    yield
    sa.event.listen(orm.Session, "do_orm_execute", listener)


@pytest.fixture
def app(settings: Settings) -> Flask:
    """The web application."""
    forget_hosts()
    return create_app(settings)


@pytest.fixture
def browser(app: Flask, world: World) -> Browser:
    """Signs people in and asks for pages, by host."""
    return Browser(app, world)


@pytest.fixture
def owner(settings: Settings) -> Iterator[sa.Connection]:
    """A connection as the role that owns the tables."""
    url = sa.make_url(settings.owner_database_url).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real conversations, mail and hostile input."""
    default = Path(__file__).parent.parent.parent / "shared" / "data"
    folder = Path(os.environ.get("LIVERY_DATA", default))
    if not folder.is_dir():
        pytest.fail(f"sample data is missing: set LIVERY_DATA ({folder} is no folder)")
    return folder
