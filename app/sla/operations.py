"""Starting, meeting and pausing the clocks of a conversation, and publishing what is promised.

The caller holds the conversation's row lock: it is what makes clocks of one conversation take
turns. Every function keeps `next_due_at` and `is_breached` of the conversation's row.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from app.sla.calculus import Calendar
from app.sla.clocks import Matter, TickingClock, show_most_urgent
from app.sla.errors import BadTargets
from app.sla.models import CalendarVersion, Clock, PolicyVersion
from app.sla.queries import find_calendar_version, find_policy, list_clocks_of
from tenants.db import db, new_id
from tenants.ledger import record
from tenants.workspaces.queries import get_workspace

Promise = Literal["first_response", "resolution"]
_AT_RISK_SHARE = 0.8


def start_clocks(conversation: Matter, *, now: datetime, is_answered: bool = False) -> None:
    """The contact wrote: start first response and resolution, or resolution alone if answered.

    Has an effect only once; a later first message after a close is `restart_resolution`. Without
    a policy nothing is promised and nothing starts.
    """
    clocks = _clocks_of(conversation)
    if clocks:
        return
    promises: tuple[Promise, ...] = ("first_response", "resolution")
    started = _start(conversation, promises[1:] if is_answered else promises, now)
    show_most_urgent(conversation, started)


def meet_first_response(conversation: Matter, *, now: datetime) -> None:
    """A person has answered."""
    clocks = _clocks_of(conversation)
    for clock in _of_kind(clocks, "first_response"):
        clock.meet(now=now)
    show_most_urgent(conversation, clocks)


def pause_resolution(conversation: Matter, *, reason: str, now: datetime) -> None:
    """We wait for somebody else: `pending` for the contact, `on_hold` for a third party."""
    clocks = _clocks_of(conversation)
    for clock in _of_kind(clocks, "resolution"):
        clock.pause(reason, now=now)
    show_most_urgent(conversation, clocks)


def resume_resolution(conversation: Matter, *, now: datetime) -> None:
    """It is our turn again."""
    clocks = _clocks_of(conversation)
    for clock in _of_kind(clocks, "resolution"):
        clock.resume(now=now)
    show_most_urgent(conversation, clocks)


def meet_resolution(conversation: Matter, *, now: datetime) -> None:
    """The conversation was closed: resolution is met, what nobody did is given up."""
    clocks = _clocks_of(conversation)
    for clock in _of_kind(clocks, "resolution"):
        clock.meet(now=now)
    for clock in _of_kind(clocks, "first_response"):
        clock.give_up("closed_without_reply", now=now)
    for clock in _of_kind(clocks, "pod_accept"):
        clock.give_up("closed", now=now)
    show_most_urgent(conversation, clocks)


def restart_resolution(conversation: Matter, *, now: datetime) -> None:
    """The conversation was reopened: a new resolution clock; earlier ones keep their results."""
    clocks = _clocks_of(conversation)
    if _of_kind(clocks, "resolution"):
        return
    show_most_urgent(conversation, [*clocks, *_start(conversation, ("resolution",), now)])


def start_pod_accept(conversation: Matter, *, minutes: int, now: datetime) -> None:
    """The conversation was escalated: the pod has this many business minutes to accept."""
    clocks = _clocks_of(conversation)
    version = find_calendar_version(conversation.workspace_id, at=now)
    if version is None or _of_kind(clocks, "pod_accept"):
        return
    row = _clock_row(conversation, version, kind="pod_accept", minutes=minutes, now=now)
    show_most_urgent(conversation, [*clocks, _begin(conversation, row, version, now)])


def meet_pod_accept(conversation: Matter, *, now: datetime) -> None:
    """A person of the pod has taken it."""
    clocks = _clocks_of(conversation)
    for clock in _of_kind(clocks, "pod_accept"):
        clock.meet(now=now)
    show_most_urgent(conversation, clocks)


def give_up_pod_accept(conversation: Matter, *, now: datetime) -> None:
    """The escalation ended before anybody of the pod took it."""
    clocks = _clocks_of(conversation)
    for clock in _of_kind(clocks, "pod_accept"):
        clock.give_up("handed_back", now=now)
    show_most_urgent(conversation, clocks)


def record_due(conversations: Collection[Matter], *, now: datetime) -> None:
    """Record every at-risk and breach that has come by itself up to now, at its true time."""
    by_id: Mapping[UUID, Matter] = {each.id: each for each in conversations}
    clocks: dict[UUID, list[TickingClock]] = {each: [] for each in by_id}
    for row, calendar in list_clocks_of(by_id.keys(), only_running=True):
        matter = by_id[row.conversation_id]
        clocks[row.conversation_id].append(TickingClock(matter, row, calendar))
    for matter_id, ticking in clocks.items():
        for clock in ticking:
            if clock.row.next_at is not None and clock.row.next_at <= now:
                clock.catch_up(now=now)
        show_most_urgent(by_id[matter_id], ticking)


def publish_calendar(
    *, workspace_id: UUID, calendar: Calendar, valid_from: datetime, now: datetime
) -> CalendarVersion:
    """New business hours; running clocks keep the version they started with. Raises: NotFound."""
    workspace = get_workspace(workspace_id)
    version = CalendarVersion(
        workspace_id=workspace_id,
        number=_next_number(CalendarVersion, workspace_id),
        definition=calendar.to_json(),
        valid_from=valid_from,
    )
    db.session.add(version)
    data = {"calendar_id": _flushed_id(version), "number": version.number}
    record("calendar.published", workspace, at=now, data=data)
    return version


def publish_policy(
    *,
    workspace_id: UUID,
    name: str,
    targets: list[dict[str, Any]],
    valid_from: datetime,
    now: datetime,
    at_risk_share: float = _AT_RISK_SHARE,
) -> PolicyVersion:
    """A new promise; running clocks keep theirs. Raises: BadTargets, NotFound."""
    workspace = get_workspace(workspace_id)
    if not targets or not all(
        isinstance(target.get(f"{promise}_minutes"), int) and target[f"{promise}_minutes"] > 0
        for target in targets
        for promise in ("first_response", "resolution")
    ):
        raise BadTargets(field="targets")
    version = PolicyVersion(
        workspace_id=workspace_id,
        number=_next_number(PolicyVersion, workspace_id),
        name=name,
        targets=targets,
        at_risk_share=at_risk_share,
        valid_from=valid_from,
    )
    db.session.add(version)
    data = {"policy_id": _flushed_id(version), "number": version.number, "name": name}
    record("sla_policy.published", workspace, at=now, data=data)
    return version


def _clocks_of(conversation: Matter) -> list[TickingClock]:
    return [
        TickingClock(conversation, row, calendar)
        for row, calendar in list_clocks_of([conversation.id])
    ]


def _of_kind(clocks: list[TickingClock], kind: str) -> list[TickingClock]:
    return [clock for clock in clocks if clock.row.kind == kind and clock.row.is_running]


def _start(
    conversation: Matter, promises: tuple[Promise, ...], now: datetime
) -> list[TickingClock]:
    policy = find_policy(conversation.workspace_id, at=now)
    version = find_calendar_version(conversation.workspace_id, at=now)
    target = _first_match(policy.targets, conversation) if policy else None
    if policy is None or version is None or target is None:
        return []
    clocks = []
    for promise in promises:
        minutes = target[f"{promise}_minutes"]
        row = _clock_row(conversation, version, kind=promise, minutes=minutes, now=now)
        row.policy_id, row.at_risk_share = policy.id, policy.at_risk_share
        clocks.append(_begin(conversation, row, version, now))
    return clocks


def _first_match(targets: list[dict[str, Any]], conversation: Matter) -> dict[str, Any] | None:
    """The first rule that asks for nothing this conversation lacks."""
    for target in targets:
        if target.get("channel") in {None, conversation.channel} and target.get("topic") in {
            None,
            conversation.topic,
        }:
            return target
    return None


def _clock_row(
    conversation: Matter,
    version: CalendarVersion,
    *,
    kind: str,
    minutes: int,
    now: datetime,
) -> Clock:
    return Clock(
        id=new_id(),
        workspace_id=conversation.workspace_id,
        conversation_id=conversation.id,
        calendar_id=version.id,
        kind=kind,
        target_minutes=minutes,
        at_risk_share=_AT_RISK_SHARE,
        started_at=now,
        pauses=[],
    )


def _begin(
    conversation: Matter, row: Clock, version: CalendarVersion, now: datetime
) -> TickingClock:
    db.session.add(row)
    clock = TickingClock(conversation, row, Calendar.from_json(version.definition))
    clock.start(now=now)
    return clock


def _next_number(table: type[CalendarVersion] | type[PolicyVersion], workspace_id: UUID) -> int:
    newest = db.session.scalar(
        sa.select(sa.func.max(table.number)).where(table.workspace_id == workspace_id)
    )
    return (newest or 0) + 1


def _flushed_id(version: CalendarVersion | PolicyVersion) -> str:
    db.session.flush()
    return str(version.id)
