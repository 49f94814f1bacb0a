"""Where service stands: our own states, derived from the provider's status.

Source: reference "billing", service states. What follows a missed payment (grace, restricted,
suspended) runs on days of our own and comes with dunning; until then such a status changes nothing.
"""

from collections.abc import Iterable
from enum import StrEnum


class State(StrEnum):
    """What a workspace may do, by how it is paid."""

    DRAFT = "draft"
    LIVE = "live"
    GRACE = "grace"
    RESTRICTED = "restricted"
    SUSPENDED = "suspended"
    ENDED = "ended"
    ARCHIVED = "archived"
    PURGED = "purged"


_PAID = frozenset({"active", "trialing"})


def derive_service_state(statuses: Iterable[str], *, current: State) -> State:
    """The state that follows from the provider's subscriptions of one workspace.

    A paid subscription makes it live. One that never began leaves a draft a draft, and another
    attempt that stays incomplete does not take a live workspace back.
    """
    return State.LIVE if _PAID.intersection(statuses) else current
