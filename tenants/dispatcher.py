"""The hand between job rows and RQ: sends what is due, takes back what was lost.

Each workspace first gets two places in a queue's window; what is left over goes to whoever waits,
except for a few places kept free for a workspace that comes later.
"""

import threading
import time
from dataclasses import dataclass

import redis
import sqlalchemy as sa
import structlog
from rq import Queue, SimpleWorker, Worker
from rq.serializers import JSONSerializer

from tenants.db import db
from tenants.jobs import MAX_ATTEMPTS, QUEUES, Job, on_enqueue, run_row

log = structlog.get_logger()

WINDOW_PER_QUEUE = 16
WINDOW_PER_WORKSPACE = 2
KEPT_FREE = 4
MISSING_AFTER_SECONDS = 3
_LOCK = 7_310_001
_WAKE_KEY = "wake"

_redis: redis.Redis | None = None
_lease_seconds = 120


def connect(redis_url: str, *, lease_seconds: int = 120) -> None:
    """Use this Redis to wake the dispatcher and to feed the workers."""
    global _redis, _lease_seconds  # noqa: PLW0603 - one Redis per process, chosen once at start
    _redis = redis.Redis.from_url(redis_url, socket_connect_timeout=2, socket_timeout=15)
    _lease_seconds = lease_seconds
    on_enqueue(wake)


def wake() -> None:
    """Tell the dispatcher that something is due; without Redis it finds out by itself."""
    try:
        pipeline = _connected().pipeline()
        pipeline.lpush(_WAKE_KEY, 1)
        pipeline.ltrim(_WAKE_KEY, 0, 0)
        pipeline.execute()
    except redis.RedisError as error:
        log.warning("dispatcher.wake_failed", error=str(error))


def work(queue: str, *, burst: bool = False, max_jobs: int | None = None) -> None:
    """Run the jobs of one queue until told to stop; one queue per process, by RQ's nature.

    Documents fork for each job, so that a renderer out of memory ends alone.
    """
    worker_class = Worker if queue == "documents" else SimpleWorker
    worker = worker_class([_queue(queue)], connection=_connected(), serializer=JSONSerializer)
    worker.work(burst=burst, max_jobs=max_jobs, logging_level="WARNING", with_scheduler=False)


def run_dispatcher(stop: threading.Event) -> None:
    """Dispatch until `stop` is set; a second dispatcher waits for the first to go."""
    while not stop.is_set():
        try:
            if dispatch_once() == 0:
                _wait_for_wake(stop)
        except (sa.exc.OperationalError, redis.RedisError) as error:
            log.warning("dispatcher.waiting", error=str(error).splitlines()[0])
            stop.wait(1)


def dispatch_once() -> int:
    """Take back lost rows, then send what fits the windows; returns how many were sent."""
    _take_back_lost()
    sent = 0
    for queue in QUEUES:
        rows = _claim(queue)
        if rows:
            _send(queue, rows)
            sent += len(rows)
    return sent


@dataclass(frozen=True)
class _Claimed:
    id: int
    attempt: int


def _claim(queue: str) -> list[_Claimed]:
    with db.system() as session:
        if not session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(_LOCK))):
            return []
        owner = sa.func.coalesce(Job.workspace_id, Job.agency_id)
        counts = sa.select(owner, sa.func.count()).where(Job.state == "sent", Job.queue == queue)
        in_flight = {row[0]: row[1] for row in session.execute(counts.group_by(owner))}
        room = WINDOW_PER_QUEUE - sum(in_flight.values())
        if room <= 0:
            return []
        place = sa.func.row_number().over(partition_by=owner, order_by=(Job.available_at, Job.id))
        due = (
            sa.select(Job.id, owner.label("owner"), place.label("place"))
            .where(
                Job.state == "due",
                Job.queue == queue,
                Job.available_at <= sa.func.clock_timestamp(),
            )
            .subquery()
        )
        candidates = session.execute(
            sa.select(due.c.id, due.c.owner, due.c.place)
            .where(due.c.place <= WINDOW_PER_QUEUE)
            .order_by(due.c.place, due.c.id)
            .limit(WINDOW_PER_QUEUE * 4)
        ).all()
        fair: list[int] = []
        rest: list[int] = []
        for row in candidates:
            within = row.place + in_flight.get(row.owner, 0) <= WINDOW_PER_WORKSPACE
            (fair if within else rest).append(row.id)
        chosen = fair[:room]
        chosen += rest[: max(0, room - KEPT_FREE - len(chosen))]
        if not chosen:
            return []
        lease = sa.func.make_interval(0, 0, 0, 0, 0, 0, _lease_seconds)
        rows = session.execute(
            sa.update(Job)
            .where(Job.id.in_(chosen), Job.state == "due")
            .values(
                state="sent",
                attempts=Job.attempts + 1,
                sent_at=sa.func.clock_timestamp(),
                lease_until=sa.func.clock_timestamp() + lease,
            )
            .returning(Job.id, Job.attempts),
            execution_options={"synchronize_session": False},
        ).all()
        return [_Claimed(*row) for row in sorted(rows)]


