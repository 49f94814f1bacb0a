"""Jobs are rows: they commit with the change, run in its scope, and outlive their worker."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import redis
import sqlalchemy as sa

from app.config import Settings
from app.contacts.models import Contact
from tenants import dispatcher
from tenants.db import db, new_id
from tenants.jobs import Job, enqueue, job, run_row, step
from tenants.permissions import Permission
from tests.factories.cast import World
from tests.factories.work import run_due_jobs

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
seen_scopes: list[frozenset[UUID]] = []


@job("live")
def add_contact(name: str) -> None:
    seen_scopes.append(db.scope.workspace_ids)
    db.session.add(Contact(email=f"{new_id()}@shop.example", name=name, created_at=NOW))


@job("live")
def note_scope() -> None:
    seen_scopes.append(db.scope.workspace_ids)


@job("live")
def always_fails(name: str) -> None:
    db.session.add(Contact(email="half@shop.example", name=name, created_at=NOW))
    db.session.flush()
    message = f"no {name}"
    raise RuntimeError(message)


@job("documents", in_steps=True)
def add_in_steps(name: str) -> None:
    for number in (1, 2):
        with step() as session:
            contact = session.scalar(sa.select(Contact).where(Contact.name == f"{name} {number}"))
            if contact is None:
                email = f"{new_id()}@shop.example"
                session.add(Contact(email=email, name=f"{name} {number}", created_at=NOW))


def names(world: World, brand: str = "Acme") -> list[str]:
    with db.transaction(world.system_scope(brand)) as session:
        return sorted(session.scalars(sa.select(Contact.name)))


def rows() -> list[tuple[str, int]]:
    with db.system() as session:
        return [tuple(row) for row in session.execute(sa.select(Job.state, Job.attempts))]


def put_off(world: World, function: Callable[[str], None], name: str, brand: str = "Acme") -> None:
    with db.transaction(world.system_scope(brand)):
        enqueue(function, name)


def test_work_commits_or_vanishes_with_the_change_that_asked(world: World):
    with pytest.raises(RuntimeError), db.transaction(world.system_scope("Acme")):
        enqueue(add_contact, "never")
        raise RuntimeError
    put_off(world, add_contact, "once")

    run_due_jobs()

    assert names(world) == ["once"]


def test_work_runs_in_the_workspace_that_asked_and_no_wider(world: World):
    seen_scopes.clear()
    with db.transaction(world.scope("Leo")):
        enqueue(add_contact, "narrow", workspace_id=world.workspaces["Birch"])

    run_due_jobs()

    assert seen_scopes == [frozenset({world.workspaces["Birch"]})]
    assert names(world, "Birch") == ["narrow"]


def test_work_for_a_workspace_out_of_scope_is_refused(world: World):
    with pytest.raises(ValueError, match="outside the scope"), db.transaction(world.scope("Lin")):
        enqueue(add_contact, "foreign", workspace_id=world.workspaces["Birch"])


def test_work_of_the_agency_stays_the_agencys_with_a_single_client(world: World):
    scope = world.scope("Mallory", Permission.WORKSPACES_OPEN)
    assert scope.only_workspace_id is not None
    with db.transaction(scope):
        enqueue(note_scope)
        enqueue(note_scope, workspace_id=world.workspaces["Cedar"])
    seen_scopes.clear()

    run_due_jobs()

    assert seen_scopes == [frozenset(), frozenset({world.workspaces["Cedar"]})]


def test_delivered_twice_it_runs_once(world: World):
    put_off(world, add_contact, "once")
    dispatcher.dispatch_once()
    with db.system() as session:
        job_id = session.scalar(sa.select(Job.id))

    assert run_row(job_id, 1)
    assert not run_row(job_id, 1)
    assert names(world) == ["once"]


def test_a_failure_leaves_nothing_half_done_and_waits_longer_each_time(world: World):
    put_off(world, always_fails, "luck")

    with pytest.raises(RuntimeError, match="no luck"):
        run_due_jobs()

    assert names(world) == []
    with db.system() as session:
        row = session.scalars(sa.select(Job)).one()
        assert (row.state, row.attempts, row.last_error) == ("due", 1, "RuntimeError: no luck")
        assert row.available_at > session.scalar(sa.select(sa.func.now()))


def test_after_the_last_try_it_is_dead_and_says_why(world: World, owner: sa.Connection):
    put_off(world, always_fails, "luck")
    for _ in range(5):
        owner.exec_driver_sql("UPDATE job SET available_at = now()")
        owner.commit()
        with pytest.raises(RuntimeError):
            run_due_jobs()

    assert rows() == [("dead", 5)]


def test_steps_that_were_done_are_not_done_again(world: World):
    put_off(world, add_in_steps, "part")
    run_due_jobs()

    assert names(world) == ["part 1", "part 2"]
    assert rows() == [("done", 1)]


def work_once(settings: Settings) -> None:
    """The dispatcher sends, a real RQ worker empties every queue."""
    dispatcher.dispatch_once()
    dispatcher.work("live", burst=True)


@pytest.fixture
def quiet_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """RQ wants the main thread's signals; the test process keeps them."""
    monkeypatch.setattr(
        "rq.worker.SimpleWorker._install_signal_handlers", lambda _self: None, raising=True
    )


