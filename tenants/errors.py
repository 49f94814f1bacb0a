"""Expected refusals: raised by operations, rendered once in `app/errors.py`."""


class DomainError(Exception):
    """A refusal with one sentence for the person; `field` names the form field it belongs to."""

    status: int = 422
    message: str = "This could not be done."

    def __init__(self, message: str | None = None, *, field: str | None = None) -> None:
        super().__init__(message or self.message)
        self.message = message or self.message
        self.field = field


class NotFound(DomainError):
    """The row does not exist, or is out of scope: both answer the same."""

    status = 404
    message = "This page does not exist."


class NotSignedIn(DomainError):
    """Nobody is signed in; the page answers with the way to the sign-in form."""

    status = 401
    message = "Please sign in."


class NotAllowed(DomainError):
    """The member is known here but lacks the permission."""

    status = 403
    message = "Your role does not include this."


class NoScope(RuntimeError):
    """A defect: data was asked for outside a transaction, or a second scope was opened in one."""


class OutOfScope(RuntimeError):
    """A defect: a row of a workspace outside the scope was about to be written."""
