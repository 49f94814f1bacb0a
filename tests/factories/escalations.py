"""Pods and escalations, committed; each call is one transaction of its own."""

from datetime import datetime
from uuid import UUID

from app.conversations.queries import get_conversation
from app.escalations.models import Escalation, Pod
from app.escalations.operations import accept, escalate, hand_back
from app.escalations.packet import Packet
from app.escalations.queries import get_open_escalation, get_pod
from tenants.db import db, new_id
from tests.factories.cast import BORN, World
from tests.factories.conversations import member

A_PACKET = Packet(
    identity="Sam Shopper <sam@shopper.example>\nOrder 1042",
    intent="Wants the lost parcel replaced",
    actions_taken="Carrier asked; no scan for five days",
    transcript="Sam: It should have come on Monday.",
    priority_cues="Second conversation this week",
)


def a_pod(world: World, brand: str, *, accept_minutes: int = 60) -> UUID:
    """The pod of a brand; who is in it is a matter of roles."""
    with db.transaction(world.system_scope(brand)) as session:
        pod = Pod(
            id=new_id(),
            workspace_id=world.workspaces[brand],
            name=f"{brand} pod",
            accept_minutes=accept_minutes,
            created_at=BORN,
        )
        session.add(pod)
        return pod.id


def leo_escalates(
    world: World,
    brand: str,
    conversation_id: UUID,
    pod_id: UUID,
    *,
    now: datetime,
    packet: Packet = A_PACKET,
) -> UUID:
    """L1 hands the conversation to the pod; returns the escalation's id."""
    with db.transaction(world.system_scope(brand)):
        escalation = escalate(
            get_conversation(conversation_id),
            to=get_pod(pod_id, workspace_id=world.workspaces[brand]),
            packet=packet,
            reason="Needs somebody who knows this client",
            by=member(world, "Leo"),
            now=now,
        )
        return escalation.id


def pia_accepts(
    world: World, brand: str, conversation_id: UUID, *, now: datetime, by: str = "Pia"
) -> None:
    """Somebody of the pod takes it."""
    with db.transaction(world.system_scope(brand)):
        conversation = get_conversation(conversation_id)
        accept(get_open_escalation(conversation), conversation, by=member(world, by), now=now)


def pia_hands_back(
    world: World, brand: str, conversation_id: UUID, *, note: str, now: datetime
) -> None:
    """The pod returns it to L1."""
    with db.transaction(world.system_scope(brand)):
        conversation = get_conversation(conversation_id)
        hand_back(
            get_open_escalation(conversation),
            conversation,
            note=note,
            by=member(world, "Pia"),
            now=now,
        )


def read_escalation(world: World, brand: str, conversation_id: UUID) -> Escalation:
    """The escalation that is going on, as stored, detached."""
    with db.transaction(world.system_scope(brand)):
        return get_open_escalation(get_conversation(conversation_id))
