"""Work that must not be lost: a row in PostgreSQL carries it, RQ runs it.

`enqueue` inserts a row in the business transaction. One dispatcher hands due rows to RQ in a small
window, fair between workspaces. The worker opens the scope of the row it re-read, does the effect
and marks the row done in one transaction; a second delivery finds nothing to do. The reaper
returns what a dead worker, or a flushed Redis, held.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ParamSpec, overload
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy import orm

from tenants.context import Actor, Scope
from tenants.db import Base, db, json_column

P = ParamSpec("P")
log = structlog.get_logger()

QUEUES = ("live", "mail", "documents", "bulk")
MAX_ATTEMPTS = 5


class Job(Base):
    """One piece of work: what, for whom, in which scope, and how far it came.

    `attempts` counts how often it was sent to a worker and fences off the earlier ones; `starts`
    counts how often one began, and is what the last try is measured by: waiting wears nothing out.
    """

    __tablename__ = "job"
    __table_args__ = (
        sa.Index(
            "ix_job_due",
            "queue",
            "available_at",
            "id",
            postgresql_where=sa.column("state") == "due",
        ),
        sa.Index(
            "ix_job_sent", "queue", "lease_until", postgresql_where=sa.column("state") == "sent"
        ),
        sa.CheckConstraint("state IN ('due', 'sent', 'done', 'dead')", name="state"),
    )

    id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger(), sa.Identity(), primary_key=True)
    agency_id: orm.Mapped[UUID]
    workspace_id: orm.Mapped[UUID | None]
    agency_wide: orm.Mapped[bool]
    actor_kind: orm.Mapped[str]
    actor_id: orm.Mapped[UUID | None]
    actor_name: orm.Mapped[str]
    queue: orm.Mapped[str]
    function: orm.Mapped[str]
    args: orm.Mapped[list[Any]] = json_column()
    state: orm.Mapped[str] = orm.mapped_column(default="due")
    attempts: orm.Mapped[int] = orm.mapped_column(default=0)
    starts: orm.Mapped[int] = orm.mapped_column(default=0, server_default="0")
    available_at: orm.Mapped[datetime] = orm.mapped_column(server_default=sa.func.now())
    sent_at: orm.Mapped[datetime | None]
    started_at: orm.Mapped[datetime | None]
    lease_until: orm.Mapped[datetime | None]
    done_at: orm.Mapped[datetime | None]
    last_error: orm.Mapped[str | None]
    created_at: orm.Mapped[datetime] = orm.mapped_column(server_default=sa.func.now())


@dataclass(frozen=True)
class _Registered:
    function: Callable[..., None]
    queue: str
    in_steps: bool


_registry: dict[str, _Registered] = {}
_running: ContextVar["RunningJob | None"] = ContextVar("running_job", default=None)
_wake: Callable[[], None] | None = None


@overload
def job(queue: str) -> Callable[[Callable[P, None]], Callable[P, None]]: ...
@overload
def job(queue: str, *, in_steps: bool) -> Callable[[Callable[P, None]], Callable[P, None]]: ...
def job(queue: str, *, in_steps: bool = False) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Make a function something that can be enqueued.

    Usually the whole function is one transaction. `in_steps` is for work whose progress must be
    visible while it runs, or that hands something over to another system: it opens each
    transaction itself with `step()`.
    """
    if queue not in QUEUES:
        message = f"unknown queue {queue!r}"
        raise ValueError(message)

    def register(function: Callable[P, None]) -> Callable[P, None]:
        _registry[registered_name(function)] = _Registered(function, queue, in_steps)
        return function

    return register


def enqueue(
    function: Callable[P, None],
    *args: object,
    workspace_id: UUID | None = None,
    at: datetime | None = None,
    delay: timedelta = timedelta(0),
) -> None:
    """Put work off: a row in the open transaction, which commits or vanishes with it.

    `args` are ids (UUID, int or str). The work runs in the scope that asked, narrowed to
    `workspace_id` where it is given; without one, an agency-wide scope asks for work of the agency
    itself, whatever the number of its clients. It waits until `at`, or for `delay` by the
    database's clock. Raises: ValueError where nobody can tell whose work it is.
    """
    scope = db.scope
    target = workspace_id or (None if scope.agency_wide else scope.only_workspace_id)
    if target is None and not scope.agency_wide:
        raise ValueError("the scope holds several workspaces: name the one this work is for")
    if target is not None and target not in scope.workspace_ids:
        raise ValueError("the work belongs to a workspace outside the scope")
    registered = _registry[registered_name(function)]
    values: dict[str, Any] = {
        "agency_id": scope.agency_id,
        "workspace_id": target,
        "agency_wide": target is None,
        "actor_kind": scope.actor.kind,
        "actor_id": scope.actor.id,
        "actor_name": scope.actor.name,
        "queue": registered.queue,
        "function": registered_name(function),
        "args": [_as_json(arg) for arg in args],
    }
    if at is not None or delay:
        values["available_at"] = at or sa.func.now() + delay
    db.session.execute(sa.insert(Job).values(**values))
    if _wake is not None:
        db.after_commit(_wake)


