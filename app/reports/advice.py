"""What the figures reveal and what to do about it; each rule names its cause from our own data.

Source: reference "metrics", when it slips.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from app.conversations.topics import topic_words
from app.reports.facts import CriterionScore, Facts
from app.reports.words import count, lower, of, percent, points_between

_MOST = 3
_SLIPPED_POINTS = -3
_LOW_SHARE = 0.9
_FEWEST = 20
_MUCH = 0.1
_WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


@dataclass(frozen=True, slots=True)
class _Sign:
    """What a rising topic points to, and what spares such questions at any time."""

    points_to: str
    spares: str


_SIGNS = {
    "wismo": _Sign("This points to the carrier.", "A notice before shoppers ask spares most."),
    "returns": _Sign(
        "Sizes, pictures or descriptions may promise something else.", "We can name the items."
    ),
    "refunds": _Sign(
        "Refunds may take longer than expected.", "Naming the day on the return page spares most."
    ),
    "damaged_item": _Sign(
        "This points to packaging or the product itself.", "We can send the pictures."
    ),
    "missing_item": _Sign("This points to packing.", "The warehouse should see the order numbers."),
    "cancellation": _Sign(
        "Orders cannot be changed in time.", "A longer hold before dispatch would help."
    ),
    "address_change": _Sign(
        "Checkout lets wrong addresses through.", "A check of the address there spares most."
    ),
    "product_question": _Sign(
        "Product pages leave something open.", "An answer on the page spares most."
    ),
}
_UNKNOWN = _Sign("This topic grew faster than the others.", "Look at it with the next report.")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the shop itself should know."""

    head: str
    text: str


def suggestions(facts: Facts) -> list[str]:
    """At most three, the most pressing first; or that there is nothing to change."""
    found = [line for rule in _RULES for line in rule(facts)][:_MOST]
    if found:
        return found
    if facts.current.opened:
        return ["Nothing is off its target that our figures explain. We suggest no change."]
    return ["There is nothing to suggest from a period without conversations."]


def findings(facts: Facts) -> list[Finding]:
    """At most three topics that grew or lead, with what they reveal about the shop."""
    return list(islice(_findings(facts), _MOST))


def _findings(facts: Facts) -> Iterator[Finding]:
    now, before = facts.current, facts.previous
    if now.opened < _FEWEST:
        return
    for topic in now.topics:
        if not topic.name:
            continue
        grown = topic.count - before.count_of(topic.name)
        is_spike = before.opened > 0 and grown >= 5 and grown >= 0.3 * before.count_of(topic.name)
        share = topic.count / now.opened
        if not is_spike and share < 0.2:
            continue
        change = f", {grown} more than before" if is_spike else ""
        sign = _SIGNS.get(topic.name, _UNKNOWN)
        yield Finding(
            f"{topic_words(topic.name)}: {count(topic.count, 'conversation')}"
            f" ({round(100 * share)}%){change}.",
            f"{sign.points_to} {sign.spares}" if is_spike else sign.spares,
        )


def _slow_first_responses(facts: Facts) -> Iterator[str]:
    share = facts.current.promise("first_response").share
    change = points_between(share, facts.previous.promise("first_response").share)
    slipped = change is not None and change <= _SLIPPED_POINTS
    if share.value is None or share.n < _FEWEST or not (slipped or share.value < _LOW_SHARE):
        return
    late = facts.current.late_weekdays
    worst = max(range(7), key=lambda day: late[day])
    if late[worst] >= 0.3 * sum(late) and late[worst] > 2:
        yield (
            f"Put more people on {_WEEKDAYS[worst]}: {late[worst]} of {sum(late)} late first"
            " responses began there."
        )
    else:
        yield f"Rework shifts and routing: {of(share)} first responses came in time."


def _slow_resolutions(facts: Facts) -> Iterator[str]:
    share = facts.current.promise("resolution").share
    if share.value is None or share.n < _FEWEST or share.value >= _LOW_SHARE:
        return
    late = facts.current.late_topics
    begin = f" Begin with “{topic_words(late[0].name)}”." if late and late[0].name else ""
    yield f"Tighten macros, widen permissions: {percent(share)} of resolutions came in time.{begin}"


def _bounced_escalations(facts: Facts) -> Iterator[str]:
    share = facts.current.escalations.bounced
    if share.value is not None and share.part > 2 and share.value > _MUCH:
        yield f"Sharpen what goes to the pod: {of(share)} handovers came back."


def _reopened(facts: Facts) -> Iterator[str]:
    share = facts.current.reopened
    if share.value is not None and share.n >= _FEWEST and share.value > _MUCH:
        yield (
            f"Close later: shoppers reopened {of(share)} conversations. Answers should name the"
            " next step and its day."
        )


def _weakest_criterion(facts: Facts) -> Iterator[str]:
    rated = [each for each in facts.current.quality.criteria if each.n >= 10]
    weakest: CriterionScore | None = min(rated, key=lambda each: each.mean, default=None)
    if facts.current.quality.score is None or weakest is None or weakest.mean >= 0.85:
        return
    cause = f"; most often: {lower(weakest.main_cause)}" if weakest.main_cause else ""
    yield f"Coach “{lower(weakest.name)}”, the weakest criterion at {weakest.mean:.0%}{cause}."


def _spikes(facts: Facts) -> Iterator[str]:
    for finding in findings(facts):
        if "more than before" in finding.head:
            yield f"{finding.head} {finding.text}"
            return


_RULES: tuple[Callable[[Facts], Iterator[str]], ...] = (
    _slow_first_responses,
    _spikes,
    _slow_resolutions,
    _weakest_criterion,
    _bounced_escalations,
    _reopened,
)
