"""Refusals of conversations."""

from tenants.errors import DomainError


class ConversationClosed(DomainError):
    """Answering a closed conversation: it has to be reopened first."""

    status = 409
    message = "This conversation is closed. Reopen it to reply."


class NotReopenable(DomainError):
    """A message of the contact came too long after closing: it starts a new conversation."""

    status = 409
    message = "This conversation was closed too long ago to be reopened."


class StaleReply(DomainError):
    """Something was said since the page was loaded; the message names who and what."""

    status = 409
    message = "Something was added to this conversation while you were writing. Read it first."


class EmptyMessage(DomainError):
    """A reply or note without words."""

    message = "Write something first."


class MessageTooLong(DomainError):
    """More text than a mail should carry."""

    message = "This is too long: at most 100,000 characters."


class DeliveryUnderway(DomainError):
    """Sending again what was accepted, or is being sent."""

    status = 409
    message = "This message is sent or being sent; sending it again would deliver it twice."
