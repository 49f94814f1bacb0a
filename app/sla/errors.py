"""Refusals of service levels."""

from tenants.errors import DomainError


class BadTargets(DomainError):
    """A policy without a target, or with one that is no time."""

    message = "Each target needs a first response and a resolution time of at least a minute."
