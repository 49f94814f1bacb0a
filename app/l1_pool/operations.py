"""Claiming and releasing: two agents at once, one wins and the other is told who did."""

from datetime import datetime

import sqlalchemy as sa

from app.conversations.models import Conversation
from app.conversations.queries import lock_conversation
from app.l1_pool.errors import AlreadyClaimed, CapacityReached, NotInPool, NotYours
from app.l1_pool.queries import count_open_of, in_pool, soonest_first
from tenants.context import Actor
from tenants.db import db
from tenants.ledger import record

CAPACITY = 25
"""Open conversations one agent may hold, counted over all brands."""


def claim(conversation: Conversation, *, by: Actor, now: datetime) -> None:
    """Make `by` the assignee of a conversation that nobody has; claiming one's own changes nothing.

    Raises: AlreadyClaimed (naming who), NotInPool, CapacityReached.
    """
    if conversation.assignee_id == by.id:
        return
    _check_capacity(by)
    won = db.session.execute(
        sa.update(Conversation)
        .where(
            Conversation.workspace_id == conversation.workspace_id,
            Conversation.id == conversation.id,
            Conversation.assignee_id.is_(None),
            Conversation.team == "l1",
            Conversation.status != "closed",
        )
        .values(_assigned_to(by, now))
        .returning(Conversation.id)
        .execution_options(synchronize_session=False)
    ).first()
    db.session.refresh(conversation)
    if won is None:
        raise _refusal(conversation)
    record("conversation.claimed", conversation, actor=by, at=now)


def claim_next(*, by: Actor, now: datetime) -> Conversation | None:
    """Claim what is due soonest in the pool of the scope; None when the pool is empty.

    Rows another agent is claiming this moment are passed over. Raises: CapacityReached.
    """
    _check_capacity(by)
    conversation = db.session.scalar(
        sa.select(Conversation)
        .where(in_pool())
        .order_by(*soonest_first())
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if conversation is None:
        return None
    for name, value in _assigned_to(by, now).items():
        setattr(conversation, name, value)
    record("conversation.claimed", conversation, actor=by, at=now)
    return conversation


def release(conversation: Conversation, *, by: Actor, now: datetime) -> None:
    """Put a conversation back into the pool.

    Raises: NotYours, NotInPool while a pod has it: pods hand back with a note instead.
    """
    conversation = lock_conversation(conversation)
    if conversation.team != "l1":
        raise NotInPool("The pod has this conversation; hand it back instead.")
    if conversation.assignee_id != by.id:
        raise NotYours(conversation.assignee_name)
    conversation.assignee_id = conversation.assignee_name = conversation.claimed_at = None
    conversation.version += 1
    record("conversation.released", conversation, actor=by, at=now)


def _assigned_to(by: Actor, now: datetime) -> dict[str, object]:
    return {
        "assignee_id": by.id,
        "assignee_name": by.name,
        "claimed_at": now,
        "version": Conversation.version + 1,
    }


def _check_capacity(by: Actor) -> None:
    if count_open_of(by) >= CAPACITY:
        raise CapacityReached(
            f"You have {CAPACITY} open conversations. Close or release one before you claim more."
        )


def _refusal(conversation: Conversation) -> AlreadyClaimed | NotInPool:
    if conversation.is_closed:
        return NotInPool("This conversation is closed; reopen it first.")
    if conversation.team != "l1":
        return NotInPool("This conversation was escalated; the pod has it.")
    return AlreadyClaimed(conversation.assignee_name)
