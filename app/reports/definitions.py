"""What each figure means, in the words that every screen and every document prints.

The formulas are in `formulas.py`; whoever changes one of them changes the words here and raises
`DEFINITIONS_VERSION`.
"""

from dataclasses import dataclass

from app.reports.formulas import DEFINITIONS_VERSION

__all__ = ["DEFINITIONS", "DEFINITIONS_VERSION", "Definition", "definition"]


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure's name and meaning."""

    code: str
    term: str
    words: str


DEFINITIONS = (
    Definition(
        "volume",
        "Conversations",
        "Matters opened in the period, by the client’s time zone. Automatic mail is not counted.",
    ),
    Definition(
        "first_response",
        "First response time",
        "From a shopper’s first message to the first answer a person wrote. Automatic replies do"
        " not count; conversations we began ourselves are left out.",
    ),
    Definition(
        "resolution",
        "Resolution time",
        "From a conversation’s first message to its last close in the period. In business time,"
        " the time we waited for the shopper is not counted.",
    ),
    Definition(
        "times",
        "Business and calendar time",
        "Business time counts the agreed service hours only and is what targets are written in."
        " Calendar time counts every hour: what the shopper feels.",
    ),
    Definition(
        "percentiles",
        "Median and 90th percentile",
        "Half of the cases, or nine in ten, were as fast or faster. Each is a real case. Under"
        " 20 cases only the median is shown.",
    ),
    Definition(
        "attainment",
        "In time",
        "Targets kept, of those kept or missed, among the clocks that began in the period. Open"
        " and overdue counts as missed; open and not yet due is left out. Each exclusion is"
        " listed with its reason.",
    ),
    Definition(
        "escalation_rate",
        "Escalation rate",
        "Conversations handed to the pod, of all closed or handed over. Returned: those the pod"
        " handed back, or that were handed over twice.",
    ),
    Definition(
        "reopen_rate",
        "Reopened",
        "Conversations closed in the period that the shopper reopened with another message.",
    ),
    Definition(
        "one_touch",
        "Solved with one answer",
        "Conversations closed in the period with exactly one answer by a person.",
    ),
    Definition(
        "backlog",
        "Backlog",
        "Conversations not closed when the period ended, by age; also those that waited for the"
        " shopper.",
    ),
    Definition(
        "quality",
        "Quality score",
        "Mean score of conversations drawn at random, from 0 to 100: the weighted mean of the"
        " criteria, 0 after a critical failure. Conversations chosen for another reason are never"
        " part of it. The 95% interval says where it lies, given how many were reviewed; under 10"
        " reviews there is no score.",
    ),
)


def definition(code: str) -> Definition:
    """The definition of one figure."""
    return next(each for each in DEFINITIONS if each.code == code)
