"""Refusals of reports."""

from tenants.errors import DomainError


class BadPeriod(DomainError):
    """A period nobody can report on."""

    message = "Choose a first day and a last day that are not in the future."


class NotReady(DomainError):
    """The document is not there yet."""

    status = 409
    message = "This report is still being made."


class MailUnderway(DomainError):
    """It was accepted already, or is on its way."""

    status = 409
    message = "This report has arrived there, or is on its way."
