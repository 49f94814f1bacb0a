"""A report as a document: its sections, tables and charts, set in the client's look."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from app.conversations.topics import channel_words, topic_words
from app.quality.formulas import MINIMUM_REVIEWS
from app.reports.charts import (
    attainment_chart,
    hour_chart,
    largest,
    topics_headline,
    volume_chart,
    wait_chart,
)
from app.reports.definitions import DEFINITIONS
from app.reports.facts import BACKLOG_DAYS, Example, Facts, Measure, PeriodFacts
from app.reports.formulas import Share
from app.reports.summary import summarise
from app.reports.words import (
    Figure,
    count,
    faster,
    of,
    percent,
    points,
    points_between,
    share_figure,
    target_words,
    wait,
    wait_figure,
)
from themes.charts import Chart
from themes.documents import render_document
from themes.formats import format_date, format_number
from themes.tokens import Theme

LAYOUT_VERSION = 2
"""Raised whenever the same facts would make another document."""

_MOST_ROWS = 200
PROMISE_WORDS = {
    "first_response": "First response",
    "resolution": "Resolution",
    "pod_accept": "Pod accepts",
}
EXCLUSION_WORDS = {
    "closed_without_reply": "closed without an answer",
    "closed": "closed before the pod took it",
    "handed_back": "returned before the pod took it",
    "billing_hold": "service on hold",
}


@dataclass(frozen=True, slots=True)
class Tile:
    """One number of the summary."""

    label: str
    figure: Figure
    change: str | None
    is_good: bool | None
    note: str | None

    @property
    def direction(self) -> str:
        """Where the number itself went: up, down or flat."""
        if self.change is None or self.change == "unchanged":
            return "flat"
        return "up" if self.change.startswith("+") or self.change.endswith("later") else "down"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its head, a remark under it, and its cells as they are printed."""

    head: str
    sub: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """An example as it is printed."""

    who: str
    text: str
    why: str


def render_report_document(
    facts: Facts, theme: Theme, *, made_on: date, logo: bytes | None = None
) -> bytes:
    """The PDF, in the client's look and the agency's name; `logo` is the agency's, as PNG."""
    return render_document(
        "reports/document.html",
        theme,
        producer=facts.agency,
        assets={"logo": (logo, "image/png")} if logo else None,
        **document_context(facts, made_on=made_on),
    )


def document_context(facts: Facts, *, made_on: date) -> dict[str, Any]:
    """What the template prints."""
    summary, now = summarise(facts), facts.current
    return {
        "title": "Service report",
        "client_name": facts.client,
        "period": now.period.words,
        "made_on": format_date(made_on, form="long"),
        "maker": facts.agency,
        "headlines": [(each.number, each.sentence) for each in summary.headlines],
        "contents": _contents(now),
        "facts": facts,
        "now": now,
        "before": now.period.comparison_words,
        "summary": summary,
        "tiles": list(tiles(facts)),
        "promises": list(_promise_rows(facts)),
        "exclusions": list(_exclusions(now)),
        "times": _time_rows(facts),
        "backlog": _backlog_rows(now),
        "handovers": _handover_rows(facts),
        "topics": list(_topic_rows(facts))[:_MOST_ROWS],
        "topics_headline": topics_headline(now),
        "channels": [
            (channel_words(each.name), format_number(each.count)) for each in now.channels
        ],
        "criteria": _criterion_rows(now),
        "quality_lead": quality_words(now),
        "critical_words": _critical_words(now),
        "examples": [_quote(each) for each in facts.examples],
        "definitions": [(each.term, each.words) for each in DEFINITIONS],
        "charts": _charts(facts),
    }


def tiles(facts: Facts) -> Iterator[Tile]:
    """The four numbers a client looks at first."""
    now, before = facts.current, facts.previous
    for kind, label in (
        ("first_response", "First responses in time"),
        ("resolution", "Resolutions in time"),
    ):
        share = now.promise(kind).share
        change = points_between(share, before.promise(kind).share)
        yield Tile(
            label,
            share_figure(share),
            points(change),
            None if not change else change > 0,
            of(share) if share.n else "no target was due",
        )
    yield wait_tile(facts)
    yield quality_tile(now)


def wait_tile(facts: Facts) -> Tile:
    """The median first response."""
    now, before = facts.current.answered_in, facts.previous.answered_in
    timed, earlier = (
        (now.business, before.business) if now.business.n else (now.calendar, before.calendar)
    )
    change = faster(timed, earlier)
    return Tile(
        "First response, median",
        wait_figure(timed.median),
        change,
        None if change in {None, "unchanged"} else str(change).endswith("sooner"),
        f"{'business' if now.business.n else 'calendar'} time, n = {format_number(timed.n)}"
        if timed.n
        else "nothing was answered",
    )


def quality_tile(now: PeriodFacts) -> Tile:
    """The quality score with what it stands on."""
    quality = now.quality
    if quality.score is None:
        return Tile(
            "Quality score",
            Figure("–"),
            None,
            None,
            f"not enough reviews (n = {quality.n} of {MINIMUM_REVIEWS})",
        )
    return Tile(
        "Quality score",
        Figure(f"{quality.score:.0f}", "of 100"),
        None,
        None,
        f"n = {quality.n}, 95% interval {quality.low:.0f} to {quality.high:.0f}",
    )


