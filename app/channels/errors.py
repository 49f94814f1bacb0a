"""Refusals of inboxes."""

from tenants.errors import DomainError


class AddressTaken(DomainError):
    """The brand already has an inbox with this address."""

    status = 409
    message = "This address is already in use."