def _send(queue: str, rows: list[_Claimed]) -> None:
    target = _queue(queue)
    try:
        for row in rows:
            target.enqueue_call(
                "tenants.dispatcher.run",
                args=(row.id, row.attempt),
                job_id=_rq_id(row.id, row.attempt),
                result_ttl=0,
                failure_ttl=60,
                timeout=-1,
            )
    except redis.RedisError:
        _return([row.id for row in rows])
        raise


def run(job_id: int, attempt: int) -> None:
    """What RQ calls: the work of one row."""
    run_row(job_id, attempt, lease_seconds=_lease_seconds)
    wake()


def run_due_jobs(*, limit: int = 10_000) -> int:
    """Do what is due here and now, oldest first, without Redis or a worker; returns how much."""
    for ran in range(limit):
        row = _claim_one()
        if row is None:
            return ran
        run_row(row.id, row.attempt, lease_seconds=_lease_seconds)
    message = f"more than {limit} jobs: something enqueues itself"
    raise RuntimeError(message)


def _claim_one() -> _Claimed | None:
    with db.system() as session:
        now = sa.func.clock_timestamp()
        first = (
            sa.select(Job.id)
            .where(Job.state == "due", Job.available_at <= now)
            .order_by(Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        lease = sa.func.make_interval(0, 0, 0, 0, 0, 0, _lease_seconds)
        row = session.execute(
            sa.update(Job)
            .where(Job.id.in_(first.scalar_subquery()))
            .values(state="sent", attempts=Job.attempts + 1, sent_at=now, lease_until=now + lease)
            .returning(Job.id, Job.attempts),
            execution_options={"synchronize_session": False},
        ).first()
        return _Claimed(*row) if row else None


def _take_back_lost() -> None:
    """Rows past their lease, and rows whose RQ job is gone, are due again.

    A row that a worker holds locked is never taken: the lock outlives any lease.
    """
    now = sa.func.clock_timestamp()
    with db.system() as session:
        rows = session.execute(
            sa.select(
                Job.id,
                Job.attempts,
                Job.starts,
                (Job.lease_until < now).label("expired"),
                sa.func.coalesce(Job.started_at < Job.sent_at, sa.true()).label("waits"),
            )
            .where(
                Job.state == "sent",
                Job.sent_at < now - sa.func.make_interval(0, 0, 0, 0, 0, 0, MISSING_AFTER_SECONDS),
            )
            .with_for_update(skip_locked=True)
        ).all()
        if not rows:
            return
        keys = [f"rq:job:{_rq_id(row.id, row.attempts)}" for row in rows]
        pipeline = _connected().pipeline()
        for key in keys:
            pipeline.exists(key)
        known = pipeline.execute()
        lost = [
            row
            for row, exists in zip(rows, known, strict=True)
            if row.expired or (row.waits and not exists)
        ]
        dead = [row.id for row in lost if row.starts >= MAX_ATTEMPTS]
        due = [row.id for row in lost if row.starts < MAX_ATTEMPTS]
        for ids, state in ((due, "due"), (dead, "dead")):
            if ids:
                session.execute(
                    sa.update(Job)
                    .where(Job.id.in_(ids))
                    .values(state=state, lease_until=None, last_error="the worker was lost")
                )
                log.warning("dispatcher.took_back", jobs=ids, state=state)


def _return(ids: list[int]) -> None:
    with db.system() as session:
        session.execute(
            sa.update(Job)
            .where(Job.id.in_(ids), Job.state == "sent")
            .values(state="due", attempts=Job.attempts - 1, lease_until=None)
        )


def _wait_for_wake(stop: threading.Event) -> None:
    started = time.monotonic()
    _connected().blpop([_WAKE_KEY], timeout=1)
    if time.monotonic() - started < 0.005:
        stop.wait(0.005)


def _queue(name: str) -> Queue:
    return Queue(name, connection=_connected(), serializer=JSONSerializer)


def _rq_id(job_id: int, attempt: int) -> str:
    return f"{job_id}-{attempt}"


def _connected() -> "redis.Redis":
    if _redis is None:
        message = "Redis is not connected"
        raise RuntimeError(message)
    return _redis
