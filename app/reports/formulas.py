"""What the reported figures mean; `DEFINITIONS_VERSION` is printed with them.

A share carries its counts, so that n always stands beside it. Source: reference "metrics",
definitions.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean

DEFINITIONS_VERSION = 1
FEWEST_FOR_PERCENTILES = 20
REPEAT_WINDOW = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Share:
    """part of n, which may be nothing of nothing."""

    part: int
    n: int

    @property
    def value(self) -> float | None:
        """From 0 to 1; None if n is 0."""
        return self.part / self.n if self.n else None


def percentile(values: Sequence[float], percent: int) -> float | None:
    """The value at rank ⌈percent · n⌉: a real case, never between two. None without values."""
    if not values:
        return None
    rank = max(1, -(-percent * len(values) // 100))
    return sorted(values)[rank - 1]


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and tail of n values; below n = 20 there is no tail to speak of."""

    n: int
    median: float | None
    p90: float | None
    p95: float | None


def spread(values: Sequence[float]) -> Spread:
    """Median, p90 and p95 by nearest rank; only the median below n = 20."""
    has_tail = len(values) >= FEWEST_FOR_PERCENTILES
    return Spread(
        n=len(values),
        median=percentile(values, 50),
        p90=percentile(values, 90) if has_tail else None,
        p95=percentile(values, 95) if has_tail else None,
    )


@dataclass(frozen=True, slots=True)
class SurveyScore:
    """A survey's figure with what it stands on: n answers of those asked."""

    score: float | None
    n: int
    asked: int

    @property
    def response_rate(self) -> float | None:
        """Answers of those asked, 0 to 1; None if nobody was asked."""
        return self.n / self.asked if self.asked else None


def csat(answers: Sequence[int], *, asked: int) -> SurveyScore:
    """The share of answers 4 and 5 on a scale of 5."""
    satisfied = Share(sum(answer >= 4 for answer in answers), len(answers))
    return SurveyScore(satisfied.value, len(answers), asked)


def ces(answers: Sequence[int], *, asked: int) -> SurveyScore:
    """The mean of "easy to get it solved", 1 to 7; see `ces_easy` for the share."""
    return SurveyScore(fmean(answers) if answers else None, len(answers), asked)


def ces_easy(answers: Sequence[int]) -> Share:
    """Effort answers of 5 or more."""
    return Share(sum(answer >= 5 for answer in answers), len(answers))


def nps(answers: Sequence[int], *, asked: int) -> SurveyScore:
    """Share of 9 and 10 minus share of 0 to 6, from -1 to 1."""
    balance = sum((answer >= 9) - (answer <= 6) for answer in answers)
    return SurveyScore(balance / len(answers) if answers else None, len(answers), asked)


@dataclass(frozen=True, slots=True)
class ClockResult:
    """An SLA clock as far as its result goes; without due time while paused."""

    due_at: datetime | None
    met_at: datetime | None = None
    excluded_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Attainment:
    """Clocks by result; the undecided and the excluded are shown but not counted."""

    met: int
    breached: int
    undecided: int
    excluded: Mapping[str, int]

    @property
    def share(self) -> Share:
        """Met of those that are decided."""
        return Share(self.met, self.met + self.breached)


def sla_attainment(clocks: Iterable[ClockResult], *, now: datetime) -> Attainment:
    """Met of met and breached as of `now`: open past due is breached, open and not due is left out.

    Met at the due time is met; exclusions are counted by their reason.
    """
    results: Counter[str] = Counter()
    excluded: Counter[str] = Counter()
    for clock in clocks:
        if clock.excluded_reason is not None:
            excluded[clock.excluded_reason] += 1
        else:
            results[_result(clock, now)] += 1
    return Attainment(results["met"], results["breached"], results["undecided"], dict(excluded))


