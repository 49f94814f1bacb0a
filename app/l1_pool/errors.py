"""Why a conversation cannot be claimed or released."""

from tenants.errors import DomainError


class AlreadyClaimed(DomainError):
    """Somebody else was first."""

    status = 409

    def __init__(self, assignee_name: str | None) -> None:
        super().__init__(f"{assignee_name or 'Somebody else'} claimed this conversation first.")


class NotInPool(DomainError):
    """The conversation is closed, or it is the pod's."""

    status = 409


class CapacityReached(DomainError):
    """The agent has as many open conversations as one person can look after."""

    status = 409


class NotYours(DomainError):
    """Only its assignee can release a conversation."""

    status = 409

    def __init__(self, assignee_name: str | None) -> None:
        has_it = f"{assignee_name} has this conversation" if assignee_name else "Nobody has it"
        super().__init__(f"{has_it}; only its assignee can put it back into the pool.")
