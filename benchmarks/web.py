"""The real web application under gunicorn, and a browser that is signed in to it."""

import contextlib
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.ground import Ground
from tests.factories.cast import PASSWORD, World
from tests.servers import free_port

_ROOT = Path(__file__).resolve().parent.parent
_START_SECONDS = 60


class Visitor:
    """One connection, kept open, with its cookies."""

    def __init__(self, port: int, host: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._host = host
        self._cookies = SimpleCookie()

    def sign_in(self, email: str) -> None:
        """Through the form, as everybody does."""
        _, token = self.ask("GET", "/form-token")
        form = {"email": email, "password": PASSWORD, "csrf_token": token.decode()}
        status, page = self.ask("POST", "/sign-in", urlencode(form))
        if status != http.HTTPStatus.SEE_OTHER:
            message = f"sign-in answered {status}: {page[:300]!r}"
            raise RuntimeError(message)

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
        """Status and body of the answer, read to the end."""
        headers = {"Host": self._host}
        if self._cookies:
            crumbs = (f"{name}={crumb.value}" for name, crumb in self._cookies.items())
            headers["Cookie"] = "; ".join(crumbs)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self._cookies.load(cookie)
        return answer.status, content

    def time_page(self, path: str) -> float:
        """Seconds until the whole page was there."""
        started = time.perf_counter()
        status, _ = self.ask("GET", path)
        seconds = time.perf_counter() - started
        if status != http.HTTPStatus.OK:
            message = f"{path} answered {status}"
            raise RuntimeError(message)
        return seconds

    def hang_up(self) -> None:
        """Close the connection; the next page opens it again."""
        self._connection.close()


@contextlib.contextmanager
def served(ground: Ground, database: str, world: World, name: str) -> Iterator[Visitor]:
    """The application on this database, and a visitor signed in as this member of the cast."""
    port = free_port()
    log = ground.folder / f"web-{port}.log"
    settings = {"WEB_PORT": str(port), "WEB_PROCESSES": "1", "WEB_THREADS": "2"}
    with log.open("wb") as output:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn"),
                *("--config", "python:app.runtime.web_server", "wsgi:app"),
            ],
            env={**os.environ, **ground.environ(database), **settings},
            cwd=_ROOT,
            stdout=output,
            stderr=output,
        )
    try:
        email = world.emails[name]
        visitor = Visitor(port, world.host_of(email))
        _wait_until_served(visitor, server, log)
        visitor.sign_in(email)
        visitor.hang_up()  # the server closes what is silent for some seconds
        yield visitor
        visitor.hang_up()
    finally:
        server.terminate()
        server.wait()


def _wait_until_served(visitor: Visitor, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            visitor.ask("GET", "/form-token")
        except OSError:
            visitor.hang_up()
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(log.read_text()[-3000:])
