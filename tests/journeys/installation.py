"""A whole installation on loopback: every process as people start it, with a log of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from app.config import Settings
from app.runtime.greeting import greets
from app.runtime.processes import Process, processes
from tests.servers import free_port

ROOT = Path(__file__).parent.parent.parent
PORTS = ("WEB_PORT", "STREAM_PORT", "SMTP_IN_PORT", "CATCHER_PORT", "CATCHER_PAGE_PORT")
DEADLINE_SECONDS = 60


def free_ports() -> dict[str, str]:
    """Settings that put everything that listens on a port of its own."""
    return {name: str(free_port()) for name in PORTS}


def wait_until(condition: Callable[[], object], *, what: str) -> None:
    """Look again until it holds."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.1)


@dataclass
class Installation:
    """What runs, with which settings, and what it wrote."""

    environ: dict[str, str]
    folder: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        """Start everything, and wait until whoever listens answers."""
        with ExitStack() as undo:
            undo.callback(self._stop)
            found = processes(self.settings)
            for process in found:
                self._start(process)
            for process in found:
                self._await(process)
            undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop everything."""
        self._stop()

    @property
    def settings(self) -> Settings:
        """As every process reads them."""
        return Settings.from_environ(self.environ)

    def check_well(self) -> None:
        """All run still, and none met an error; the catcher is a tool, not part of the desk."""
        for name in self.running.keys() - {"catcher"}:
            assert self._is_up(name)
            assert "Traceback" not in self._log(name), f"{name}: {self._log(name)}"

    def mails(self) -> list[bytes]:
        """What left the desk, as the mail catcher received it, oldest first."""
        return [mail.read_bytes() for mail in sorted((self.settings.var_dir / "mail").glob("2*"))]

    def _start(self, process: Process) -> None:
        leash = (sys.executable, "-m", "app.runtime.leash", str(os.getpid()))
        with self._log_path(process.name).open("wb") as log:
            self.running[process.name] = subprocess.Popen(
                [*leash, *process.command],
                cwd=ROOT,
                env=os.environ | self.environ,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _await(self, process: Process) -> None:
        for listener in process.listeners:
            wait_until(
                lambda listener=listener: self._is_up(process.name) and greets(listener),
                what=process.name,
            )

    def _stop(self) -> None:
        """Ask all to end, and end those that do not."""
        for one in self.running.values():
            one.terminate()
        for one in self.running.values():
            try:
                one.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(one.pid, signal.SIGKILL)
                one.wait()

    def _is_up(self, name: str) -> bool:
        assert self.running[name].poll() is None, f"{name} ended: {self._log(name)}"
        return True

    def _log(self, name: str) -> str:
        return self._log_path(name).read_text()

    def _log_path(self, name: str) -> Path:
        return self.folder / f"{name.replace(' ', '-')}.log"
