"""The charts of reports and dashboards: each says its message in its headline."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from app.conversations.topics import about, topic_words
from app.reports.facts import Counted, Facts, PeriodFacts, Week
from app.reports.formulas import FEWEST_FOR_PERCENTILES, Share
from app.reports.words import count, wait
from themes.charts import Chart, Series
from themes.formats import format_date, format_number

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MOST_TOPICS = 8
_MOST_DAYS = 45
_FEWEST_FOR_HOURS = 30
_FEWEST_FOR_TICKS = 4  # below, an axis would count half conversations
_HOUR = 3600


def attainment_chart(weeks: Sequence[Week]) -> Chart | None:
    """Targets kept per week; None where there is no second week to compare."""
    answers = _percents(week.first_response for week in weeks)
    solved = _percents(week.resolution for week in weeks)
    known = [value for value in answers if value is not None]
    if len(known) < 2 or sum(week.first_response.n for week in weeks) < FEWEST_FOR_PERCENTILES:
        return None
    low, high = min(known), max(known)
    return Chart(
        "line",
        f"Between {low:.0f}% and {high:.0f}% of first responses came in time each week"
        if low != high
        else f"{low:.0f}% of first responses came in time, week after week",
        "Share in time by week. First response: " + _spoken(weeks, answers, "%") + ".",
        _week_labels(weeks),
        (Series("first response", answers), Series("resolution", solved)),
        unit="%",
        domain=(_floor([*known, *(value for value in solved if value is not None)]), 100),
    )


def wait_chart(weeks: Sequence[Week]) -> Chart | None:
    """The median first response per week in business time; None where there is no second week."""
    known = [week.answered_in for week in weeks if week.answered_in is not None]
    if len(known) < 2 or sum(week.opened for week in weeks) < FEWEST_FOR_PERCENTILES:
        return None
    in_hours = max(known) >= 3 * _HOUR
    unit, size = ("h", _HOUR) if in_hours else ("min", 60)
    values = tuple(None if week.answered_in is None else week.answered_in / size for week in weeks)
    first, last = wait(known[0]), wait(known[-1])
    if first == last:
        title = f"The median first response took {last} in the first and in the last week"
    else:
        verb = "fell" if known[-1] < known[0] else "rose"
        title = f"The median first response {verb} from {first} to {last}"
    return Chart(
        "line",
        title,
        f"Median first response by week, in business time: {_spoken(weeks, values, unit)}.",
        _week_labels(weeks),
        (Series("first response", values),),
        unit=unit,
        decimals=1 if in_hours and max(known) < 10 * _HOUR else 0,
    )


def volume_chart(facts: Facts) -> Chart | None:
    """Conversations by day, or by week where days would be too many."""
    now = facts.current
    if not now.opened:
        return None
    if now.period.days > _MOST_DAYS:
        labels, values = _week_labels(facts.weeks), [week.opened for week in facts.weeks]
        spans = [f"the week of {label}" for label in labels]
    else:
        days = [now.first + timedelta(days=n) for n in range(now.period.days)]
        in_one_month = (days[0].year, days[0].month) == (days[-1].year, days[-1].month)
        labels = tuple(format_date(day, form="d" if in_one_month else "d MMM") for day in days)
        values = list(now.per_day)
        spans = [f"{_WEEKDAYS[day.weekday()]} {format_date(day, form='d MMMM')}" for day in days]
    most = max(range(len(values)), key=lambda at: values[at])
    return Chart(
        "bars",
        f"{_capital(spans[most])} was the busiest, with {count(values[most], 'conversation')}",
        f"Conversations opened: {format_number(now.opened)} in all, {values[most]} at most.",
        labels,
        (Series("conversations", tuple(map(float, values))),),
        domain=None if values[most] >= _FEWEST_FOR_TICKS else (0, _FEWEST_FOR_TICKS),
    )


def topics_headline(now: PeriodFacts) -> str:
    """What the topics say, in a sentence."""
    if not now.topics:
        return "No topics"
    first = now.topics[0]
    share = round(100 * first.count / now.opened)
    return f"{share}% of all conversations are {about(first.name)}"


def topic_chart(now: PeriodFacts) -> Chart | None:
    """Conversations by topic, the smallest together."""
    topics = largest(now.topics, most=_MOST_TOPICS)
    if not topics:
        return None
    return Chart(
        "hbars",
        topics_headline(now),
        "Conversations by topic: "
        + ", ".join(f"{topic_words(each.name)} {each.count}" for each in topics)
        + ".",
        tuple(topic_words(each.name) for each in topics),
        (Series("conversations", tuple(float(each.count) for each in topics)),),
    )


def hour_chart(now: PeriodFacts) -> Chart | None:
    """When shoppers write, by weekday and hour; None where there are too few to tell."""
    if now.opened < _FEWEST_FOR_HOURS:
        return None
    used = [hour for hour in range(24) if any(day[hour] for day in now.per_hour)]
    hours = range(used[0], used[-1] + 1)
    most = max(((day, hour) for day in range(7) for hour in hours), key=lambda at: _at(now, at))
    return Chart(
        "heatmap",
        f"{_WEEKDAYS[most[0]]} from {most[1]} to {most[1] + 1} is the busiest hour",
        f"Conversations opened by weekday and hour; {_at(now, most)} at most.",
        tuple(str(hour) for hour in hours),
        tuple(
            Series(name[:3], tuple(float(now.per_hour[day][hour]) for hour in hours))
            for day, name in enumerate(_WEEKDAYS)
        ),
    )


def largest(topics: Sequence[Counted], *, most: int) -> list[Counted]:
    """The largest, and the rest as one."""
    if len(topics) <= most:
        return list(topics)
    rest = sum(each.count for each in topics[most - 1 :])
    return [*topics[: most - 1], Counted("other topics", rest)]


def _floor(percents: Sequence[float]) -> float:
    """Where the axis begins: lines need no zero, and near 100 it would hide what moved."""
    return max(0, 10 * ((min(percents) - 5) // 10))


def _at(now: PeriodFacts, place: tuple[int, int]) -> int:
    return now.per_hour[place[0]][place[1]]


def _percents(shares: Iterable[Share]) -> tuple[float | None, ...]:
    return tuple(None if share.value is None else 100 * share.value for share in shares)


def _week_labels(weeks: Sequence[Week]) -> tuple[str, ...]:
    return tuple(format_date(week.first, form="d MMM") for week in weeks)


def _spoken(weeks: Sequence[Week], values: Sequence[float | None], unit: str) -> str:
    joint = "" if unit == "%" else " "
    decimals = 0 if unit != "h" else 1
    return ", ".join(
        f"{label} {format_number(value, decimals)}{joint}{unit}"
        for label, value in zip(_week_labels(weeks), values, strict=True)
        if value is not None
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
