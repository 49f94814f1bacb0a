"""Finding pods and escalations of the scope."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from app.contacts.models import Contact
from app.conversations.models import Conversation, Message
from app.escalations.errors import EscalationEnded
from app.escalations.models import Escalation, Pod
from app.escalations.packet import Record
from tenants.db import db
from tenants.errors import NotFound
from tenants.members.models import WorkspaceRole
from tenants.permissions import Permission, Role, permissions_of
from tenants.workspaces.queries import get_workspace

_POD_ROLES = tuple(
    role
    for role in Role
    if role.value.startswith("pod_")
    and Permission.ESCALATIONS_ACCEPT in permissions_of(frozenset({role}))
)


def get_pod(pod_id: UUID, *, workspace_id: UUID) -> Pod:
    """A pod of this workspace. Raises: NotFound."""
    pod = db.session.scalar(
        sa.select(Pod).where(Pod.workspace_id == workspace_id, Pod.id == pod_id)
    )
    if pod is None:
        raise NotFound
    return pod


def list_pods(workspace_id: UUID) -> Sequence[Pod]:
    """The pods of a workspace, by name."""
    return db.session.scalars(
        sa.select(Pod).where(Pod.workspace_id == workspace_id).order_by(Pod.name)
    ).all()


def get_open_escalation(conversation: Conversation) -> Escalation:
    """The escalation that is going on now. Raises: EscalationEnded."""
    escalation = find_open_escalation(conversation)
    if escalation is None:
        raise EscalationEnded
    return escalation


def find_open_escalation(conversation: Conversation) -> Escalation | None:
    """The escalation that is going on now, if one is."""
    return db.session.scalar(
        sa.select(Escalation).where(
            Escalation.workspace_id == conversation.workspace_id,
            Escalation.conversation_id == conversation.id,
            Escalation.ended_at.is_(None),
        )
    )


def has_people(pod: Pod) -> bool:
    """Whether anybody holds a pod role in its workspace."""
    return db.session.scalars(
        sa.select(
            sa.exists().where(
                WorkspaceRole.workspace_id == pod.workspace_id, WorkspaceRole.role.in_(_POD_ROLES)
            )
        )
    ).one()


def get_record(conversation: Conversation) -> Record:
    """What the packet is drafted from."""
    workspace_id = conversation.workspace_id
    earlier = (
        sa.select(sa.func.count())
        .select_from(Conversation)
        .where(
            Conversation.workspace_id == workspace_id,
            Conversation.contact_id == conversation.contact_id,
            Conversation.id != conversation.id,
            Conversation.created_at < conversation.created_at,
        )
    )
    messages = (
        sa.select(Message)
        .where(Message.workspace_id == workspace_id, Message.conversation_id == conversation.id)
        .order_by(Message.created_at, Message.id)
    )
    contact = sa.select(Contact).where(
        Contact.workspace_id == workspace_id, Contact.id == conversation.contact_id
    )
    return Record(
        conversation=conversation,
        contact=db.session.scalars(contact).one(),
        messages=db.session.scalars(messages).all(),
        earlier_conversations=db.session.scalars(earlier).one(),
        zone=get_workspace(workspace_id).time_zone,
    )