def test_a_flushed_redis_loses_nothing(
    world: World, settings: Settings, owner: sa.Connection, quiet_worker: None
):
    for number in range(5):
        put_off(world, add_contact, f"shopper {number}")
    dispatcher.dispatch_once()
    redis.Redis.from_url(settings.redis_url).flushall()
    owner.exec_driver_sql("UPDATE job SET sent_at = now() - interval '4 seconds'")
    owner.commit()

    work_once(settings)

    assert names(world) == [f"shopper {number}" for number in range(5)]


def test_work_of_a_dead_worker_is_taken_back_after_its_lease(
    world: World, settings: Settings, owner: sa.Connection
):
    put_off(world, add_contact, "late")
    dispatcher.dispatch_once()
    owner.exec_driver_sql(
        "UPDATE job SET sent_at = now() - interval '1 hour', lease_until = now() - interval '1 s'"
    )
    owner.commit()

    dispatcher.dispatch_once()

    assert rows() == [("sent", 2)]


def test_a_worker_that_lost_its_lease_cannot_commit(world: World, owner: sa.Connection):
    put_off(world, add_contact, "fenced")
    dispatcher.dispatch_once()
    owner.exec_driver_sql("UPDATE job SET attempts = 2")
    owner.commit()
    with db.system() as session:
        job_id = session.scalar(sa.select(Job.id))

    assert not run_row(job_id, 1)
    assert names(world) == []


def test_a_loud_workspace_does_not_fill_the_window(world: World):
    for number in range(40):
        put_off(world, add_contact, f"loud {number}")
    put_off(world, add_contact, "quiet", brand="Birch")

    dispatcher.dispatch_once()

    with db.system() as session:
        sent = set(session.scalars(sa.select(Job.workspace_id).where(Job.state == "sent")))
    assert sent == {world.workspaces["Acme"], world.workspaces["Birch"]}


def test_work_for_later_waits(world: World):
    with db.transaction(world.system_scope("Acme")):
        enqueue(add_contact, "later", at=datetime.now(UTC) + timedelta(hours=1))

    assert dispatcher.dispatch_once() == 0


def test_two_dispatchers_send_each_row_once(world: World):
    for number in range(10):
        put_off(world, add_contact, f"shopper {number}")
    counts: list[int] = []
    pair = [
        threading.Thread(target=lambda: counts.append(dispatcher.dispatch_once())) for _ in "ab"
    ]
    for thread in pair:
        thread.start()
    for thread in pair:
        thread.join()

    assert [attempts for _, attempts in rows()] == [1] * sum(counts) + [0] * (10 - sum(counts))
