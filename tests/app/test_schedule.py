"""The scheduler ends whole when one of its parts dies, so that it is started again whole."""

import threading

import pytest

from app import schedule
from app.config import Settings
from app.schedule import Every, run_scheduler


def test_a_part_that_dies_of_a_bug_ends_the_scheduler(
    connected: Settings, monkeypatch: pytest.MonkeyPatch
):
    def broken_sweep() -> None:
        raise KeyError("a bug")

    monkeypatch.setattr(schedule, "SCHEDULE", (Every(1, broken_sweep),))

    with pytest.raises(KeyError, match="a bug"):
        run_scheduler(threading.Event())


def test_it_stops_when_told_to(connected: Settings, monkeypatch: pytest.MonkeyPatch):
    stop = threading.Event()
    monkeypatch.setattr(schedule, "SCHEDULE", (Every(1, stop.set),))

    run_scheduler(stop)
