"""The written part of a report, by rules: what changed, why, what we did, what we suggest.

Plain sentences with their numbers; nothing is said that the facts do not carry.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.conversations.topics import about, topic_words
from app.quality.formulas import MINIMUM_REVIEWS, Measured, trend
from app.reports.advice import Finding, findings, suggestions
from app.reports.facts import Counted, Facts, PeriodFacts, Quality
from app.reports.words import count, faster, growth, of, percent, points_between, wait
from themes.formats import format_list, format_number

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT_DAYS = 28
_LEAST_MOVE = 5


@dataclass(frozen=True, slots=True)
class Headline:
    """One number and the sentence it begins."""

    number: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a reader should know after one page."""

    lead: str
    headlines: tuple[Headline, Headline, Headline]
    changed: str
    why: str
    did: str
    suggest: tuple[str, ...]
    findings: tuple[Finding, ...]


def summarise(facts: Facts) -> Summary:
    """The same words for the same facts."""
    return Summary(
        lead=_lead(facts),
        headlines=(_in_time(facts), _first_answer(facts), _quality(facts.current.quality)),
        changed=" ".join(_changes(facts)),
        why=" ".join(_reasons(facts)),
        did=" ".join(_deeds(facts.current)),
        suggest=tuple(suggestions(facts)),
        findings=tuple(findings(facts)),
    )


def _lead(facts: Facts) -> str:
    now = facts.current
    if not now.opened and not now.closed:
        return f"Nobody wrote to {facts.client} in this period."
    answers, solved = now.promise("first_response").share, now.promise("resolution").share
    if not answers.n:
        return f"{count(now.opened, 'conversation')} came in; no first response was due yet."
    lead = (
        f"{percent(answers)} of first responses and {percent(solved)} of resolutions were in time."
    )
    if not solved.n:
        lead = f"{percent(answers)} of first responses were in time."
    if now.period.days < _SHORT_DAYS:
        lead += " One short period is no trend: judge by a month or more."
    return lead


def _in_time(facts: Facts) -> Headline:
    now = facts.current
    share = now.promise("first_response").share
    if share.value is None:
        were = "was" if now.opened == 1 else "were"
        noun = "conversation" if now.opened == 1 else "conversations"
        return Headline(format_number(now.opened), f"{noun} {were} opened in {now.period.words}.")
    change = points_between(share, facts.previous.promise("first_response").share)
    return Headline(
        percent(share),
        f"of {count(share.n, 'first response')} came in time{_than_before(change, facts)}.",
    )


def _than_before(change: int | None, facts: Facts) -> str:
    before = facts.current.period.comparison_words
    if change is None:
        return ""
    if change == 0:
        return f", as in {before}"
    noun = "point" if abs(change) == 1 else "points"
    return f", {abs(change)} {noun} {'more' if change > 0 else 'less'} than in {before}"


def _first_answer(facts: Facts) -> Headline:
    now, before = (each.answered_in for each in (facts.current, facts.previous))
    if now.calendar.median is None:
        return Headline("0", "first answers were written in this period.")
    timed, time = (now.business, "business") if now.business.n else (now.calendar, "calendar")
    earlier = before.business if now.business.n else before.calendar
    change = faster(timed, earlier)
    tail = f", {change}" if change and change != "unchanged" else ""
    if tail:
        tail += f" than in {facts.current.period.comparison_words}"
    return Headline(
        wait(timed.median), f"is the median wait for a first answer in {time} time{tail}."
    )


def _quality(quality: Quality) -> Headline:
    if quality.score is None:
        are = "is" if quality.n == 1 else "are"
        return Headline(
            count(quality.n, "review"),
            f"{are} not enough for a quality score; it takes {MINIMUM_REVIEWS}.",
        )
    return Headline(
        f"{quality.score:.0f} of 100",
        f"is the quality score of {count(quality.n, 'conversation')} drawn at random"
        f" (95% interval {quality.low:.0f} to {quality.high:.0f}).",
    )


