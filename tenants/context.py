"""Who is acting, and which workspaces they may touch."""

from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

ActorKind = Literal["member", "contact", "system"]


@dataclass(frozen=True)
class Actor:
    """Who does something, as the ledger names them."""

    kind: ActorKind
    id: UUID | None
    name: str


@dataclass(frozen=True)
class Scope:
    """What one transaction may read and write.

    `agency_wide` opens the rows that belong to the agency itself and to no workspace (its ledger
    rows, its jobs); agency people have it, client staff and work for one workspace do not.
    """

    agency_id: UUID
    workspace_ids: frozenset[UUID]
    actor: Actor
    agency_wide: bool = False

    @property
    def only_workspace_id(self) -> UUID | None:
        """The workspace, when there is exactly one."""
        return next(iter(self.workspace_ids)) if len(self.workspace_ids) == 1 else None

    def narrowed_to(self, workspace_id: UUID) -> "Scope":
        """The same actor, in one workspace only; the workspace must be in the scope."""
        if workspace_id not in self.workspace_ids:
            message = f"workspace {workspace_id} is not in the scope"
            raise ValueError(message)
        return replace(self, workspace_ids=frozenset({workspace_id}), agency_wide=False)

    def opening(self, workspace_id: UUID) -> "Scope":
        """The same actor, able to write the workspace that is being opened under this new id."""
        return replace(self, workspace_ids=self.workspace_ids | {workspace_id})


SYSTEM = Actor(kind="system", id=None, name="system")
