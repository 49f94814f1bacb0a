"""Why a review cannot be taken, saved or published."""

from collections.abc import Mapping

from tenants.errors import DomainError


class OwnReview(DomainError):
    """Nobody reviews their own conversation."""

    status = 409
    message = "You took part in this conversation, so somebody else reviews it."


class NotYourReview(DomainError):
    """Somebody else is on it; taking it over is a decision, not an accident."""

    status = 409

    def __init__(self, reviewer_name: str | None) -> None:
        super().__init__(
            f"{reviewer_name} reviews this conversation. Take it over to change it."
            if reviewer_name
            else "Take this review before you change it."
        )


class ReviewPublished(DomainError):
    """The score is final."""

    status = 409
    message = "This review is published; its score is final."


class BadAnswers(DomainError):
    """Some answers do not fit scorecard or conversation; `messages` says which, by field."""

    def __init__(self, messages: Mapping[str, str]) -> None:
        super().__init__(next(iter(messages.values())))
        self.messages = messages
