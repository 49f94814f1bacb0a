"""Refusals of the quarantine."""

from tenants.errors import DomainError


class AlreadySettled(DomainError):
    """Somebody released or discarded this mail before."""

    status = 409
    message = "This mail has been released or discarded already."


class StillUnreadable(DomainError):
    """The mail was read again and still cannot be filed; it stays in quarantine."""

    status = 409
    message = "This mail still cannot be read. It stays here; its raw source can be downloaded."
