"""A Redis of its own per test, a mail server that takes what leaves, and real processes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from app.config import Settings
from tests.app.conversations.mail_server import MailServer
from tests.faults.processes import Installation
from tests.servers import RedisServer, free_port


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A Redis that a test may flush and kill."""
    running = RedisServer.start()
    yield running
    running.stop()


@pytest.fixture
def outbox() -> Iterator[tuple[MailServer, str]]:
    """The mail server behind SMTP_URL, and that address."""
    port = free_port()
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    yield server, f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.fixture
def mail_server(outbox: tuple[MailServer, str]) -> MailServer:
    """Where every reply and report ends up."""
    return outbox[0]


@pytest.fixture
def settings(settings: Settings, outbox: tuple[MailServer, str]) -> Settings:
    """Work of a lost worker is taken back after seconds instead of minutes."""
    return replace(settings, smtp_url=outbox[1], smtp_in_port=free_port(), job_lease_seconds=6)


@pytest.fixture
def installation(connected: Settings, tmp_path: Path) -> Iterator[Installation]:
    """Starts processes, and ends them after the test."""
    started = Installation(connected, tmp_path / "logs")
    yield started
    started.end()
