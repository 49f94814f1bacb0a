"""The queue over HTTP at growing numbers of open conversations, against the same page empty."""

import contextlib
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from textwrap import shorten
from typing import Any

import sqlalchemy as sa

from app import create_app
from app.config import Settings
from app.l1_pool.counts import forget_counts
from benchmarks.crowd import AGENT, build_empty, crowded
from benchmarks.ground import Ground
from benchmarks.statements import Statement, recorded
from benchmarks.table import Line
from benchmarks.web import Visitor, served
from tenants.db import db
from tenants.permissions import Permission
from tests.browser import Browser
from tests.factories.cast import World

EMPTY = "queue"
_PAGES = {
    "queue, pool": "/queue?view=pool",
    "queue, mine": "/queue?view=mine",
    "queue, waiting for shopper": "/queue?view=waiting",
}
_COUNTED_AFRESH = "queue, pool, counts expired"
# Longer than app/l1_pool/counts.py keeps the numbers beside the views.
_COUNTS_EXPIRE_SECONDS = 5.2


@dataclass
class _Timed:
    """Seconds of every answer, by page."""

    size: int
    visitor: Visitor
    times: dict[str, list[float]] = field(default_factory=dict)


def measure_queue(
    ground: Ground, *, sizes: tuple[int, ...], brands: int, rounds: int, seed: int
) -> tuple[list[Line], list[str]]:
    """The lines of the table, and notes on statements and plans; sizes are open conversations."""
    world = build_empty(ground, EMPTY, brands=brands)
    with contextlib.ExitStack() as stack:
        notes = []
        desks = []
        for size in (0, *sizes):
            database = stack.enter_context(
                crowded(ground, EMPTY, world, open_conversations=size, seed=seed)
            )
            look = _look(ground, database, world) if size else ()
            notes += [f"queue, pool, {size:,} open: {note}" for note in look]
            visitor = stack.enter_context(served(ground, database, world, AGENT))
            desks.append(_Timed(size, visitor))
        _ask_in_turns(desks, rounds)
        _ask_after_expiry(desks, times=max(5, rounds // 20))
    return [line for desk in desks[1:] for line in _lines(desks[0], desk)], notes


def _lines(empty: _Timed, desk: _Timed) -> Iterator[Line]:
    for page, times in desk.times.items():
        ours, theirs = statistics.median(times), statistics.median(empty.times[page])
        yield Line(
            item=f"{page}, {desk.size:,} open",
            ours=f"{ours * 1000:.1f} ms",
            yardstick=f"{theirs * 1000:.1f} ms",
            against="the same page, nothing open",
            ratio=ours / theirs,
            goal="≤ 1.5",
            times=times,
        )


def _ask_in_turns(desks: list[_Timed], rounds: int) -> None:
    for path in _PAGES.values():
        for desk in desks:
            desk.visitor.time_page(path)
    for _ in range(rounds):
        for page, path in _PAGES.items():
            for desk in desks:
                desk.times.setdefault(page, []).append(desk.visitor.time_page(path))


def _ask_after_expiry(desks: list[_Timed], *, times: int) -> None:
    """The page that an agent gets who comes back: the numbers beside the views are counted."""
    for _ in range(times):
        for desk in desks:
            desk.visitor.hang_up()
        time.sleep(_COUNTS_EXPIRE_SECONDS)
        for desk in desks:
            desk.times.setdefault(_COUNTED_AFRESH, []).append(
                desk.visitor.time_page(_PAGES["queue, pool"])
            )


# What the page asks of the database.


def _look(ground: Ground, database: str, world: World) -> Iterator[str]:
    """How many statements the page sends, and which of them read every conversation there is."""
    with ground.connected(database) as settings:
        first, next_one = _statements_of_page(settings, world)
        with db.transaction(world.scope(AGENT, Permission.CONVERSATIONS_READ)) as session:
            scanning = [each for each in first if _reads_all(session.connection(), each)]
    yield f"{len(first)} statements a page, {len(next_one)} while its counts are fresh"
    yield f"sequential scans of conversation: {len(scanning) or 'none'}"
    for each in scanning:
        yield f"reads every one: … {shorten(each.text[each.text.index('FROM') :], 120)}"


def _statements_of_page(
    settings: Settings, world: World
) -> tuple[list[Statement], list[Statement]]:
    agent = Browser(create_app(settings), world).sign_in(world.emails[AGENT])
    pages = []
    forget_counts(world.members[AGENT])
    with recorded() as recording:
        for _ in range(2):
            agent.get(_PAGES["queue, pool"])
            pages.append([each for one in recording.take() for each in one.work])
    return pages[0], pages[1]


def _reads_all(connection: sa.Connection, statement: Statement) -> bool:
    if "FROM conversation" not in statement.text:
        return False
    explained = connection.exec_driver_sql(
        f"EXPLAIN (FORMAT JSON) {statement.text}", statement.parameters
    ).scalar_one()
    return any(
        node["Node Type"] == "Seq Scan" and node["Relation Name"] == "conversation"
        for node in _nodes(explained[0]["Plan"])
    )


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from _nodes(inner)
