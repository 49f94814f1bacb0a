"""Refusals of the console."""

from tenants.errors import DomainError


class NoTier(DomainError):
    """Without a contract there is nothing to pay."""

    status = 409
    message = "This client has no tier yet, so there is nothing to pay."
