"""Real processes that read real input."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.config import Settings
from tests.faults.processes import Installation
from tests.servers import free_port


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The listener gets a port of its own."""
    return replace(settings, smtp_in_port=free_port())


@pytest.fixture
def installation(connected: Settings, tmp_path: Path) -> Iterator[Installation]:
    """Starts processes, and ends them after the test."""
    started = Installation(connected, tmp_path / "logs")
    yield started
    started.end()
