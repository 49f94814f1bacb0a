"""Refusals of macros."""

from tenants.errors import DomainError


class BadMacro(DomainError):
    """A text that cannot be filled in: wrong Liquid, or more work than a macro may ask for."""

    message = "This text cannot be filled in."


class MacroNameTaken(DomainError):
    """The brand already has a macro of this name."""

    status = 409
    message = "There is already a macro with this name."
