"""Collecting a report's facts: exact, from indexed rows and the ledger."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from app.reports.facts import (
    BACKLOG_DAYS,
    PROMISES,
    Counted,
    Escalations,
    Facts,
    Kept,
    Measure,
    PeriodFacts,
    Week,
)
from app.reports.formulas import (
    DEFINITIONS_VERSION,
    Handled,
    Share,
    age_bands,
    bounce_rate,
    escalation_rate,
    handoff_completeness,
    one_touch,
    reopen_rate,
    sla_attainment,
    spread,
)
from app.reports.hours import hours_words
from app.reports.periods import Period
from app.reports.queries.clocks import BusinessTime, Promise, list_promises, resolution_time
from app.reports.queries.conversations import (
    Closed,
    Opened,
    count_automatic,
    count_replies,
    list_closed,
    list_open_at_end,
    list_opened,
)
from app.reports.queries.escalations import Handover, list_handovers
from app.reports.queries.quality import list_examples, read_quality
from app.reports.queries.window import Window
from app.sla.calculus import Calendar
from app.sla.queries import find_calendar_version, find_policy
from tenants.workspaces.queries import get_agency, get_workspace


def collect_facts(
    workspace_id: UUID, *, period_from: date, period_until: date, now: datetime
) -> Facts:
    """Everything about the days from `period_from` until before `period_until`.

    The same data give equal facts; time alone changes only which open clocks have run out.
    Raises: NotFound out of scope.
    """
    workspace = get_workspace(workspace_id)
    period = Period(period_from, period_until)
    window = Window(workspace_id, period, workspace.time_zone, now)
    before = Window(workspace_id, period.before, workspace.time_zone, now)
    calendar = find_calendar_version(workspace_id, at=window.ends_at)
    policy = find_policy(workspace_id, at=window.ends_at)
    counted = _Counted(window)
    return Facts(
        client=workspace.name,
        agency=get_agency().name,
        zone=workspace.time_zone,
        hours=hours_words(Calendar.from_json(calendar.definition)) if calendar else "",
        policy=policy.name if policy else None,
        definitions_version=DEFINITIONS_VERSION,
        current=counted.facts(),
        previous=_Counted(before).facts(),
        weeks=tuple(counted.week(each) for each in period.weeks()),
        examples=tuple(list_examples(window)),
    )


class _Counted:
    """The rows of one period, read once and counted in several ways."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.opened = list_opened(window)
        self.closed = list_closed(window)
        self.promises = list_promises(window)
        self.handovers = list_handovers(window)
        ids = {each.id for each in self.opened} | {each.id for each in self.closed}
        self.time = resolution_time(window, ids | self.handovers.keys())

    def facts(self) -> PeriodFacts:
        window, handled = self.window, list(self._handled())
        late = [each for each in self.promises if each.is_late(window.now)]
        ages = [window.ends_at - opened_at for opened_at in list_open_at_end(window)]
        bounds = [timedelta(days=days) for days in BACKLOG_DAYS]
        return PeriodFacts(
            first=window.period.first,
            until=window.period.until,
            opened=len(self.opened),
            automatic=count_automatic(window),
            per_day=self._per_day(),
            per_hour=self._per_hour(),
            topics=_by_count(each.topic for each in self.opened),
            channels=_by_count(each.channel for each in self.opened),
            closed=len(self.closed),
            replies=count_replies(window),
            answered_in=_answered_in(self.opened, self.time),
            resolved_in=_resolved_in(self.closed, self.time),
            kept=tuple(_kept(self.promises, window.now)),
            late_topics=_by_count(each.topic for each in late if each.kind in PROMISES[:2]),
            late_weekdays=_weekdays(
                window.day(each.started_at) for each in late if each.kind == "first_response"
            ),
            escalations=_escalations(handled, self.handovers.items(), self.time),
            reopened=reopen_rate(handled),
            one_touch=one_touch(handled),
            backlog=tuple(age_bands(ages, bounds)),
            quality=read_quality(window),
        )

    def week(self, week: Period) -> Week:
        """The part of it that began in one week."""

        def is_in(moment: datetime) -> bool:
            return week.first <= self.window.day(moment) < week.until

        opened = [each for each in self.opened if is_in(each.opened_at)]
        closed = [each for each in self.closed if is_in(each.closed_at)]
        promises = [each for each in self.promises if is_in(each.started_at)]
        return Week(
            first=week.first,
            until=week.until,
            opened=len(opened),
            first_response=_share(promises, "first_response", self.window.now),
            resolution=_share(promises, "resolution", self.window.now),
            answered_in=_answered_in(opened, self.time).business.median,
            resolved_in=_resolved_in(closed, self.time).business.median,
        )

    def _handled(self) -> Iterable[Handled]:
        """Closed in the period, or escalated in it."""
        closed = {each.id: each for each in self.closed}
        for conversation_id in closed.keys() | self.handovers.keys():
            close = closed.get(conversation_id)
            handover = self.handovers.get(conversation_id)
            yield Handled(
                closed_at=close.closed_at if close else None,
                human_replies=close.human_replies if close else 0,
                was_reopened=close.was_reopened if close else False,
                was_escalated=handover is not None,
                was_bounced=handover is not None and handover.was_bounced,
                packet_fields=handover.packet_fields if handover else 0,
            )

    def _per_day(self) -> tuple[int, ...]:
        days = Counter(self.window.day(each.opened_at) for each in self.opened)
        first = self.window.period.first
        return tuple(days[first + timedelta(days=n)] for n in range(self.window.period.days))

    def _per_hour(self) -> tuple[tuple[int, ...], ...]:
        local = (self.window.local(each.opened_at) for each in self.opened)
        hours = Counter((moment.weekday(), moment.hour) for moment in local)
        return tuple(tuple(hours[day, hour] for hour in range(24)) for day in range(7))


