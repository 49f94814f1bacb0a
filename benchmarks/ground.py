"""What everything is measured on: a private PostgreSQL, a Redis, and databases cloned as needed."""

import itertools
import os
import platform
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from app.config import Settings
from app.wiring import connect
from tenants.db import db
from tenants.hosts.queries import forget_hosts
from tests.servers import Cluster, RedisServer

_LATENCY = re.compile(r"latency average = ([\d.]+) ms")
_clones = itertools.count()


@dataclass(frozen=True)
class Ground:
    """The servers, and a folder that vanishes with them."""

    cluster: Cluster
    redis: RedisServer
    folder: Path

    def environ(self, database: str) -> Mapping[str, str]:
        """The settings of an installation on this database, as a process gets them."""
        return {
            "APP_ENV": "test",
            "DATABASE_URL": self.cluster.app_url(database),
            "SYSTEM_DATABASE_URL": self.cluster.system_url(database),
            "OWNER_DATABASE_URL": self.cluster.owner_url(database),
            "REDIS_URL": self.redis.url,
            "BLOB_URL": f"file://{self.folder}/blobs/{database}",
            "VAR_DIR": str(self.folder / "var"),
            "SECRET_KEY": "a secret of benchmarks, long enough to count",
        }

    @contextmanager
    def connected(self, database: str) -> Iterator[Settings]:
        """This process works on the database."""
        settings = Settings.from_environ(self.environ(database))
        forget_hosts()
        connect(settings)
        try:
            yield settings
        finally:
            db.disconnect()

    def owner(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        """A connection that owns the tables and sees every row."""
        return psycopg.connect(self.cluster.owner_url(database), autocommit=True)

    @contextmanager
    def clone(self, template: str) -> Iterator[str]:
        """A copy of a database, for one round."""
        name = f"{template}_{next(_clones)}"
        self.cluster.create(name, template)
        try:
            yield name
        finally:
            self.cluster.drop(name)

    def pgbench(
        self, database: str, script: Path, *, clients: int = 1, transactions: int = 1
    ) -> float:
        """Seconds that one pass through the script takes a client, without connecting."""
        finished = subprocess.run(
            [
                str(self.cluster.server.bin_path / "pgbench"),
                *("--no-vacuum", "--file", str(script)),
                *("--client", str(clients), "--transactions", str(transactions)),
                self.cluster.owner_url(database),
            ],
            check=True,
            capture_output=True,
            text=True,
        )
        found = _LATENCY.search(finished.stdout)
        if found is None:
            raise RuntimeError(finished.stdout + finished.stderr)
        return float(found[1]) / 1000


@contextmanager
def prepare() -> Iterator[Ground]:
    """Start the servers; stop them and remove everything at the end."""
    folder = Path(tempfile.mkdtemp(prefix="lv-bench-"))
    redis = RedisServer.start()
    try:
        with Cluster() as cluster:
            yield Ground(cluster, redis, folder)
    finally:
        redis.stop()
        shutil.rmtree(folder, ignore_errors=True)


def describe(ground: Ground) -> str:
    """The machine and what else it is doing, without which no figure means anything."""
    with ground.owner("postgres") as connection:
        version = connection.info.server_version // 10000
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}; "
        f"Python {platform.python_version()}, PostgreSQL {version}; load {load}"
    )
