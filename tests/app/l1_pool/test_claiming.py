"""Claiming: one wins, the other is told who did."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.conversations.queries import get_conversation
from app.l1_pool import operations
from app.l1_pool.errors import AlreadyClaimed, CapacityReached, NotInPool, NotYours
from app.l1_pool.operations import claim, claim_next, release
from tenants.db import db
from tenants.ledger import list_events_of
from tenants.permissions import Permission
from tests.factories.cast import World
from tests.factories.conversations import (
    a_conversation,
    a_promise,
    leo_closes,
    member,
    moment,
    read,
)

NOW = moment(hours=2)


def claim_as(world: World, name: str, conversation_id: UUID) -> str:
    """'won', or the refusal's sentence."""
    try:
        with db.transaction(world.scope(name, Permission.CONVERSATIONS_CLAIM)):
            claim(get_conversation(conversation_id), by=member(world, name), now=NOW)
    except AlreadyClaimed as refusal:
        return refusal.message
    return "won"


def test_what_was_escalated_meanwhile_is_not_released(world: World, owner: sa.Connection) -> None:
    """The page was loaded before the pod accepted: what the pod has is not taken from it."""
    conversation_id = a_conversation(world, "Acme")
    claim_as(world, "Leo", conversation_id)
    with (
        pytest.raises(NotInPool),
        db.transaction(world.scope("Leo", Permission.CONVERSATIONS_CLAIM)),
    ):
        stale = get_conversation(conversation_id)
        owner.exec_driver_sql("UPDATE conversation SET team = 'pod', assignee_name = 'Pia'")
        owner.commit()
        release(stale, by=member(world, "Leo"), now=NOW)

    assert read(world, "Acme", conversation_id).assignee_name == "Pia"


def claim_next_as(world: World, name: str) -> UUID | None:
    """What the agent got."""
    with db.transaction(world.scope(name, Permission.CONVERSATIONS_CLAIM)):
        got = claim_next(by=member(world, name), now=NOW)
        return got.id if got else None


def test_a_claimed_conversation_has_its_agent_and_a_ledger_row(world: World) -> None:
    """Who, since when, and that it happened."""
    conversation_id = a_conversation(world, "Acme")

    assert claim_as(world, "Leo", conversation_id) == "won"

    stored = read(world, "Acme", conversation_id)
    assert (stored.assignee_id, stored.assignee_name) == (world.members["Leo"], "Leo")
    assert stored.claimed_at == NOW
    with db.transaction(world.system_scope("Acme")):
        events = list_events_of(conversation_id, workspace_id=world.workspaces["Acme"])
    claimed = [event for event in events if event.kind == "conversation.claimed"]
    assert [(event.actor_name, event.at) for event in claimed] == [("Leo", NOW)]


def test_the_second_agent_is_told_who_was_first(world: World) -> None:
    """The refusal names the winner and changes nothing."""
    conversation_id = a_conversation(world, "Acme")
    claim_as(world, "Leo", conversation_id)

    assert claim_as(world, "Lin", conversation_id) == "Leo claimed this conversation first."
    assert read(world, "Acme", conversation_id).assignee_name == "Leo"


def test_claiming_ones_own_again_changes_nothing(world: World) -> None:
    """A double click is no second claim."""
    conversation_id = a_conversation(world, "Acme")
    claim_as(world, "Leo", conversation_id)
    version = read(world, "Acme", conversation_id).version

    assert claim_as(world, "Leo", conversation_id) == "won"
    assert read(world, "Acme", conversation_id).version == version


def test_of_two_agents_at_the_same_moment_exactly_one_wins(world: World) -> None:
    """Both have read the unclaimed row before either writes."""
    conversation_id = a_conversation(world, "Acme")
    both_have_read = Barrier(2)

    def race(name: str) -> str:
        try:
            with db.transaction(world.scope(name, Permission.CONVERSATIONS_CLAIM)):
                conversation = get_conversation(conversation_id)
                both_have_read.wait(timeout=20)
                claim(conversation, by=member(world, name), now=NOW)
        except AlreadyClaimed as refusal:
            return refusal.message
        return "won"

    with ThreadPoolExecutor(2) as pool:
        results = dict(zip(("Leo", "Lin"), pool.map(race, ("Leo", "Lin")), strict=True))

    winner = read(world, "Acme", conversation_id).assignee_name
    loser = "Lin" if winner == "Leo" else "Leo"
    assert results == {winner: "won", loser: f"{winner} claimed this conversation first."}


def test_claim_next_takes_what_is_due_soonest_over_all_brands(world: World) -> None:
    """Due time decides, not the order of arrival."""
    a_promise(world, "Acme", first_response_minutes=300)
    a_promise(world, "Birch", first_response_minutes=30)
    later = a_conversation(world, "Acme", now=moment(minutes=1))
    sooner = a_conversation(world, "Birch", now=moment(minutes=2))

    assert [claim_next_as(world, "Leo") for _ in range(3)] == [sooner, later, None]


def test_claim_next_passes_over_what_is_being_claimed_this_moment(world: World) -> None:
    """SKIP LOCKED: nobody waits for anybody."""
    a_promise(world, "Acme")
    first = a_conversation(world, "Acme", now=moment(minutes=1))
    second = a_conversation(world, "Acme", now=moment(minutes=2))
    with db.transaction(world.scope("Leo", Permission.CONVERSATIONS_CLAIM)):
        held = claim_next(by=member(world, "Leo"), now=NOW)
        assert held is not None
        db.session.flush()
        with ThreadPoolExecutor(1) as pool:
            got = pool.submit(claim_next_as, world, "Lin").result(timeout=20)

    assert (held.id, got) == (first, second)


def test_an_agent_of_one_brand_never_gets_another_brands(world: World) -> None:
    """Lin serves Acme only."""
    a_conversation(world, "Birch")

    assert claim_next_as(world, "Lin") is None


def test_a_closed_conversation_cannot_be_claimed(world: World) -> None:
    """It has to be reopened first."""
    conversation_id = a_conversation(world, "Acme")
    leo_closes(world, "Acme", conversation_id, now=NOW)

    with (
        pytest.raises(NotInPool, match="closed"),
        db.transaction(world.scope("Leo", Permission.CONVERSATIONS_CLAIM)),
    ):
        claim(get_conversation(conversation_id), by=member(world, "Leo"), now=NOW)


def test_nobody_claims_more_than_they_can_hold(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Capacity counts over all brands."""
    monkeypatch.setattr(operations, "CAPACITY", 2)
    for brand in ("Acme", "Birch", "Acme"):
        a_conversation(world, brand)
    claim_next_as(world, "Leo")
    claim_next_as(world, "Leo")

    with pytest.raises(CapacityReached, match="You have 2 open conversations"):
        claim_next_as(world, "Leo")


def test_a_released_conversation_is_in_the_pool_again(world: World) -> None:
    """Only its assignee can put it back."""
    conversation_id = a_conversation(world, "Acme")
    claim_as(world, "Leo", conversation_id)

    with (
        pytest.raises(NotYours, match="Leo has this conversation"),
        db.transaction(world.scope("Lin", Permission.CONVERSATIONS_CLAIM)),
    ):
        release(get_conversation(conversation_id), by=member(world, "Lin"), now=NOW)
    with db.transaction(world.scope("Leo", Permission.CONVERSATIONS_CLAIM)):
        release(get_conversation(conversation_id), by=member(world, "Leo"), now=NOW)

    assert read(world, "Acme", conversation_id).assignee_id is None
    assert claim_next_as(world, "Lin") == conversation_id
