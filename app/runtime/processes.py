"""Which processes an installation has, and how each is started."""

import importlib.util
import sys
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from app.config import Settings
from tenants.jobs import QUEUES


@dataclass(frozen=True)
class Process:
    """One process the supervisor keeps running, and where it listens, if it does."""

    name: str
    command: tuple[str, ...]
    speaks: Literal["", "http", "smtp"] = ""
    port_setting: str = ""
    host: str = ""
    port: int = 0

    @property
    def reachable_host(self) -> str:
        """Where to reach it; an address that stands for all of a machine's is no place."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104


def processes(settings: Settings) -> list[Process]:
    """Everything that runs beside database and Redis, in the order it is started."""
    found = [web_process(settings)]
    stream = stream_process(settings)
    if stream is not None:
        found.append(stream)
    found.append(_command("scheduler", "scheduler"))
    found += [_command(f"worker {queue}", "worker", queue) for queue in QUEUES]
    if _exists("app.inbound.listener"):
        found.append(_smtp(settings))
    if catches_mail(settings):
        found.append(_catcher(settings))
    return found


def web_process(settings: Settings) -> Process:
    """The pages."""
    command = (*_python("gunicorn"), "--config", "python:app.runtime.web_server", "wsgi:app")
    return Process("web", command, "http", "WEB_PORT", settings.web_host, settings.web_port)


def stream_process(settings: Settings) -> Process | None:
    """Live updates; None in a release without them."""
    if not _exists("app.stream"):
        return None
    address = ("--host", settings.web_host, "--port", str(settings.stream_port))
    quiet = ("--no-server-header", "--no-access-log", "--log-level", "warning")
    command = (*_python("uvicorn"), *address, *quiet, "app.stream:app")
    return Process(
        "stream", command, "http", "STREAM_PORT", settings.web_host, settings.stream_port
    )


def catches_mail(settings: Settings) -> bool:
    """Whether outgoing mail goes to the local catcher instead of a relay."""
    relay = urlsplit(settings.smtp_url)
    return relay.hostname in {"127.0.0.1", "localhost"} and relay.port == settings.catcher_port


def _smtp(settings: Settings) -> Process:
    host, port = settings.smtp_in_host, settings.smtp_in_port
    return Process("smtp", (*_python("app.cli"), "smtp"), "smtp", "SMTP_IN_PORT", host, port)


def _catcher(settings: Settings) -> Process:
    command = (*_python("app.cli"), "catcher")
    return Process("catcher", command, "smtp", "CATCHER_PORT", "127.0.0.1", settings.catcher_port)


def _command(name: str, *arguments: str) -> Process:
    return Process(name, (*_python("app.cli"), *arguments))


def _python(module: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module)


def _exists(module: str) -> bool:
    """Whether this release has the module; looked up on disk, so that nothing is imported."""
    return importlib.util.find_spec(module) is not None
