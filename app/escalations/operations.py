"""The way to a pod and back: escalate with a packet, accept, hand back with a note."""

from datetime import datetime
from uuid import UUID

from app.conversations.errors import ConversationClosed
from app.conversations.models import Conversation
from app.conversations.operations.closing import resume
from app.conversations.operations.replying import add_note
from app.conversations.queries import lock_conversation
from app.escalations.errors import (
    AlreadyAccepted,
    AlreadyEscalated,
    EscalationEnded,
    NoteMissing,
    PodClosed,
)
from app.escalations.models import Escalation, Pod
from app.escalations.packet import Packet, draft_packet
from app.escalations.queries import find_open_escalation, get_record, has_people
from app.sla.operations import give_up_pod_accept, meet_pod_accept, start_pod_accept
from tenants.context import Actor
from tenants.db import db
from tenants.ledger import record


def prefill_packet(conversation: Conversation, *, now: datetime) -> Packet:
    """The packet as far as the record fills it; every field can still be corrected."""
    return draft_packet(get_record(conversation), now=now)


def check_escalatable(conversation: Conversation) -> None:
    """Raises: ConversationClosed, AlreadyEscalated."""
    if conversation.is_closed:
        raise ConversationClosed("This conversation is closed. Reopen it to escalate it.")
    if find_open_escalation(conversation) is not None:
        raise AlreadyEscalated


def escalate(
    conversation: Conversation,
    *,
    to: Pod,
    packet: Packet,
    reason: str,
    by: Actor,
    now: datetime,
) -> Escalation:
    """Hand a conversation from the L1 pool to a pod; its SLA clocks keep running.

    One that waited for the shopper is taken up again: the pod's work belongs in its queue.

    Raises: AlreadyEscalated, ConversationClosed, PodClosed, PacketIncomplete (naming the field).
    """
    packet.check_complete()
    lock_conversation(conversation)
    check_escalatable(conversation)
    if not has_people(to):
        raise PodClosed(to.name)
    escalation = Escalation(
        workspace_id=conversation.workspace_id,
        conversation_id=conversation.id,
        pod_id=to.id,
        packet=packet.to_json(),
        reason=reason,
        escalated_by_id=_member_id(by),
        escalated_by_name=by.name,
        escalated_at=now,
    )
    db.session.add(escalation)
    resume(conversation, by=by, now=now)
    _give(conversation, team="pod", assignee=None, now=now)
    start_pod_accept(conversation, minutes=to.accept_minutes, now=now)
    record(
        "escalation.created",
        conversation,
        actor=by,
        at=now,
        data={"escalation_id": str(escalation.id), "pod": to.name, "reason": reason},
    )
    return escalation


def accept(escalation: Escalation, conversation: Conversation, *, by: Actor, now: datetime) -> None:
    """Make `by`, of the pod, the one who works on it; ends the pod's accept clock.

    Raises: AlreadyAccepted (naming who), EscalationEnded.
    """
    _lock(escalation, conversation)
    if escalation.accepted_by_id == by.id:
        return
    if escalation.accepted_at is not None:
        raise AlreadyAccepted(escalation.accepted_by_name)
    escalation.accepted_by_id, escalation.accepted_by_name = by.id, by.name
    escalation.accepted_at = now
    _give(conversation, team="pod", assignee=by, now=now)
    meet_pod_accept(conversation, now=now)
    record("escalation.accepted", conversation, actor=by, at=now)


def hand_back(
    escalation: Escalation, conversation: Conversation, *, note: str, by: Actor, now: datetime
) -> None:
    """Return it to the L1 pool with what L1 needs to go on, which also stands as a note.

    Raises: NoteMissing, EscalationEnded.
    """
    if not note.strip():
        raise NoteMissing
    _lock(escalation, conversation)
    escalation.handed_back_at = escalation.ended_at = now
    escalation.hand_back_note = note.strip()
    _give(conversation, team="l1", assignee=None, now=now)
    give_up_pod_accept(conversation, now=now)
    record("escalation.handed_back", conversation, actor=by, at=now)
    add_note(conversation, body=note.strip(), author=by, now=now)


def end_escalation(escalation: Escalation, conversation: Conversation, *, now: datetime) -> None:
    """The pod answered and closed it; if it reopens, it comes back to whoever closed it.

    Raises: EscalationEnded.
    """
    _lock(escalation, conversation)
    escalation.ended_at = now
    conversation.team = "l1"
    give_up_pod_accept(conversation, now=now)
    record("escalation.ended", conversation, at=now)


def _lock(escalation: Escalation, conversation: Conversation) -> None:
    lock_conversation(conversation)
    db.session.refresh(escalation)
    if escalation.ended_at is not None:
        raise EscalationEnded


def _give(conversation: Conversation, *, team: str, assignee: Actor | None, now: datetime) -> None:
    conversation.team = team
    conversation.assignee_id = assignee.id if assignee else None
    conversation.assignee_name = assignee.name if assignee else None
    conversation.claimed_at = now if assignee else None
    conversation.version += 1


def _member_id(by: Actor) -> UUID:
    if by.id is None:
        message = "only a member can escalate"
        raise ValueError(message)
    return by.id