def on_enqueue(wake: Callable[[], None]) -> None:
    """Have `wake` called after a transaction that enqueued something is durable."""
    global _wake  # noqa: PLW0603 - one dispatcher per installation, known once at start
    _wake = wake


def registered_name(function: Callable[..., None]) -> str:
    """The name a job row carries for this function."""
    return f"{function.__module__}:{function.__qualname__}"


def queue_of(function: Callable[..., None]) -> str:
    """The queue of a registered function. Raises: KeyError when it is not one."""
    return _registry[registered_name(function)].queue


class LeaseLost(RuntimeError):
    """Another worker has taken this work over; whatever was done here must not commit."""


@dataclass(frozen=True)
class RunningJob:
    """The job row this worker holds, which attempt it is, and how many have begun with it."""

    id: int
    attempt: int
    start: int
    scope: Scope
    lease_seconds: int


@contextmanager
def step() -> Iterator[orm.Session]:
    """One transaction of a job that runs in steps; refuses to commit once the lease is lost."""
    running = _running.get()
    if running is None:
        message = "step() is for jobs registered with in_steps"
        raise RuntimeError(message)
    with db.transaction(running.scope) as session:
        _hold_row(running)
        session.execute(
            sa.update(Job)
            .where(Job.id == running.id)
            .values(
                lease_until=sa.func.clock_timestamp()
                + sa.func.make_interval(0, 0, 0, 0, 0, 0, running.lease_seconds)
            )
        )
        yield session


def run_row(job_id: int, attempt: int, *, lease_seconds: int = 120) -> bool:
    """Do the work of one row; False when there is nothing (left) to do.

    An exception leaves the row due again with back-off, or dead after the last attempt, and is
    re-raised for the worker's log.
    """
    row = _begin(job_id, attempt, lease_seconds)
    if row is None:
        return False
    running = RunningJob(job_id, attempt, row.starts, _scope_of(row), lease_seconds)
    registered = _registry[row.function]
    args = [_from_json(arg) for arg in row.args]
    token = _running.set(running)
    try:
        if registered.in_steps:
            registered.function(*args)
            with step():
                _mark_done(running)
        else:
            with db.transaction(running.scope):
                _hold_row(running)
                registered.function(*args)
                _mark_done(running)
    except LeaseLost:
        log.warning("job.lease_lost", job=job_id, attempt=attempt)
        return False
    except Exception as error:
        _mark_failed(running, error)
        raise
    finally:
        _running.reset(token)
    return True


def _hold_row(running: RunningJob) -> None:
    held = db.session.scalar(
        sa.select(Job.id)
        .where(Job.id == running.id, Job.state == "sent", Job.attempts == running.attempt)
        .with_for_update()
    )
    if held is None:
        raise LeaseLost


def _mark_done(running: RunningJob) -> None:
    db.session.execute(
        sa.update(Job)
        .where(Job.id == running.id)
        .values(state="done", done_at=sa.func.clock_timestamp(), lease_until=None)
    )


def _mark_failed(running: RunningJob, error: Exception) -> None:
    """Wait 2, 8, 32, 128 seconds, then give up visibly."""
    gone = running.start >= MAX_ATTEMPTS
    with db.system() as session:
        session.execute(
            sa.update(Job)
            .where(Job.id == running.id, Job.state == "sent", Job.attempts == running.attempt)
            .values(
                state="dead" if gone else "due",
                lease_until=None,
                last_error=f"{type(error).__name__}: {error}"[:2000],
                available_at=sa.func.clock_timestamp()
                + sa.func.make_interval(0, 0, 0, 0, 0, 0, 2 * 4 ** (running.start - 1)),
            )
        )
    log.error("job.failed", job=running.id, attempt=running.attempt, gave_up=gone)


def _begin(job_id: int, attempt: int, lease_seconds: int) -> Job | None:
    """The row, if it is still this attempt's; from here on it counts as tried, and is leased."""
    now = sa.func.clock_timestamp()
    lease = sa.func.make_interval(0, 0, 0, 0, 0, 0, lease_seconds)
    with db.system() as session:
        return session.scalar(
            sa.update(Job)
            .where(Job.id == job_id, Job.state == "sent", Job.attempts == attempt)
            .values(starts=Job.starts + 1, started_at=now, lease_until=now + lease)
            .returning(Job)
        )


def _scope_of(row: Job) -> Scope:
    return Scope(
        agency_id=row.agency_id,
        workspace_ids=frozenset({row.workspace_id} if row.workspace_id else set()),
        actor=Actor(kind=row.actor_kind, id=row.actor_id, name=row.actor_name),  # type: ignore[arg-type]
        agency_wide=row.agency_wide,
    )


def _as_json(arg: object) -> Any:  # noqa: ANN401 - JSON
    if isinstance(arg, UUID):
        return {"uuid": str(arg)}
    if isinstance(arg, int | str):
        return arg
    message = f"jobs take ids only, not {type(arg).__name__}"
    raise TypeError(message)


def _from_json(arg: Any) -> object:  # noqa: ANN401 - JSON
    return UUID(arg["uuid"]) if isinstance(arg, dict) else arg
