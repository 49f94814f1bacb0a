"""What a report knows: plain values, collected once and kept with the document.

Times are seconds. `business` counts open hours of the client's calendar without pauses, `calendar`
every hour. Names of people are in none of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from app.reports.formulas import Attainment, Share, Spread
from app.reports.periods import Period
from app.reports.stored import read, write

PROMISES = ("first_response", "resolution", "pod_accept")
BACKLOG_DAYS = (1, 3, 7)
"""Where the age bands of the backlog begin."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of one kind; `name` is the kind's code."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Measure:
    """The same lengths by the contract's clock and by the shopper's."""

    business: Spread
    calendar: Spread


@dataclass(frozen=True, slots=True)
class Escalations:
    """What was handed to the pod. `accepted_in` is business time."""

    rate: Share
    bounced: Share
    complete: Share
    accepted_in: Spread


@dataclass(frozen=True, slots=True)
class Kept:
    """One target and how it was kept."""

    kind: str
    target_minutes: int
    result: Attainment


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """One criterion of the scorecard over n ratings; `mean` is a share of its scale."""

    name: str
    is_critical: bool
    mean: float
    n: int
    main_cause: str | None


@dataclass(frozen=True, slots=True)
class Quality:
    """Reviews of the random stream; the targeted ones are counted apart.

    `score` (0 to 100) and its interval are None below the smallest number that carries a score.
    """

    n: int
    score: float | None
    low: float | None
    high: float | None
    passed: Share
    critical_failures: int
    eligible: int
    drawn: int
    targeted: int
    criteria: tuple[CriterionScore, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """Words of a reviewed conversation, made anonymous, and what they show."""

    topic: str | None
    day: date
    text: str
    criterion: str
    verdict: str
    is_good: bool
    cause: str | None


@dataclass(frozen=True, slots=True)
class Week:
    """One week of the period: the promises that began in it, and the usual waits."""

    first: date
    until: date
    opened: int
    first_response: Share
    resolution: Share
    answered_in: float | None
    resolved_in: float | None


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """Everything counted over one period."""

    first: date
    until: date
    opened: int
    automatic: int
    per_day: tuple[int, ...]
    per_hour: tuple[tuple[int, ...], ...]
    topics: tuple[Counted, ...]
    channels: tuple[Counted, ...]
    closed: int
    replies: int
    answered_in: Measure
    resolved_in: Measure
    kept: tuple[Kept, ...]
    late_topics: tuple[Counted, ...]
    late_weekdays: tuple[int, ...]
    escalations: Escalations
    reopened: Share
    one_touch: Share
    backlog: tuple[int, ...]
    quality: Quality

    @property
    def period(self) -> Period:
        """The days it is about."""
        return Period(self.first, self.until)

    def promise(self, kind: str) -> Attainment:
        """All targets of one kind together."""
        results = [kept.result for kept in self.kept if kept.kind == kind]
        excluded: dict[str, int] = {}
        for result in results:
            for reason, count in result.excluded.items():
                excluded[reason] = excluded.get(reason, 0) + count
        return Attainment(
            met=sum(result.met for result in results),
            breached=sum(result.breached for result in results),
            undecided=sum(result.undecided for result in results),
            excluded=excluded,
        )

    def count_of(self, topic: str) -> int:
        """Conversations opened about this topic."""
        return next((each.count for each in self.topics if each.name == topic), 0)


@dataclass(frozen=True, slots=True)
class Facts:
    """A client's period, and the one before it."""

    client: str
    agency: str
    zone: str
    hours: str
    policy: str | None
    definitions_version: int
    current: PeriodFacts
    previous: PeriodFacts
    weeks: tuple[Week, ...]
    examples: tuple[Example, ...]

    def to_json(self) -> dict[str, Any]:
        """What a report stores."""
        stored: dict[str, Any] = write(self)
        return stored

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The facts a report was made from."""
        return read(cls, stored)
