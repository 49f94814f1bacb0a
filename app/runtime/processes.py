"""Which processes an installation has, and how each is started."""

import sys
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from app.config import Settings
from tenants.jobs import QUEUES


@dataclass(frozen=True)
class Listener:
    """Where a process listens, what it speaks there, and the setting that moves it."""

    speaks: Literal["http", "smtp"]
    setting: str
    host: str
    port: int

    @property
    def reachable_host(self) -> str:
        """Where to reach it; an address that stands for all of a machine's is no place."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104


@dataclass(frozen=True)
class Process:
    """One process the supervisor keeps running."""

    name: str
    command: tuple[str, ...]
    listeners: tuple[Listener, ...] = ()


def processes(settings: Settings) -> list[Process]:
    """Everything that runs beside database and Redis, in the order it is started."""
    found = [
        web_process(settings),
        stream_process(settings),
        _command("scheduler", "scheduler"),
        *(_command(f"worker {queue}", "worker", queue) for queue in QUEUES),
        _smtp(settings),
    ]
    if catches_mail(settings):
        found.append(_catcher(settings))
    return found


def web_process(settings: Settings) -> Process:
    """The pages."""
    command = (*_python("gunicorn"), "--config", "python:app.runtime.web_server", "wsgi:app")
    listener = Listener("http", "WEB_PORT", settings.web_host, settings.web_port)
    return Process("web", command, (listener,))


def stream_process(settings: Settings) -> Process:
    """Live updates."""
    address = ("--host", settings.web_host, "--port", str(settings.stream_port))
    quiet = ("--no-server-header", "--no-access-log", "--log-level", "warning")
    command = (*_python("uvicorn"), *address, *quiet, "app.stream:app")
    listener = Listener("http", "STREAM_PORT", settings.web_host, settings.stream_port)
    return Process("stream", command, (listener,))


def catches_mail(settings: Settings) -> bool:
    """Whether outgoing mail goes to the local catcher instead of a relay."""
    relay = urlsplit(settings.smtp_url)
    return relay.hostname in {"127.0.0.1", "localhost"} and relay.port == settings.catcher_port


def _smtp(settings: Settings) -> Process:
    listener = Listener("smtp", "SMTP_IN_PORT", settings.smtp_in_host, settings.smtp_in_port)
    return _command("smtp", "smtp", listeners=(listener,))


def _catcher(settings: Settings) -> Process:
    listeners = (
        Listener("smtp", "CATCHER_PORT", "127.0.0.1", settings.catcher_port),
        Listener("http", "CATCHER_PAGE_PORT", "127.0.0.1", settings.catcher_page_port),
    )
    return _command("catcher", "catcher", listeners=listeners)


def _command(name: str, *arguments: str, listeners: tuple[Listener, ...] = ()) -> Process:
    return Process(name, (*_python("app.cli"), *arguments), listeners)


def _python(module: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module)
