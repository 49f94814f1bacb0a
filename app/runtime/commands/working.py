"""`livery worker`, `livery scheduler` and `livery smtp`: processes that work on the database."""

import signal
import threading

import click
import redis

from app import models  # noqa: F401 - every job a worker may be handed
from app.config import Settings
from app.inbound.listener import serve
from app.runtime.errors import CannotStart
from app.schedule import run_scheduler
from app.wiring import connect
from tenants.dispatcher import work
from tenants.jobs import QUEUES


@click.command()
@click.argument("queue", type=click.Choice(QUEUES))
@click.option("--burst", is_flag=True, help="End when there is nothing left to do.")
@click.option("--max-jobs", type=int, help="End after this many jobs, to be started afresh.")
def worker(queue: str, *, burst: bool, max_jobs: int | None) -> None:
    """Do the work of one queue."""
    connect(Settings.from_environment())
    try:
        work(queue, burst=burst, max_jobs=max_jobs)
    except redis.ConnectionError as error:  # the supervisor starts it again
        raise CannotStart(f"Redis is gone: {error}") from error


@click.command()
def scheduler() -> None:
    """Watch the clock, and hand due work to the workers."""
    connect(Settings.from_environment())
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    run_scheduler(stop)


@click.command()
def smtp() -> None:
    """Take in mail."""
    settings = Settings.from_environment()
    connect(settings)
    serve(settings)
