"""What the journeys run on: an installation of its own with the cast, and browsers for people."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from playwright.sync_api import Browser

from app.config import Settings
from tests.factories.cast import World
from tests.journeys.installation import Installation, free_ports
from tests.journeys.people import People, chromium
from tests.servers import Cluster, RedisServer


@pytest.fixture
def environ(
    cluster: Cluster, redis_server: RedisServer, database: str, tmp_path: Path
) -> dict[str, str]:
    """The settings of this test's installation, as its processes find them."""
    return {
        "APP_ENV": "test",
        "DATABASE_URL": cluster.app_url(database),
        "SYSTEM_DATABASE_URL": cluster.system_url(database),
        "OWNER_DATABASE_URL": cluster.owner_url(database),
        "REDIS_URL": redis_server.url,
        "SECRET_KEY": "a secret of journeys, long enough to count",
        "VAR_DIR": str(tmp_path / "var"),
        "WEB_PROCESSES": "1",
        **free_ports(),
    }


@pytest.fixture
def settings(environ: dict[str, str], redis_server: RedisServer) -> Settings:
    """The same for what this process does itself."""
    redis.Redis.from_url(redis_server.url).flushall()
    return Settings.from_environ(environ)


@pytest.fixture
def installation(environ: dict[str, str], world: World, tmp_path: Path) -> Iterator[Installation]:
    """Everything runs, and the cast is at work."""
    with Installation(environ, tmp_path) as running:
        yield running


@pytest.fixture
def browsers() -> Iterator[Browser]:
    """One Chromium; each person gets a context of it."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def people(browsers: Browser, installation: Installation) -> People:
    """People in browsers, on this installation."""
    return People(browsers, installation.settings.web_port)
