"""What the sweep finds it records at its true time, once, however late it comes."""

import pytest
import sqlalchemy as sa

from app.conversations import sweeps
from app.conversations.models import Conversation
from app.conversations.operations.closing import set_pending
from app.conversations.queries import get_conversation
from app.sla.models import Clock
from tenants.db import db
from tests.app.sla.test_clocks import clock, events
from tests.factories.cast import World
from tests.factories.conversations import (
    a_conversation,
    a_promise,
    ago,
    leo_closes,
    leo_replies,
    member,
    read,
)


def test_a_breach_during_downtime_is_recorded_at_its_true_time(world: World):
    a_promise(world, "Acme", first_response_minutes=60, resolution_minutes=100_000)
    wrote_at = ago(days=3)
    conversation_id = a_conversation(world, "Acme", now=wrote_at)
    due_at = clock(world, conversation_id, "first_response").due_at
    sweeps.watch_clocks()
    first = clock(world, conversation_id, "first_response")
    assert first.breached_at == first.due_at == due_at
    conversation = read(world, "Acme", conversation_id)
    assert conversation.is_breached
    assert conversation.next_due_at == due_at
    happened = [event for event in events(world, conversation_id) if "started" not in event[0]]
    assert happened == [
        ("clock.at_risk first_response", first.at_risk_at),
        ("clock.breached first_response", due_at),
    ]


def test_each_is_recorded_once_and_the_version_tells_open_pages(world: World):
    a_promise(world, "Acme", first_response_minutes=60)
    conversation_id = a_conversation(world, "Acme", now=ago(minutes=50))
    before = read(world, "Acme", conversation_id).version
    sweeps.watch_clocks()
    sweeps.watch_clocks()
    happened = [kind for kind, _ in events(world, conversation_id) if "started" not in kind]
    assert happened == ["clock.at_risk first_response"]
    first = clock(world, conversation_id, "first_response")
    assert first.breached_at is None
    assert first.next_at == first.due_at
    assert read(world, "Acme", conversation_id).version == before + 1
    assert not read(world, "Acme", conversation_id).is_breached


def test_paused_met_and_closed_clocks_are_left_alone(world: World):
    a_promise(world, "Acme", first_response_minutes=60, resolution_minutes=120)
    answered = a_conversation(world, "Acme", now=ago(days=2))
    leo_replies(world, "Acme", answered, now=ago(days=2), then="pending")
    closed = a_conversation(world, "Acme", now=ago(days=2))
    leo_closes(world, "Acme", closed, now=ago(days=2))
    sweeps.watch_clocks()
    with db.transaction(world.system_scope("Acme")) as session:
        assert session.scalar(sa.select(sa.func.count()).where(Clock.breached_at.is_not(None))) == 0


def test_the_pause_moves_the_due_time_and_not_what_was_recorded_before_it(world: World):
    a_promise(world, "Acme", first_response_minutes=10_000, resolution_minutes=100)
    conversation_id = a_conversation(world, "Acme", now=ago(minutes=90))
    sweeps.watch_clocks()
    with db.transaction(world.system_scope("Acme")):
        set_pending(get_conversation(conversation_id), by=member(world, "Leo"), now=ago())
    sweeps.watch_clocks()
    resolution = clock(world, conversation_id, "resolution")
    assert resolution.at_risk_recorded_at is not None
    assert (resolution.due_at, resolution.breached_at) == (None, None)


def test_every_tenant_and_more_than_one_batch_is_swept(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sweeps, "BATCH", 2)
    for brand in ("Acme", "Birch", "Cedar"):
        a_promise(world, brand, first_response_minutes=30, resolution_minutes=60)
        for _ in range(5):
            a_conversation(world, brand, now=ago(days=1))
    sweeps.watch_clocks()
    for brand in ("Acme", "Birch", "Cedar"):
        with db.transaction(world.system_scope(brand)) as session:
            breached = sa.select(sa.func.count()).where(Conversation.is_breached)
            assert session.scalar(breached) == 5
