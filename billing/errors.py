"""Refusals of the money side, each one sentence for the person."""

from tenants.errors import DomainError


class InvalidEntitlements(DomainError):
    """A tier version or an override names an unknown key, or a value of the wrong type."""

    status = 422
    message = "These entitlements cannot be saved."


class TierVersionInUse(DomainError):
    """A tier version that a contract was made on never changes again."""

    status = 409
    message = "A client already pays for this version. Make a new version instead."


class LimitReached(DomainError):
    """The contract does not include more of this; the sentence names what would lift it."""

    status = 409
    message = "The tier does not include this."


class AlreadyContracted(DomainError):
    """A workspace has one contract at a time."""

    status = 409
    message = "This client already has a contract."


class NoBillingAccount(DomainError):
    """The agency has not said how its clients pay."""

    status = 409
    message = "Set up how clients pay before you open a payment page."


class AlreadyPaid(DomainError):
    """A workspace that has paid needs no second checkout."""

    status = 409
    message = "This client has paid already. There is nothing to pay now."


class CheckoutOver(DomainError):
    """The payment page was left open too long, or has been paid already."""

    status = 409
    message = "This payment page is closed. Start again from the client's billing page."


class CardDeclined(DomainError):
    """The bank said no; nothing was charged."""

    status = 402
    message = "The card was declined. Nothing was charged. Try another card."


class UnknownTestCard(DomainError):
    """The form named a card the sandbox does not have."""

    status = 422
    message = "Choose one of the test cards."


class BadSignature(DomainError):
    """A webhook whose sender could not be proved. Says nothing more, on purpose."""

    status = 400
    message = "Bad request."


class GatewayRefused(DomainError):
    """The payment provider understood the request and refused it."""

    status = 409
    message = "The payment provider refused this. Nothing was charged."


class GatewayUnavailable(DomainError):
    """The payment provider could not be reached; the same call may be repeated safely."""

    status = 503
    message = "The payment provider does not answer. Nothing was charged. Try again in a minute."
