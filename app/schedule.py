"""What the clock starts: one table, read by `livery scheduler`."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

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

    Two schedulers may run: rows are claimed under locks, so each thing still happens once.
    """
    threads = [
        threading.Thread(target=run_dispatcher, args=(stop,), name="dispatcher"),
        threading.Thread(target=_repeat, args=(stop, 0.3, _react), name="reactions"),
        *(
            threading.Thread(
                target=_repeat, args=(stop, entry.seconds, entry.sweep), name=entry.sweep.__name__
            )
            for entry in SCHEDULE
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


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
