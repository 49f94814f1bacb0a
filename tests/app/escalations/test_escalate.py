"""Escalating: to the pod, with a clock of its own; once, and only to people."""

import pytest

from app.conversations.errors import ConversationClosed
from app.conversations.queries import get_conversation
from app.escalations.errors import AlreadyEscalated, PodClosed
from app.escalations.packet import Packet
from app.l1_pool.operations import claim
from app.sla.queries import read_clocks
from tenants.db import db
from tenants.errors import NotFound
from tenants.ledger import list_events_of
from tests.factories.cast import World
from tests.factories.conversations import (
    a_conversation,
    a_promise,
    leo_closes,
    leo_replies,
    member,
    moment,
    read,
)
from tests.factories.escalations import A_PACKET, a_pod, leo_escalates, read_escalation

NOW = moment(hours=1)


def test_an_escalated_conversation_is_the_pods_and_nobodys_yet(world: World) -> None:
    """The packet, who escalated and when are kept."""
    pod_id = a_pod(world, "Acme")
    conversation_id = a_conversation(world, "Acme")
    with db.transaction(world.system_scope("Acme")):
        claim(get_conversation(conversation_id), by=member(world, "Leo"), now=moment())

    leo_escalates(world, "Acme", conversation_id, pod_id, now=NOW)

    conversation = read(world, "Acme", conversation_id)
    assert (conversation.team, conversation.assignee_id) == ("pod", None)
    escalation = read_escalation(world, "Acme", conversation_id)
    assert Packet.from_json(escalation.packet) == A_PACKET
    assert (escalation.escalated_by_name, escalation.escalated_at) == ("Leo", NOW)


def test_the_pods_accept_clock_runs_beside_those_of_the_conversation(world: World) -> None:
    """Handing over stops nothing."""
    a_promise(world, "Acme", first_response_minutes=240)
    pod_id = a_pod(world, "Acme", accept_minutes=30)
    conversation_id = a_conversation(world, "Acme", now=moment())

    leo_escalates(world, "Acme", conversation_id, pod_id, now=NOW)

    with db.transaction(world.system_scope("Acme")):
        clocks = {clock.kind: clock for clock in read_clocks(conversation_id, now=NOW)}
    assert {kind: clock.standing for kind, clock in clocks.items()} == {
        "first_response": "running",
        "resolution": "running",
        "pod_accept": "running",
    }
    assert clocks["pod_accept"].due_at == moment(hours=1, minutes=30)
    assert read(world, "Acme", conversation_id).next_due_at == moment(hours=1, minutes=30)


def test_the_ledger_tells_who_escalated_where_and_why(world: World) -> None:
    """The timeline reads it."""
    pod_id = a_pod(world, "Acme")
    conversation_id = a_conversation(world, "Acme")
    leo_escalates(world, "Acme", conversation_id, pod_id, now=NOW)

    with db.transaction(world.system_scope("Acme")):
        events = list_events_of(conversation_id, workspace_id=world.workspaces["Acme"])
    told = [event for event in events if event.kind == "escalation.created"]
    assert [(event.actor_name, event.data["pod"], event.data["reason"]) for event in told] == [
        ("Leo", "Acme pod", "Needs somebody who knows this client")
    ]


def test_one_that_waits_for_the_shopper_is_taken_up_again(world: World) -> None:
    """Else it would stand in no queue of the pod."""
    pod_id = a_pod(world, "Acme")
    conversation_id = a_conversation(world, "Acme")
    leo_replies(world, "Acme", conversation_id, now=moment(minutes=5), then="pending")

    leo_escalates(world, "Acme", conversation_id, pod_id, now=NOW)

    conversation = read(world, "Acme", conversation_id)
    assert (conversation.status, conversation.is_open) == ("open", True)


def test_what_a_pod_has_cannot_be_escalated_again(world: World) -> None:
    """One escalation at a time."""
    pod_id = a_pod(world, "Acme")
    conversation_id = a_conversation(world, "Acme")
    leo_escalates(world, "Acme", conversation_id, pod_id, now=NOW)

    with pytest.raises(AlreadyEscalated):
        leo_escalates(world, "Acme", conversation_id, pod_id, now=NOW)


def test_a_closed_conversation_cannot_be_escalated(world: World) -> None:
    """There is nothing left to do."""
    pod_id = a_pod(world, "Acme")
    conversation_id = a_conversation(world, "Acme")
    leo_closes(world, "Acme", conversation_id, now=NOW)

    with pytest.raises(ConversationClosed):
        leo_escalates(world, "Acme", conversation_id, pod_id, now=NOW)


def test_a_pod_without_people_takes_nothing(world: World) -> None:
    """Birch has a pod, but nobody holds a pod role there: the work would vanish."""
    pod_id = a_pod(world, "Birch")
    conversation_id = a_conversation(world, "Birch")

    with pytest.raises(PodClosed, match="Nobody works in Birch pod yet"):
        leo_escalates(world, "Birch", conversation_id, pod_id, now=NOW)
    assert read(world, "Birch", conversation_id).team == "l1"


def test_another_brands_pod_is_unknown(world: World) -> None:
    """A pod belongs to one client."""
    pod_id = a_pod(world, "Acme")
    conversation_id = a_conversation(world, "Birch")

    with pytest.raises(NotFound):
        leo_escalates(world, "Birch", conversation_id, pod_id, now=NOW)