def _result(clock: ClockResult, now: datetime) -> str:
    if clock.met_at is not None and clock.met_at <= now:
        in_time = clock.due_at is None or clock.met_at <= clock.due_at
        return "met" if in_time else "breached"
    return "breached" if clock.due_at is not None and clock.due_at <= now else "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """A conversation of the period and the facts the rates are made of.

    Merged conversations count once; automatic mail and spam are left out before.
    """

    closed_at: datetime | None = None
    human_replies: int = 0
    was_reopened: bool = False  # by a message of the contact
    wrote_after_answer: bool = False  # other than thanks or confirmation
    came_again: bool = False  # same contact, same topic or order, within 7 days after the close
    came_before: bool = False  # the same, within 7 days before this one
    was_escalated: bool = False
    was_bounced: bool = False  # handed back or escalated again
    packet_fields: int = 0  # of the five
    l1_may_solve: bool = True
    handling_seconds: float | None = None

    @property
    def is_closed(self) -> bool:
        """Whether it was closed in the period."""
        return self.closed_at is not None


PACKET_FIELDS = 5


def one_touch(conversations: Iterable[Handled]) -> Share:
    """Closed with exactly one human reply / closed."""
    closed = _closed(conversations)
    return Share(sum(each.human_replies == 1 for each in closed), len(closed))


def reopen_rate(conversations: Iterable[Handled]) -> Share:
    """Closed and reopened by a contact's message / closed."""
    closed = _closed(conversations)
    return Share(sum(each.was_reopened for each in closed), len(closed))


def first_contact_resolution(
    conversations: Iterable[Handled], *, now: datetime, net: bool = False
) -> Share:
    """Answered, and no further message, no reopen, no return within 7 days / closed.

    Only those closed at least 7 days ago. net leaves out what L1 may not solve.
    """
    settled = [each for each in _settled(conversations, now) if each.l1_may_solve or not net]
    solved = [
        each
        for each in settled
        if each.human_replies
        and not (each.wrote_after_answer or each.was_reopened or each.came_again)
    ]
    return Share(len(solved), len(settled))


def full_resolution(conversations: Iterable[Handled], *, now: datetime) -> Share:
    """Closed with no reopen and no return within 7 days / closed at least 7 days ago.

    Without that wait, last week would always look best.
    """
    settled = _settled(conversations, now)
    kept = sum(not (each.was_reopened or each.came_again) for each in settled)
    return Share(kept, len(settled))


def repeat_contact_rate(conversations: Iterable[Handled]) -> Share:
    """Preceded within 7 days by one of the same contact on the same matter / all."""
    every = list(conversations)
    return Share(sum(each.came_before for each in every), len(every))


def escalation_rate(conversations: Iterable[Handled]) -> Share:
    """Escalated / closed or escalated."""
    counted = [each for each in conversations if each.is_closed or each.was_escalated]
    return Share(sum(each.was_escalated for each in counted), len(counted))


def bounce_rate(conversations: Iterable[Handled]) -> Share:
    """Handed back or escalated again / escalated."""
    escalated = [each for each in conversations if each.was_escalated]
    return Share(sum(each.was_bounced for each in escalated), len(escalated))


def handoff_completeness(conversations: Iterable[Handled]) -> Share:
    """Escalated with all five packet fields / escalated."""
    escalated = [each for each in conversations if each.was_escalated]
    complete = sum(each.packet_fields == PACKET_FIELDS for each in escalated)
    return Share(complete, len(escalated))


def average_handling_seconds(conversations: Iterable[Handled]) -> float | None:
    """AHT: the mean focused handling time of closed conversations whose time was measured."""
    seconds = [
        each.handling_seconds
        for each in _closed(conversations)
        if each.handling_seconds is not None
    ]
    return fmean(seconds) if seconds else None


def age_bands(ages: Iterable[timedelta], bounds: Sequence[timedelta]) -> list[int]:
    """The backlog counted by age: below the first bound, from each bound on to the next."""
    counts = [0] * (len(bounds) + 1)
    for age in ages:
        counts[sum(bound <= age for bound in bounds)] += 1
    return counts


def _closed(conversations: Iterable[Handled]) -> list[Handled]:
    return [each for each in conversations if each.is_closed]


def _settled(conversations: Iterable[Handled], now: datetime) -> list[Handled]:
    return [
        each
        for each in conversations
        if each.closed_at is not None and each.closed_at + REPEAT_WINDOW <= now
    ]