def quality_words(now: PeriodFacts) -> str:
    """The score, or why there is none, in a sentence."""
    quality = now.quality
    if not quality.n:
        return "No conversation was reviewed in this period, so there is no score."
    if quality.score is None:
        return (
            f"{count(quality.n, 'review')}: not enough reviews for a score. It takes"
            f" {MINIMUM_REVIEWS}."
        )
    return (
        f"{count(quality.n, 'conversation')} drawn at random were scored:"
        f" {quality.score:.0f} of 100 on average, between {quality.low:.0f} and {quality.high:.0f}"
        " with 95% confidence."
    )


def _contents(now: PeriodFacts) -> list[tuple[str, str, str]]:
    sections = [
        ("summary", "Summary"),
        ("levels", "Service levels"),
        ("times", "Response and resolution"),
        ("volume", "Volume and topics"),
        ("quality", "Quality"),
        ("findings", "Findings for the shop"),
        ("definitions", "How we measure"),
    ]
    if not now.opened and not now.closed:
        sections = [each for each in sections if each[0] in {"summary", "quality", "definitions"}]
    return [(id, heading, "") for id, heading in sections]


def _charts(facts: Facts) -> dict[str, Chart | None]:
    return {
        "attainment": attainment_chart(facts.weeks),
        "answers": wait_chart(facts.weeks),
        "volume": volume_chart(facts),
        "hours": hour_chart(facts.current),
    }


def _promise_rows(facts: Facts) -> Iterator[Row]:
    for kept in facts.current.kept:
        share = kept.result.share
        before = next(
            (
                each.result.share
                for each in facts.previous.kept
                if (each.kind, each.target_minutes) == (kept.kind, kept.target_minutes)
            ),
            Share(0, 0),
        )
        yield Row(
            PROMISE_WORDS[kept.kind],
            f"within {target_words(kept.target_minutes)} of business time",
            (
                percent(share),
                format_number(kept.result.met),
                format_number(kept.result.breached),
                format_number(kept.result.undecided),
                format_number(sum(kept.result.excluded.values())),
                percent(before),
            ),
        )


def _exclusions(now: PeriodFacts) -> Iterator[str]:
    for kind, words in PROMISE_WORDS.items():
        for reason, number in sorted(now.promise(kind).excluded.items()):
            shown = EXCLUSION_WORDS.get(reason, reason.replace("_", " "))
            yield f"{words.lower()}: {format_number(number)} {shown}"


def _time_rows(facts: Facts) -> list[Row]:
    rows = []
    for head, measure, before in (
        ("First response", facts.current.answered_in, facts.previous.answered_in),
        ("Resolution", facts.current.resolved_in, facts.previous.resolved_in),
    ):
        rows += list(_measure_rows(head, measure, before))
    return rows


def _measure_rows(head: str, measure: Measure, before: Measure) -> Iterator[Row]:
    for words, now, earlier in (
        ("business time", measure.business, before.business),
        ("calendar time", measure.calendar, before.calendar),
    ):
        tail = wait(now.p90) if now.p90 is not None else "–"
        yield Row(
            head,
            words,
            (wait(now.median), tail, format_number(now.n), wait(earlier.median)),
        )


def _backlog_rows(now: PeriodFacts) -> list[tuple[str, str]]:
    bounds = [*BACKLOG_DAYS]
    names = [
        f"under {count(bounds[0], 'day')}",
        *(f"{low} to {high} days" for low, high in pairwise(bounds)),
        f"{bounds[-1]} days and more",
    ]
    return [(name, format_number(number)) for name, number in zip(names, now.backlog, strict=True)]


def _handover_rows(facts: Facts) -> list[Row]:
    now, before = facts.current, facts.previous
    shares = [
        ("Handed to the pod", now.escalations.rate, before.escalations.rate),
        ("Returned by the pod", now.escalations.bounced, before.escalations.bounced),
        ("Complete packet", now.escalations.complete, before.escalations.complete),
        ("Reopened by the shopper", now.reopened, before.reopened),
        ("Solved with one answer", now.one_touch, before.one_touch),
    ]
    return [
        Row(head, "", (percent(share), of(share) if share.n else "–", percent(earlier)))
        for head, share, earlier in shares
    ]


def _topic_rows(facts: Facts) -> Iterator[Row]:
    now, before = facts.current, facts.previous
    for topic in largest(now.topics, most=_MOST_ROWS):
        earlier = before.count_of(topic.name)
        moved = topic.count - earlier
        sign = "+" if moved > 0 else "−" if moved < 0 else "±"
        yield Row(
            topic_words(topic.name),
            "",
            (
                format_number(topic.count),
                percent(Share(topic.count, now.opened)),
                format_number(earlier),
                f"{sign}{format_number(abs(moved))}" if before.opened else "–",
            ),
        )


def _criterion_rows(now: PeriodFacts) -> list[Row]:
    enough = now.quality.score is not None
    return [
        Row(
            each.name,
            "",
            (
                f"{100 * each.mean:.0f}" if enough and each.n >= MINIMUM_REVIEWS else "–",
                format_number(each.n),
                each.main_cause or "–",
            ),
        )
        for each in now.quality.criteria
        if not each.is_critical
    ]


def _critical_words(now: PeriodFacts) -> str:
    failed = now.quality.critical_failures
    if not failed:
        return "No critical check failed."
    score = "scores" if failed == 1 else "score"
    return f"{count(failed, 'review')} failed a critical check and {score} 0."


def _quote(example: Example) -> Quote:
    cause = f" Cause: {example.cause.lower()}." if example.cause and not example.is_good else ""
    return Quote(
        who=f"{topic_words(example.topic)}, {format_date(example.day, form='d MMMM')}",
        text=example.text,
        why=f"{example.criterion}: {example.verdict}.{cause}",
    )