def _changes(facts: Facts) -> Iterator[str]:
    now, before = facts.current, facts.previous
    label = now.period.comparison_words
    if not before.opened:
        yield f"There are no conversations in {label} to compare with."
        return
    grown = growth(now.opened, before.opened)
    if grown:
        than = "as" if grown == "as many" else "than"
        yield f"{count(now.opened, 'conversation')} came in, {grown} {than} in {label}."
    else:
        yield (
            f"{count(now.opened, 'conversation')} came in, after {format_number(before.opened)}"
            f" in {label}: too few to compare."
        )
    for kind, noun in (("first_response", "First responses"), ("resolution", "Resolutions")):
        change = points_between(now.promise(kind).share, before.promise(kind).share)
        if change:
            share = now.promise(kind).share
            more = "more" if change > 0 else "less"
            noun_of = "point" if abs(change) == 1 else "points"
            yield f"{noun} in time: {percent(share)}, {abs(change)} {noun_of} {more}."
    direction = trend(_measured(before.quality), _measured(now.quality))
    if direction and now.quality.score is not None and before.quality.score is not None:
        moved = "rose" if direction == "up" else "fell"
        yield f"Quality {moved} from {before.quality.score:.0f} to {now.quality.score:.0f}."


def _reasons(facts: Facts) -> Iterator[str]:
    now, before = facts.current, facts.previous
    mover = _largest_mover(now, before)
    if mover:
        moved = now.count_of(mover) - before.count_of(mover)
        yield (
            f"“{topic_words(mover)}” moved most: {count(now.count_of(mover), 'conversation')},"
            f" {abs(moved)} {'more' if moved > 0 else 'fewer'}."
        )
    elif now.topics and now.opened:
        yield f"No topic moved by much; {_largest(now.topics, now.opened)}."
    late = sum(each.count for each in now.late_topics)
    if late:
        topic = now.late_topics[0]
        yield (
            f"Of {count(late, 'target')} missed, {format_number(topic.count)}"
            f" {'was' if topic.count == 1 else 'were'} {about(topic.name)}."
        )
    if sum(now.late_weekdays) >= _LEAST_MOVE:
        most = max(range(7), key=lambda day: now.late_weekdays[day])
        yield (
            f"{format_number(now.late_weekdays[most])} of {format_number(sum(now.late_weekdays))}"
            f" late first responses began on a {WEEKDAYS[most]}."
        )
    if not now.opened:
        yield "Nothing came in that could explain a change."


def _deeds(now: PeriodFacts) -> Iterator[str]:
    if not (now.replies or now.closed):
        yield "The desk was staffed; there was nothing to answer."
        return
    yield f"We wrote {count(now.replies, 'answer')} and closed {count(now.closed, 'conversation')}."
    if now.one_touch.part:
        yield f"{of(now.one_touch)} closed conversations took a single answer."
    handed = now.escalations.rate.part
    if handed:
        accepted = now.escalations.accepted_in
        tail = f", which accepted within {wait(accepted.median)} (median)" if accepted.n else ""
        yield f"{count(handed, 'conversation')} went to the pod{tail}."
    if now.quality.n:
        were = "was" if now.quality.n == 1 else "were"
        yield f"{count(now.quality.n, 'conversation')} {were} reviewed."


def _largest_mover(now: PeriodFacts, before: PeriodFacts) -> str | None:
    """The topic whose number changed most, if it changed by more than chance would."""
    if not before.opened:
        return None
    topics = {each.name for each in (*now.topics, *before.topics)}
    moves = {topic: abs(now.count_of(topic) - before.count_of(topic)) for topic in topics}
    most = max(sorted(moves), key=lambda topic: moves[topic], default=None)
    if most is None or moves[most] < max(_LEAST_MOVE, 0.2 * before.count_of(most)):
        return None
    return most


def _largest(topics: tuple[Counted, ...], opened: int) -> str:
    share = round(100 * topics[0].count / opened)
    names = [f"“{topic_words(each.name)}”" for each in topics if each.count == topics[0].count][:2]
    return f"{format_list(names)} {'leads' if len(names) == 1 else 'lead'} with {share}%"


def _measured(quality: Quality) -> Measured | None:
    if quality.score is None or quality.low is None or quality.high is None:
        return None
    return Measured(quality.score, quality.n, (quality.low, quality.high))
