"""PostgreSQL and Redis of our own, where the settings name no others."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.config import Settings
from app.runtime.postgresql import PostgreSQL
from app.runtime.redis_server import RedisServer
from app.runtime.roles import prepare_server


def embedded_servers(settings: Settings) -> dict[str, PostgreSQL | RedisServer]:
    """The servers that are ours to run, by name, in the order they start."""
    servers: dict[str, PostgreSQL | RedisServer] = {}
    if settings.embedded_database:
        servers["postgresql"] = PostgreSQL(settings.var_dir / "pg")
    if settings.embedded_redis:
        servers["redis"] = RedisServer(settings.var_dir / "redis")
    return servers


def start_servers(settings: Settings) -> list[PostgreSQL | RedisServer]:
    """See that they answer and are ready for migrations; returns those that were not running.

    Raises: CannotStart.
    """
    started = [server for server in embedded_servers(settings).values() if server.start()]
    if settings.embedded_database:
        prepare_server(settings.owner_database_url)
    return started


def stop_servers(servers: list[PostgreSQL | RedisServer]) -> None:
    """End them, the last started first."""
    for server in reversed(servers):
        server.stop()


@contextmanager
def servers_running(settings: Settings) -> Iterator[None]:
    """For one command: uses the servers that run, or runs its own meanwhile."""
    started = start_servers(settings)
    try:
        yield
    finally:
        stop_servers(started)
