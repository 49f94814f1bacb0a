"""What this person may do with a conversation now: one answer for showing and for doing."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from app.conversations.models import Conversation
from app.escalations.errors import PodHasIt
from tenants.errors import DomainError
from tenants.members.access import Access
from tenants.permissions import Permission

Obstacle = Literal["closed", "pod", "unclaimed", "somebody_elses", "not_allowed"]


class ClaimFirst(DomainError):
    """Whoever answers has it: nobody answers twice."""

    status = 409
    message = "Claim this conversation first."

    def __init__(self, assignee_name: str | None) -> None:
        has_it = f"{assignee_name} has this conversation; only they answer it."
        super().__init__(has_it if assignee_name else None, field="body")


@dataclass(frozen=True)
class Abilities:
    """What the page offers."""

    obstacle: Obstacle | None
    is_mine: bool
    may_note: bool
    may_claim: bool
    may_escalate: bool
    serves_pod: bool

    @property
    def may_reply(self) -> bool:
        """Whether nothing stands between this person and an answer."""
        return self.obstacle is None


def abilities_of(access: Access, conversation: Conversation) -> Abilities:
    """What `access` may do with `conversation` as it stands."""
    may_write = _may(access, Permission.CONVERSATIONS_REPLY, conversation.workspace_id)
    serves_pod = _may(access, Permission.ESCALATIONS_ACCEPT, conversation.workspace_id)
    is_mine = conversation.assignee_id == access.member_id
    is_with_l1 = conversation.team == "l1"
    obstacle = _obstacle(conversation, may_write=may_write, serves_pod=serves_pod, is_mine=is_mine)
    return Abilities(
        obstacle=obstacle,
        is_mine=is_mine,
        may_note=may_write,
        may_claim=obstacle == "unclaimed"
        and is_with_l1
        and _may(access, Permission.CONVERSATIONS_CLAIM, conversation.workspace_id),
        may_escalate=may_write and is_with_l1 and not conversation.is_closed,
        serves_pod=serves_pod,
    )


def check_has_it(access: Access, conversation: Conversation) -> None:
    """For replies and changes of status. Raises: PodHasIt, ClaimFirst (naming who has it)."""
    match abilities_of(access, conversation).obstacle:
        case "pod":
            raise PodHasIt
        case "unclaimed" | "somebody_elses":
            raise ClaimFirst(conversation.assignee_name)


def _obstacle(
    conversation: Conversation, *, may_write: bool, serves_pod: bool, is_mine: bool
) -> Obstacle | None:
    if not may_write:
        return "not_allowed"
    if conversation.is_closed:
        return "closed"
    if conversation.team == "pod" and not serves_pod:
        return "pod"
    if is_mine:
        return None
    return "unclaimed" if conversation.assignee_id is None else "somebody_elses"


def _may(access: Access, permission: Permission, workspace_id: UUID) -> bool:
    return workspace_id in access.workspaces_for(permission)
