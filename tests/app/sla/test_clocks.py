"""What starts, meets, pauses and ends a promise: the table of the metrics reference, row by row."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.conversations.operations.closing import reopen, resume, set_pending
from app.conversations.operations.replying import add_note, reply_to
from app.conversations.queries import get_conversation, lock_conversation
from app.sla.business_hours import Calendar
from app.sla.errors import BadTargets
from app.sla.models import Clock
from app.sla.operations import (
    give_up_pod_accept,
    meet_pod_accept,
    publish_policy,
    start_pod_accept,
)
from app.sla.queries import find_policy, read_clocks
from tenants.context import SYSTEM
from tenants.db import db
from tenants.errors import NotFound
from tenants.ledger import Event
from tests.factories.cast import World
from tests.factories.conversations import (
    a_conversation,
    a_promise,
    leo_closes,
    leo_replies,
    member,
    moment,
    read,
    sam_writes,
)

WEEKDAYS = Calendar.from_json(
    {
        "zone": "Europe/Berlin",
        "weekly": {
            day: [["09:00", "18:00"]]
            for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
        },
    }
)


def clocks(world: World, conversation_id: UUID, kind: str) -> list[Clock]:
    with db.transaction(world.system_scope("Acme")) as session:
        return list(
            session.scalars(
                sa.select(Clock)
                .where(Clock.conversation_id == conversation_id, Clock.kind == kind)
                .order_by(Clock.started_at, Clock.id)
            )
        )


def clock(world: World, conversation_id: UUID, kind: str) -> Clock:
    [only] = clocks(world, conversation_id, kind)
    return only


def events(
    world: World, conversation_id: UUID, prefix: str = "clock."
) -> list[tuple[str, datetime]]:
    """(kind with the clock's name, at), in the order they were written."""
    with db.transaction(world.system_scope("Acme")) as session:
        rows = session.scalars(
            sa.select(Event)
            .where(Event.subject_id == conversation_id, Event.kind.startswith(prefix))
            .order_by(Event.id)
        )
        return [(f"{row.kind} {row.data.get('clock', '')}".strip(), row.at) for row in rows]


def test_the_contacts_first_message_starts_both_clocks(world: World):
    a_promise(world, "Acme", first_response_minutes=60, resolution_minutes=480)
    conversation_id = a_conversation(world, "Acme", now=moment())
    first = clock(world, conversation_id, "first_response")
    resolution = clock(world, conversation_id, "resolution")
    assert (first.started_at, first.due_at) == (moment(), moment(hours=1))
    assert (resolution.started_at, resolution.due_at) == (moment(), moment(hours=8))
    assert first.at_risk_at == first.next_at == moment(minutes=48)
    conversation = read(world, "Acme", conversation_id)
    assert conversation.next_due_at == moment(hours=1)
    assert not conversation.is_breached


def test_due_times_count_business_hours_only(world: World):
    a_promise(world, "Acme", first_response_minutes=120, calendar=WEEKDAYS)
    friday_at_17 = datetime.fromisoformat("2026-09-04T17:00+02:00")
    conversation_id = a_conversation(world, "Acme", now=friday_at_17)
    due = clock(world, conversation_id, "first_response").due_at
    assert due == datetime.fromisoformat("2026-09-07T10:00+02:00")


def test_the_first_rule_that_fits_sets_the_targets(world: World):
    damaged = {
        "channel": "email",
        "topic": "damaged",
        "first_response_minutes": 30,
        "resolution_minutes": 90,
    }
    chat = damaged | {"channel": "chat", "topic": None, "first_response_minutes": 1}
    a_promise(world, "Acme", first_response_minutes=60, rules=[chat, damaged])
    urgent = a_conversation(world, "Acme", topic="damaged")
    other = a_conversation(world, "Acme", topic="sizes")
    assert clock(world, urgent, "first_response").target_minutes == 30
    assert clock(world, urgent, "resolution").target_minutes == 90
    assert clock(world, other, "first_response").target_minutes == 60


def test_without_a_policy_nothing_is_promised(world: World):
    conversation_id = a_conversation(world, "Acme")
    leo_replies(world, "Acme", conversation_id, now=moment(hours=1), then="close")
    assert clocks(world, conversation_id, "first_response") == []
    assert read(world, "Acme", conversation_id).next_due_at is None


def test_a_human_reply_meets_the_first_response(world: World):
    a_promise(world, "Acme")
    conversation_id = a_conversation(world, "Acme")
    leo_replies(world, "Acme", conversation_id, now=moment(minutes=20), then="stay")
    first = clock(world, conversation_id, "first_response")
    assert first.met_at == first.ended_at == moment(minutes=20)
    assert first.breached_at is None
    assert first.next_at is None
    assert read(world, "Acme", conversation_id).next_due_at == moment(hours=8)


def test_neither_a_note_nor_the_systems_reply_meets_it(world: World):
    a_promise(world, "Acme")
    conversation_id = a_conversation(world, "Acme")
    with db.transaction(world.system_scope("Acme")):
        conversation = get_conversation(conversation_id)
        add_note(conversation, body="Asked the depot.", author=member(world, "Leo"), now=moment())
        reply_to(conversation, body="We got your mail.", author=SYSTEM, now=moment(), then="stay")
    first = clock(world, conversation_id, "first_response")
    assert first.met_at is None
    assert first.is_running
    assert read(world, "Acme", conversation_id).waiting_since == moment()


def test_automatic_mail_starts_nothing_and_a_person_in_it_does(world: World):
    a_promise(world, "Acme")
    conversation_id = a_conversation(world, "Acme", is_automatic=True)
    assert clocks(world, conversation_id, "first_response") == []
    assert read(world, "Acme", conversation_id).next_due_at is None
    sam_writes(world, "Acme", conversation_id, now=moment(hours=1))
    assert clock(world, conversation_id, "first_response").started_at == moment(hours=1)


def test_a_second_message_starts_no_second_clock(world: World):
    a_promise(world, "Acme")
    conversation_id = a_conversation(world, "Acme")
    sam_writes(world, "Acme", conversation_id, now=moment(minutes=10))
    assert clock(world, conversation_id, "first_response").started_at == moment()
    assert clock(world, conversation_id, "resolution").started_at == moment()
    assert read(world, "Acme", conversation_id).waiting_since == moment()


def test_resolution_pauses_while_pending_and_runs_on_when_the_contact_writes(world: World):
    a_promise(world, "Acme", resolution_minutes=480)
    conversation_id = a_conversation(world, "Acme")
    leo_replies(world, "Acme", conversation_id, now=moment(hours=1), then="pending")
    paused = clock(world, conversation_id, "resolution")
    assert paused.is_paused
    assert paused.pauses[-1]["reason"] == "pending"
    assert paused.due_at is None
    assert read(world, "Acme", conversation_id).next_due_at is None
    sam_writes(world, "Acme", conversation_id, now=moment(hours=25))
    resumed = clock(world, conversation_id, "resolution")
    assert not resumed.is_paused
    assert resumed.due_at == moment(hours=8 + 24)
    conversation = read(world, "Acme", conversation_id)
    assert (conversation.status, conversation.is_open) == ("open", True)
    assert conversation.next_due_at == moment(hours=8 + 24)


def test_automatic_mail_does_not_end_a_pause(world: World):
    a_promise(world, "Acme")
    conversation_id = a_conversation(world, "Acme")
    leo_replies(world, "Acme", conversation_id, now=moment(hours=1), then="pending")
    sam_writes(world, "Acme", conversation_id, now=moment(hours=2), is_automatic=True)
    assert clock(world, conversation_id, "resolution").is_paused
    assert read(world, "Acme", conversation_id).status == "pending"


def test_pending_without_a_reply_leaves_the_first_response_running(world: World):
    a_promise(world, "Acme")
    conversation_id = a_conversation(world, "Acme")
    with db.transaction(world.system_scope("Acme")):
        set_pending(get_conversation(conversation_id), by=member(world, "Leo"), now=moment())
    assert clock(world, conversation_id, "first_response").due_at == moment(hours=1)
    assert clock(world, conversation_id, "resolution").is_paused
    with db.transaction(world.system_scope("Acme")):
        resume(get_conversation(conversation_id), by=member(world, "Leo"), now=moment(hours=2))
    assert clock(world, conversation_id, "resolution").due_at == moment(hours=10)


def test_closing_meets_the_resolution(world: World):
    a_promise(world, "Acme")
    conversation_id = a_conversation(world, "Acme")
    leo_replies(world, "Acme", conversation_id, now=moment(hours=1), then="pending")
    leo_closes(world, "Acme", conversation_id, now=moment(hours=30))
    resolution = clock(world, conversation_id, "resolution")
    assert resolution.met_at == moment(hours=30)
    assert resolution.breached_at is None, "29 of the 30 hours were a pause"
    assert read(world, "Acme", conversation_id).next_due_at is None


def test_closed_without_reply_before_the_due_time_is_excluded_with_its_reason(world: World):
    a_promise(world, "Acme")
    conversation_id = a_conversation(world, "Acme")
    leo_closes(world, "Acme", conversation_id, now=moment(minutes=5))
    first = clock(world, conversation_id, "first_response")
    assert first.excluded_reason == "closed_without_reply"
    assert (first.met_at, first.breached_at) == (None, None)


def test_closed_without_reply_past_the_due_time_stays_a_breach(world: World):
    a_promise(world, "Acme", first_response_minutes=60)
    conversation_id = a_conversation(world, "Acme")
    leo_closes(world, "Acme", conversation_id, now=moment(hours=5))
    first = clock(world, conversation_id, "first_response")
    assert (first.excluded_reason, first.met_at) == (None, None)
    assert first.breached_at == moment(hours=1)
    conversation = read(world, "Acme", conversation_id)
    assert not conversation.is_breached, "nothing of a closed conversation is overdue"


def test_reopening_starts_a_new_resolution_and_the_old_one_keeps_its_result(world: World):
    a_promise(world, "Acme", resolution_minutes=480)
    conversation_id = a_conversation(world, "Acme")
    leo_replies(world, "Acme", conversation_id, now=moment(hours=1), then="close")
    sam_writes(world, "Acme", conversation_id, now=moment(hours=50))
    old, new = clocks(world, conversation_id, "resolution")
    assert old.met_at == moment(hours=1)
    assert (new.started_at, new.due_at) == (moment(hours=50), moment(hours=58))
    assert len(clocks(world, conversation_id, "first_response")) == 1
    conversation = read(world, "Acme", conversation_id)
    assert (conversation.reopen_count, conversation.next_due_at) == (1, moment(hours=58))
    with db.transaction(world.system_scope("Acme")):
        reopen(get_conversation(conversation_id), by=member(world, "Leo"), now=moment(hours=51))
    assert len(clocks(world, conversation_id, "resolution")) == 2, "open stays open"


def test_answered_late_is_breached_at_the_due_time_and_met_when_it_was(world: World):
    a_promise(world, "Acme", first_response_minutes=60)
    conversation_id = a_conversation(world, "Acme")
    leo_replies(world, "Acme", conversation_id, now=moment(hours=3), then="stay")
    first = clock(world, conversation_id, "first_response")
    assert (first.breached_at, first.met_at) == (moment(hours=1), moment(hours=3))
    of_first = [event for event in events(world, conversation_id) if "first" in event[0]]
    assert of_first == [
        ("clock.started first_response", moment()),
        ("clock.at_risk first_response", moment(minutes=48)),
        ("clock.breached first_response", moment(hours=1)),
        ("clock.met first_response", moment(hours=3)),
    ]


def test_answered_at_the_very_due_time_is_in_time(world: World):
    a_promise(world, "Acme", first_response_minutes=60)
    conversation_id = a_conversation(world, "Acme")
    leo_replies(world, "Acme", conversation_id, now=moment(hours=1))
    first = clock(world, conversation_id, "first_response")
    assert (first.met_at, first.breached_at) == (moment(hours=1), None)


def test_readings_are_exact_to_now(world: World):
    a_promise(world, "Acme", first_response_minutes=60, resolution_minutes=480)
    conversation_id = a_conversation(world, "Acme")

    def standings(hours: float) -> list[tuple[str, float]]:
        with db.transaction(world.system_scope("Acme")):
            found = read_clocks(conversation_id, now=moment(hours=hours))
            return [(each.standing, each.seconds) for each in found]

    assert standings(0.5) == [("running", 1800), ("running", 27_000)]
    assert standings(0.9) == [("at_risk", 360), ("running", 25_560)]
    assert standings(2) == [("breached", -3600), ("running", 21_600)]
    leo_replies(world, "Acme", conversation_id, now=moment(hours=2), then="pending")
    assert standings(9) == [("breached", -3600), ("paused", 21_600)]


def on_conversation(
    world: World, conversation_id: UUID, verb: Callable[..., None], **values: Any
) -> None:
    """Call an operation of clocks, as the ones who escalate do."""
    with db.transaction(world.system_scope("Acme")):
        verb(lock_conversation(get_conversation(conversation_id)), **values)


def test_a_pod_has_business_minutes_to_accept(world: World):
    a_promise(world, "Acme", calendar=WEEKDAYS)
    friday_at_17 = datetime.fromisoformat("2026-09-04T17:30+02:00")
    conversation_id = a_conversation(world, "Acme", now=friday_at_17)
    on_conversation(world, conversation_id, start_pod_accept, minutes=60, now=friday_at_17)
    on_conversation(world, conversation_id, start_pod_accept, minutes=60, now=friday_at_17)
    due = clock(world, conversation_id, "pod_accept").due_at
    assert due == datetime.fromisoformat("2026-09-07T09:30+02:00")
    assert read(world, "Acme", conversation_id).next_due_at == due
    monday_at_11 = datetime.fromisoformat("2026-09-07T11:00+02:00")
    on_conversation(world, conversation_id, meet_pod_accept, now=monday_at_11)
    accepted = clock(world, conversation_id, "pod_accept")
    assert (accepted.met_at, accepted.breached_at) == (monday_at_11, due)
    on_conversation(world, conversation_id, start_pod_accept, minutes=60, now=monday_at_11)
    assert len(clocks(world, conversation_id, "pod_accept")) == 2, "escalated a second time"


def test_handed_back_unaccepted_in_time_is_excluded_and_the_rest_runs_on(world: World):
    a_promise(world, "Acme")
    conversation_id = a_conversation(world, "Acme")
    on_conversation(world, conversation_id, start_pod_accept, minutes=30, now=moment())
    on_conversation(world, conversation_id, give_up_pod_accept, now=moment(minutes=10))
    assert clock(world, conversation_id, "pod_accept").excluded_reason == "handed_back"
    assert clock(world, conversation_id, "resolution").is_running
    assert read(world, "Acme", conversation_id).next_due_at == moment(hours=1)


def test_a_new_policy_holds_for_what_starts_later(world: World):
    a_promise(world, "Acme", first_response_minutes=60)
    before = a_conversation(world, "Acme", now=moment())
    with db.transaction(world.system_scope("Acme")):
        publish_policy(
            workspace_id=world.workspaces["Acme"],
            name="Premium",
            targets=[{"first_response_minutes": 15, "resolution_minutes": 60}],
            valid_from=moment(days=1),
            now=moment(),
        )
    between = a_conversation(world, "Acme", now=moment(hours=1))
    after = a_conversation(world, "Acme", now=moment(days=1))
    assert [
        clock(world, each, "first_response").target_minutes for each in (before, between, after)
    ] == [60, 60, 15]


@pytest.mark.parametrize(
    "targets",
    [
        [],
        [{"first_response_minutes": 60}],
        [{"first_response_minutes": 0, "resolution_minutes": 60}],
        [{"first_response_minutes": "soon", "resolution_minutes": 60}],
    ],
)
def test_a_policy_without_times_is_refused(world: World, targets: list[dict[str, Any]]):
    with db.transaction(world.system_scope("Acme")), pytest.raises(BadTargets) as refusal:
        publish_policy(
            workspace_id=world.workspaces["Acme"],
            name="Empty",
            targets=targets,
            valid_from=moment(),
            now=moment(),
        )
    assert refusal.value.field == "targets"


def test_mallory_sees_and_sets_no_promise_of_another_agency(world: World):
    a_promise(world, "Acme")
    conversation_id = a_conversation(world, "Acme")
    with db.transaction(world.scope("Mallory")):
        assert read_clocks(conversation_id, now=moment()) == []
        assert find_policy(world.workspaces["Acme"], at=moment()) is None
        with pytest.raises(NotFound):
            publish_policy(
                workspace_id=world.workspaces["Acme"],
                name="Mine",
                targets=[{"first_response_minutes": 15, "resolution_minutes": 60}],
                valid_from=moment(),
                now=moment(),
            )
