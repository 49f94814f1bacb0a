"""`livery up`, as whoever types it: starts, serves, restarts what dies, and ends cleanly."""

import asyncio
import fcntl
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg
import pytest

from app.config import Settings
from app.runtime.embedded import embedded_servers, stop_servers
from app.runtime.processes import Process
from app.runtime.supervisor import Supervisor
from tests.servers import free_port

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent.parent.parent
DEADLINE_SECONDS = 90


@dataclass
class Installation:
    """One folder with ports of its own; `up` may be typed in it again and again."""

    folder: Path
    ports: dict[str, int]
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environ(self) -> dict[str, str]:
        ports = {name: str(port) for name, port in self.ports.items()}
        return {"APP_ENV": "test", "VAR_DIR": str(self.folder), "WEB_PROCESSES": "1", **ports}

    @property
    def settings(self) -> Settings:
        return Settings.from_environ(self.environ)

    @property
    def log(self) -> str:
        return (self.folder / "up.log").read_text()

    def up(self) -> subprocess.Popen[bytes]:
        with (self.folder / "up.log").open("wb") as log:
            supervisor = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "up"],
                cwd=ROOT,
                env=os.environ | self.environ,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started.append(supervisor)
        return supervisor

    def up_and_ready(self) -> subprocess.Popen[bytes]:
        supervisor = self.up()
        self.wait(lambda: "ready on port" in self.log or supervisor.poll() is not None)
        assert supervisor.poll() is None, self.log
        return supervisor

    def wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, self.log
            time.sleep(0.1)

    def children(self) -> dict[int, str]:
        """What runs for this folder beside the two servers: process id and command line."""
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                environ = (process / "environ").read_bytes()
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if f"VAR_DIR={self.folder}\0".encode() in environ and "redis-server" not in command:
                found[int(process.name)] = command
        return found

    def process_of(self, command: str) -> int | None:
        return next((pid for pid, line in self.children().items() if command in line), None)


@pytest.fixture
def installation() -> Iterator[Installation]:
    folder = Path(tempfile.mkdtemp(prefix="lv-"))
    names = ("WEB_PORT", "STREAM_PORT", "SMTP_IN_PORT", "CATCHER_PORT", "CATCHER_PAGE_PORT")
    installation = Installation(folder, {name: free_port() for name in names})
    yield installation
    for supervisor in installation.started:
        supervisor.kill()
        supervisor.wait()
    installation.wait(lambda: not installation.children())
    stop_servers(list(embedded_servers(installation.settings).values()))
    shutil.rmtree(folder)


def page_of(installation: Installation) -> tuple[int, str | None]:
    """Status and Server header of a page on a host that is nobody's."""
    with closing(
        http.client.HTTPConnection("127.0.0.1", installation.ports["WEB_PORT"], timeout=20)
    ) as connection:
        connection.request("GET", "/", headers={"Host": "nobody.localhost"})
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers["Server"]


def test_it_serves_stops_cleanly_and_finds_its_data_again(installation: Installation) -> None:
    supervisor = installation.up_and_ready()
    assert page_of(installation) == (404, "web")
    with psycopg.connect(installation.settings.owner_database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")

    supervisor.send_signal(signal.SIGINT)
    assert supervisor.wait(DEADLINE_SECONDS) == 0, installation.log
    assert installation.children() == {}
    servers = embedded_servers(installation.settings).values()
    assert not any(server.is_up() for server in servers)

    installation.up_and_ready()
    with psycopg.connect(installation.settings.owner_database_url) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_what_dies_is_started_again(installation: Installation) -> None:
    installation.up_and_ready()
    installation.wait(lambda: installation.process_of("app.cli worker mail") is not None)
    worker = installation.process_of("app.cli worker mail")
    assert worker is not None
    os.kill(worker, signal.SIGKILL)
    installation.wait(lambda: installation.process_of("app.cli worker mail") not in {worker, None})
    assert "worker mail     ended with -9; starting again" in installation.log

    for server in embedded_servers(installation.settings).values():
        server.stop()
    installation.wait(lambda: "redis           was gone; started again" in installation.log)
    installation.wait(lambda: "postgresql      was gone; started again" in installation.log)


def test_what_a_dead_process_leaves_behind_does_not_delay_the_next(
    installation: Installation, capfd: pytest.CaptureFixture[str]
) -> None:
    """As a document renderer does whose worker was killed: it goes on, and holds the output."""
    leave_behind = (
        "import os, subprocess, sys\n"
        "print('started', flush=True)\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(20)'],"
        " start_new_session=True)\n"
        "os._exit(3)"
    )
    settings = replace(installation.settings, embedded_database=False, embedded_redis=False)
    process = Process("fragile", (sys.executable, "-c", leave_behind))

    async def run_for_a_while() -> None:
        supervisor = Supervisor(settings, [process])
        running = asyncio.create_task(supervisor.run(reload=False, when_ready=None))
        seen = ""
        deadline = time.monotonic() + 15
        while seen.count("fragile         started") < 2 and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
            seen += capfd.readouterr().out
        os.kill(os.getpid(), signal.SIGTERM)
        await running
        assert seen.count("fragile         started") >= 2
        assert "ended with 3; starting again" in seen

    asyncio.run(run_for_a_while())
    installation.wait(lambda: not installation.children())


def test_killed_with_9_it_leaves_nothing_but_servers_to_adopt(installation: Installation) -> None:
    supervisor = installation.up_and_ready()
    database = (installation.folder / "pg" / "postmaster.pid").read_text().split()[0]
    supervisor.kill()
    supervisor.wait()
    installation.wait(lambda: not installation.children())
    assert all(server.is_up() for server in embedded_servers(installation.settings).values())

    installation.up_and_ready()
    assert (installation.folder / "pg" / "postmaster.pid").read_text().split()[0] == database


def test_a_port_in_use_is_told_before_anything_starts(installation: Installation) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", installation.ports["WEB_PORT"]))
        other.listen()
        supervisor = installation.up()
        assert supervisor.wait(DEADLINE_SECONDS) == 1
    port = installation.ports["WEB_PORT"]
    assert f"port {port} for web: stop what uses it, or set WEB_PORT" in installation.log
    assert not (installation.folder / "pg").exists()


def test_a_second_one_on_the_same_folder_is_refused(installation: Installation) -> None:
    with (installation.folder / "supervisor.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        second = installation.up()
        assert second.wait(DEADLINE_SECONDS) == 1
    assert "runs already" in installation.log


def test_wrong_settings_are_told_without_a_traceback(installation: Installation) -> None:
    good = installation.ports["WEB_PORT"]
    installation.ports["WEB_PORT"] = 0
    supervisor = installation.up()
    installation.ports["WEB_PORT"] = good
    assert supervisor.wait(DEADLINE_SECONDS) == 2
    assert "WEB_PORT is '0'; it must be a number from 1 to 65535." in installation.log
    assert "Traceback" not in installation.log
