"""Refusals while a client is being opened."""

from tenants.errors import DomainError


class OpeningUnderWay(DomainError):
    """What is being made, or is made, is no longer a draft."""

    status = 409
    message = "This client is being opened already. Its choices cannot be changed here any more."


class ChoicesMissing(DomainError):
    """A part of the form was never saved."""

    status = 409
    message = "Some steps are not filled in yet."


class NameTaken(DomainError):
    """The word for the address is used by another client, or by somebody else."""

    message = "This address is taken. Choose another one."


class BadAddress(DomainError):
    """Not a mail address; the sentence says which one."""

    message = "This is not a mail address."


class AddressInUse(DomainError):
    """Mail to one address can reach one brand only."""

    message = "Another inbox already receives mail at this address."


class UnknownPolicy(DomainError):
    """A policy the blueprint does not have."""

    message = "Choose a policy."


class NotAClientPerson(DomainError):
    """People of the agency do not become people of its clients."""

    message = "This address belongs to one of your own people. Name somebody at the client."


class BeyondTier(DomainError):
    """The tier includes less than what was chosen before."""

    message = "This tier includes less than you chose."
