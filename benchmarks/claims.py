"""Claiming the next conversation, eight agents at once, against the same in plain SQL."""

import multiprocessing
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from multiprocessing.pool import Pool
from multiprocessing.synchronize import Barrier

from app.config import Settings
from app.l1_pool.operations import CAPACITY, claim_next
from app.wiring import connect
from benchmarks.crowd import AGENT, build_empty, crowded
from benchmarks.ground import Ground
from benchmarks.table import Line, rate
from tenants.context import Actor, Scope
from tenants.db import db, new_id, utc_now
from tenants.permissions import Permission

EMPTY = "claims"
_WORKERS = 8
_OPEN = 10_000
# The scope as the application sets it, then the claim and its ledger row.
_PLAIN = """
BEGIN\\; SET LOCAL ROLE livery_app\\; SET LOCAL app.agency_id = '{agency}'\\;
SET LOCAL app.workspace_ids = '{{{workspaces}}}';
WITH claimed AS (
  UPDATE conversation SET assignee_id = gen_random_uuid(), assignee_name = 'Somebody',
         claimed_at = now(), version = version + 1
  WHERE (workspace_id, id) IN (
    SELECT workspace_id, id FROM conversation
    WHERE is_open AND assignee_id IS NULL AND team = 'l1' AND agency_id = '{agency}'
    ORDER BY next_due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING agency_id, workspace_id, id)
INSERT INTO ledger (agency_id, workspace_id, subject_type, subject_id, kind, actor_kind,
                    actor_name, at, data)
SELECT agency_id, workspace_id, 'conversation', id, 'conversation.claimed', 'member', 'Somebody',
       now(), '{{}}' FROM claimed;
COMMIT;
"""

_start: Barrier


@dataclass(frozen=True)
class _Claimed:
    """What one worker got: the conversations, the time each took, and when it began and ended."""

    ids: list[str]
    times: list[float]
    began: float
    ended: float


def measure_claims(
    ground: Ground, *, brands: int, agents: int, rounds: int, seed: int
) -> tuple[list[Line], list[str]]:
    """The line of the table, and whether anything was claimed twice."""
    world = build_empty(ground, EMPTY, brands=brands)
    claims = agents * CAPACITY
    ours, theirs, times, doubles = [], [], [], 0
    with crowded(ground, EMPTY, world, open_conversations=_OPEN, seed=seed) as full:
        with ground.connected(full):
            scope = world.scope(AGENT, Permission.CONVERSATIONS_CLAIM)
        script = ground.folder / "claim.sql"
        joined = ",".join(str(each) for each in scope.workspace_ids)
        script.write_text(_PLAIN.format(agency=scope.agency_id, workspaces=joined))
        for _ in range(rounds):
            with ground.clone(full) as database:
                got = _claim_at_once(ground.environ(database), scope, agents)
            ids = [each for worker in got for each in worker.ids]
            doubles += len(ids) - len(set(ids))
            times += [seconds for worker in got for seconds in worker.times]
            ours.append(max(each.ended for each in got) - min(each.began for each in got))
            with ground.clone(full) as database:
                passes = claims // _WORKERS
                latency = ground.pgbench(database, script, clients=_WORKERS, transactions=passes)
                theirs.append(latency * passes)
    mine, plain = rate(claims, ours), rate(claims, theirs)
    line = Line(
        item=f"claim next, {_WORKERS} workers, {_OPEN:,} open",
        ours=f"{mine:.0f} /s",
        yardstick=f"{plain:.0f} /s",
        against=f"pgbench, plain SQL, {_WORKERS} clients",
        ratio=mine / plain,
        goal="≥ 500 /s",
        times=times,
    )
    return [line], [f"{len(times):,} claims, {doubles or 'none'} of them claimed twice"]


def _claim_at_once(environ: Mapping[str, str], scope: Scope, agents: int) -> list[_Claimed]:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(_WORKERS)
    with Pool(_WORKERS, _connect, (environ, barrier), context=context) as pool:
        claim = partial(_claim, agents=agents // _WORKERS)
        return pool.map(claim, [scope] * _WORKERS, chunksize=1)


def _connect(environ: Mapping[str, str], barrier: Barrier) -> None:
    global _start  # noqa: PLW0603 - a process of the pool gets it once, when it starts
    _start = barrier
    connect(Settings.from_environ(environ))


def _claim(scope: Scope, *, agents: int) -> _Claimed:
    """Each worker claims for several agents in turn, since one may hold only so many."""
    ids: list[str] = []
    times: list[float] = []
    _start.wait()
    began = time.time()
    for number in range(agents):
        actor = Actor("member", new_id(), f"Agent {number}")
        for _ in range(CAPACITY):
            started = time.perf_counter()
            with db.transaction(scope):
                claimed = claim_next(by=actor, now=utc_now())
            times.append(time.perf_counter() - started)
            if claimed is not None:
                ids.append(str(claimed.id))
    return _Claimed(ids, times, began, time.time())
