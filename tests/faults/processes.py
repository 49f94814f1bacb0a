"""The real processes of an installation, started and ended by a test; and waiting for what they do.

Each gets its settings from its environment, as anywhere; its output is kept and shown on failure.
"""

import os
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from app.config import Settings

PATIENCE_SECONDS = 75


class Installation:
    """Starts `livery` processes on one test's own database, Redis and mail server."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self._folder = folder
        self._folder.mkdir(exist_ok=True)
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """One process, for example `start("worker", "mail")`."""
        number = len(self._running)
        log = self._folder / f"{number}-{'-'.join(command)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "app.cli", *command],
                env=environment(self.settings),
                stdout=output,
                stderr=output,
            )
        self._running.append(process)
        return process

    def end(self) -> None:
        """Ask every process to stop; whoever does not is killed. Only those started here."""
        for process in self._running:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.terminate()
        for process in self._running:
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def wait_until(self, condition: Callable[[], bool], what: str) -> None:
        """Ask again and again until it holds; after the deadline fail with what was said."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited in vain until {what}\n{self._said()}")
            time.sleep(0.02)

    def _said(self) -> str:
        parts = []
        for log in sorted(self._folder.glob("*.log")):
            parts += [f"--- {log.name}", log.read_text(errors="replace")[-3000:]]
        return "\n".join(parts)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End it with -9: it gets no chance to tidy up."""
    process.kill()
    process.wait()


def children_of(process: subprocess.Popen[bytes]) -> list[int]:
    """The ids of its child processes."""
    tasks = Path(f"/proc/{process.pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def takes_mail(port: int) -> bool:
    """Whether a mail listener answers there."""
    try:
        smtplib.SMTP("127.0.0.1", port, timeout=5).close()
    except OSError:
        return False
    return True


def environment(settings: Settings) -> dict[str, str]:
    """The variables that make another process read these very settings."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "APP_ENV": settings.env,
        "VAR_DIR": str(settings.var_dir),
        "DATABASE_URL": settings.database_url,
        "SYSTEM_DATABASE_URL": settings.system_database_url,
        "OWNER_DATABASE_URL": settings.owner_database_url,
        "REDIS_URL": settings.redis_url,
        "BLOB_URL": settings.blob_url,
        "SECRET_KEY": settings.secret_key,
        "CREDENTIALS_KEY": settings.credentials_key,
        "JOB_LEASE_SECONDS": str(settings.job_lease_seconds),
        "SMTP_URL": settings.smtp_url,
        "SMTP_IN_PORT": str(settings.smtp_in_port),
    }
