"""A filled scorecard: what was answered per criterion, what it scores, and what is missing.

Form fields are named after what they hold and the criterion: `value-tone`, `comment-tone`,
`cause-tone`, `quotes-tone`. Messages stand under the same names.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.quality.criteria import Criterion
from app.quality.formulas import Rating, review_score

CAUSE_BELOW = 0.5
"""A rating with a lower share of its scale needs a root cause."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of one message, attached to a criterion as evidence."""

    message_id: UUID
    text: str

    def to_json(self) -> dict[str, str]:
        """What a review stores."""
        return {"message_id": str(self.message_id), "text": self.text}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reviewer says to one criterion; without a value it is not rated yet, or never will."""

    value: int | None = None
    is_not_applicable: bool = False
    comment: str = ""
    root_cause: str | None = None
    quotes: tuple[Quote, ...] = ()

    @property
    def is_given(self) -> bool:
        """Whether the reviewer has decided: a value, or not applicable."""
        return self.value is not None or self.is_not_applicable

    def to_json(self) -> dict[str, Any]:
        """What a review stores."""
        return {
            "value": self.value,
            "is_not_applicable": self.is_not_applicable,
            "comment": self.comment,
            "root_cause": self.root_cause,
            "quotes": [quote.to_json() for quote in self.quotes],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Answer":
        """An answer as it was stored."""
        quotes = tuple(Quote(UUID(each["message_id"]), each["text"]) for each in stored["quotes"])
        return cls(**{**stored, "quotes": quotes})


Answers = Mapping[str, Answer]
NO_ANSWER = Answer()


def read_answers(stored: Mapping[str, Any]) -> dict[str, Answer]:
    """The answers of a review by criterion code."""
    return {code: Answer.from_json(each) for code, each in stored.items()}


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a scorecard is filled, and what it comes to."""

    score: float | None
    given: int
    asked: int
    failed: tuple[Criterion, ...]  # the critical ones


def standing_of(criteria: Sequence[Criterion], answers: Answers) -> Standing:
    """The score as it stands, 0 to 100; None while nothing with a weight is rated."""
    ratings = {criterion: _rating(criterion, answers) for criterion in criteria}
    return Standing(
        score=review_score(ratings.values()),
        given=sum(answers.get(each.code, NO_ANSWER).is_given for each in criteria),
        asked=len(criteria),
        failed=tuple(each for each, rating in ratings.items() if rating.is_critical_failure),
    )


def missing_for_publication(criteria: Iterable[Criterion], answers: Answers) -> dict[str, str]:
    """What still has to be said before the score is final: one sentence by form field."""
    missing = {}
    for criterion in criteria:
        answer = answers.get(criterion.code, NO_ANSWER)
        if not answer.is_given:
            missing[f"value-{criterion.code}"] = "Rate this, or mark it as not applicable."
        elif needs_cause(criterion, answer) and answer.root_cause is None:
            missing[f"cause-{criterion.code}"] = "Choose what caused this."
    return missing


def needs_cause(criterion: Criterion, answer: Answer) -> bool:
    """Whether the rating is so low that its root cause must be named."""
    share = criterion.rated(answer.value).share
    return share is not None and share < CAUSE_BELOW


def _rating(criterion: Criterion, answers: Answers) -> Rating:
    return criterion.rated(answers.get(criterion.code, NO_ANSWER).value)
