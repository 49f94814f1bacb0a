"""What the clock starts: one table, read by `livery scheduler`."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import redis
import sqlalchemy as sa
import structlog

from app.conversations import sweeps as conversations
from app.inbound import sweeps as inbound
from app.quality import sweeps as quality
from app.reactions import REACTIONS
from app.reports import sweeps as reports
from tenants.dispatcher import run_dispatcher
from tenants.live import announce
from tenants.reacting import react_once

log = structlog.get_logger()


@dataclass(frozen=True)
class Every:
    """A sweep that looks for due work every so many seconds; it is safe to run at any time."""

    seconds: float
    sweep: Callable[[], None]


SCHEDULE: tuple[Every, ...] = (
    Every(15, conversations.watch_clocks),
    Every(300, conversations.resume_deliveries),
    Every(300, inbound.quarantine_given_up),
    Every(60, reports.request_scheduled_reports),
    Every(60, reports.give_up_lost_reports),
    Every(900, quality.draw_weekly_samples),
)


def run_scheduler(stop: threading.Event) -> None:
    """Dispatch jobs, follow the ledger and start the sweeps, until `stop` is set.

    Two schedulers may run: rows are claimed under locks, so each thing still happens once. A part
    that dies of a bug ends the whole process with its error, so that it is started again whole.
    """
    died: list[Exception] = []

    def part(name: str, work: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001 - raised again below, in the main thread
                died.append(error)
                stop.set()

        return threading.Thread(target=run, name=name)

    threads = [
        part("dispatcher", lambda: run_dispatcher(stop)),
        part("reactions", lambda: _repeat(stop, 0.3, _react)),
        *(part(entry.sweep.__name__, partial(_sweep, stop, entry)) for entry in SCHEDULE),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if died:
        raise died[0]


def _sweep(stop: threading.Event, entry: Every) -> None:
    _repeat(stop, entry.seconds, entry.sweep)


def _react() -> None:
    while react_once(REACTIONS, seen=announce):
        pass


def _repeat(stop: threading.Event, seconds: float, sweep: Callable[[], None]) -> None:
    """Run again and again; one bad round is logged and the next one comes."""
    while not stop.is_set():
        started = time.monotonic()
        try:
            sweep()
        except (sa.exc.SQLAlchemyError, redis.RedisError, OSError) as error:
            log.exception("sweep.failed", sweep=sweep.__name__, error=str(error))
        stop.wait(max(0.05, seconds - (time.monotonic() - started)))
