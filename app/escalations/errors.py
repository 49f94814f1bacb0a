"""Why a conversation cannot be escalated, accepted, answered or handed back."""

from tenants.errors import DomainError


class AlreadyEscalated(DomainError):
    """A pod has it already."""

    status = 409
    message = "This conversation is with the pod already."


class PodClosed(DomainError):
    """Nobody would see it there."""

    status = 409

    def __init__(self, pod_name: str) -> None:
        super().__init__(f"Nobody works in {pod_name} yet; add somebody to it first.", field="pod")


class PacketIncomplete(DomainError):
    """One of the five required fields is empty."""

    def __init__(self, field: str) -> None:
        super().__init__("The pod needs this to go on without asking. Fill it in.", field=field)


class AlreadyAccepted(DomainError):
    """Somebody of the pod was first."""

    status = 409

    def __init__(self, accepted_by_name: str | None) -> None:
        super().__init__(f"{accepted_by_name or 'Somebody else'} accepted this first.")


class EscalationEnded(DomainError):
    """It was handed back or closed meanwhile."""

    status = 409
    message = "This escalation is over; the conversation is no longer with the pod."


class NoteMissing(DomainError):
    """Handing back without a word would only bounce the work."""

    message = "Say what L1 needs to know to go on."

    def __init__(self) -> None:
        super().__init__(field="note")


class PodHasIt(DomainError):
    """L1 reads along, but does not answer."""

    status = 409
    message = "The pod has this conversation. You can read along and leave notes."

    def __init__(self) -> None:
        super().__init__(field="body")
