"""What a scorecard asks: its criteria, and how each is scaled."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app.quality.formulas import Rating

_WORDS_OF_TWO = {False: ("No", "Yes"), True: ("Failed", "Passed")}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One question of a scorecard, with a scale of 2 to 5 points; weight is out of 100 in all.

    A critical one has no weight of its own: failing it brings the review to 0.
    """

    code: str
    name: str
    help: str
    group: str
    scale: int
    weight: int
    critical: bool = False

    @property
    def points(self) -> tuple[tuple[int, str], ...]:
        """Each value of the scale, worst first, with its word."""
        words = _WORDS_OF_TWO[self.critical] if self.scale == 2 else map(str, range(1, 6))
        return tuple(zip(range(1, self.scale + 1), words, strict=False))

    def rated(self, value: int | None) -> Rating:
        """The rating of this value; None for not applicable or not rated."""
        return Rating(value, self.scale, self.weight, is_critical=self.critical)

    def word(self, value: int | None) -> str:
        """The value as a person reads it: 'Yes', or '4 of 5'."""
        if value is None:
            return "n/a"
        word = dict(self.points)[value]
        return word if self.scale == 2 else f"{word} of {self.scale}"

    def to_json(self) -> dict[str, Any]:
        """What a scorecard version stores."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Criterion":
        """A criterion as it was stored."""
        return cls(**stored)


def read_criteria(stored: Iterable[Mapping[str, Any]]) -> tuple[Criterion, ...]:
    """The criteria of a scorecard version, in its order."""
    return tuple(Criterion.from_json(each) for each in stored)