def _answered_in(opened: Sequence[Opened], time: BusinessTime) -> Measure:
    waits = [
        (each.id, each.asked_at, each.answered_at)
        for each in opened
        if each.asked_at is not None and each.answered_at is not None
    ]
    return Measure(
        business=spread(_known(time.between(*wait) for wait in waits)),
        calendar=spread([(answered - asked).total_seconds() for _, asked, answered in waits]),
    )


def _resolved_in(closed: Sequence[Closed], time: BusinessTime) -> Measure:
    return Measure(
        business=spread(
            _known(time.running(each.id, each.opened_at, each.closed_at) for each in closed)
        ),
        calendar=spread([(each.closed_at - each.opened_at).total_seconds() for each in closed]),
    )


def _kept(promises: Sequence[Promise], now: datetime) -> Iterable[Kept]:
    """Targets with their results: by kind as they are agreed, the shortest first."""
    targets = {(each.kind, each.target_minutes) for each in promises}
    for kind, minutes in sorted(targets, key=lambda each: (PROMISES.index(each[0]), each[1])):
        results = [
            each.result for each in promises if (each.kind, each.target_minutes) == (kind, minutes)
        ]
        yield Kept(kind, minutes, sla_attainment(results, now=now))


def _share(promises: Sequence[Promise], kind: str, now: datetime) -> Share:
    return sla_attainment((each.result for each in promises if each.kind == kind), now=now).share


def _escalations(
    handled: Sequence[Handled], handovers: Iterable[tuple[UUID, Handover]], time: BusinessTime
) -> Escalations:
    waits = [
        time.between(conversation_id, *wait)
        for conversation_id, handover in handovers
        for wait in handover.waits
    ]
    return Escalations(
        rate=escalation_rate(handled),
        bounced=bounce_rate(handled),
        complete=handoff_completeness(handled),
        accepted_in=spread(_known(waits)),
    )


def _by_count(names: Iterable[str]) -> tuple[Counted, ...]:
    """Most frequent first, then by name."""
    counts = Counter(names)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Counted(name, count) for name, count in ordered)


def _weekdays(days: Iterable[date]) -> tuple[int, ...]:
    counts = Counter(day.weekday() for day in days)
    return tuple(counts[weekday] for weekday in range(7))


def _known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]
