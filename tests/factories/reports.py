"""A brand's history as a month of it would look: written in bulk, with explicit times.

The same seed gives the same month. Conversations, messages, clocks and ledger rows are what the
operations would have left; reviews go through the operations themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.contacts.models import Contact
from app.conversations.models import Conversation, Message
from app.escalations.models import Escalation, Pod
from app.quality.answers import Answer, Quote
from app.quality.default_scorecard import CRITERIA
from app.quality.models import Review
from app.quality.operations.drawing import draw_sample
from app.quality.operations.reviewing import publish_review
from app.reports.models import Report
from app.reports.operations import request_report
from app.reports.queries.reports import get_report
from app.sla.business_hours import Calendar
from app.sla.calculus import ClockState, Pause, due_at
from app.sla.models import CalendarVersion, Clock, PolicyVersion
from tenants.context import SYSTEM, Actor
from tenants.db import db, new_id
from tenants.ledger import Event
from tests.factories.cast import World
from tests.factories.conversations import a_promise, an_inbox

ZONE = ZoneInfo("Europe/Berlin")
WORKDAYS = Calendar.from_json({
    "zone": "Europe/Berlin",
    "weekly": {
        day: [["09:00", "18:00"]]
        for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
    },
})  # fmt: skip
TOPICS: dict[str | None, int] = {
    "wismo": 34,
    "returns": 22,
    "damaged_item": 9,
    "refunds": 12,
    "address_change": 8,
    "product_question": 10,
    None: 5,
}
PACKET = dict.fromkeys(
    ("identity", "intent", "actions_taken", "transcript", "priority_cues"), "told"
)
_HOURS = {8: 4, 9: 10, 10: 12, 11: 9, 12: 6, 13: 6, 14: 8, 15: 7, 16: 6, 17: 5, 19: 4, 21: 4, 22: 2}
_WEEKDAYS = (24, 17, 15, 15, 14, 8, 7)
_ASKS = {
    "wismo": "Order W26113 was due on Friday and the tracking has not moved. Where is my parcel?",
    "returns": "The 42 fits like a 41. Can I swap it for the next size before the weekend?",
    "damaged_item": "The lamp arrived with a broken shade. I am attaching two pictures of it.",
}
_ANSWERS = {
    "wismo": "Hello Sam, your parcel W26113 left Hamburg this morning and will reach you tomorrow"
    " before noon. I will look at it again on Thursday.",
    "returns": "Hello Sam, the next size is reserved for you. Put the 42 back into its box with the"
    " label from sam@shop.example; we send the exchange as soon as it is scanned.",
    "damaged_item": "Hello Sam, thank you for the pictures. A new shade is on its way; you need not"
    " send the old one back.",
    "refunds": "Hello Sam, your refund was booked today. Banks take two or three days to show it.",
}


@dataclass
class History:
    """Rows as they go into the database, by table."""

    conversations: list[dict[str, Any]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    clocks: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    escalations: list[dict[str, Any]] = field(default_factory=list)


def a_history(
    world: World,
    brand: str,
    *,
    first: date,
    until: date,
    conversations: int,
    seed: int = 7,
    topics: dict[str | None, int] | None = None,
    slower: float = 1.0,
    now: datetime | None = None,
) -> None:
    """So many conversations opened from `first` until before `until`, and how each went on."""
    inbox_id = an_inbox(world, brand)
    _keep_promises(world, brand)
    random = Random(seed)  # noqa: S311 - the same month each time
    now = now or datetime.combine(until, time(12), ZONE).astimezone(UTC) + timedelta(days=30)
    with db.transaction(world.system_scope(brand)) as session:
        maker = _Maker(world, brand, random=random, inbox_id=inbox_id, slower=slower, now=now)
        for opened_at in sorted(_moments(random, first, until, conversations)):
            topic = random.choices(*zip(*(topics or TOPICS).items(), strict=True))[0]
            maker.add(opened_at, topic)
        history = maker.history
        for table, rows in (
            (Conversation, history.conversations),
            (Message, history.messages),
            (Clock, history.clocks),
            (Event, history.events),
            (Escalation, history.escalations),
        ):
            if rows:
                session.execute(sa.insert(table), rows)


def a_report(
    world: World,
    brand: str = "Acme",
    *,
    first: date = date(2026, 10, 1),
    until: date = date(2026, 11, 1),
    by: Actor = SYSTEM,
    recipients: Sequence[str] = (),
    now: datetime = datetime(2026, 11, 2, 9, tzinfo=UTC),
) -> UUID:
    """Somebody asks for October's report; its id. It is made when due jobs are run."""
    with db.transaction(world.system_scope(brand)):
        report = request_report(
            world.workspaces[brand], first, until, by=by, now=now, recipients=recipients
        )
        return report.id


def read_report(world: World, report_id: UUID, brand: str = "Acme") -> Report:
    """The report's row as it is stored now, detached."""
    with db.transaction(world.system_scope(brand)):
        return get_report(report_id)


def reviews_of_weeks(
    world: World, brand: str, weeks: Sequence[date], *, seed: int = 7, quotes: bool = True
) -> int:
    """Draw each of these weeks at random and publish what was drawn; returns how many."""
    random = Random(seed)  # noqa: S311 - the same month each time
    published = 0
    for monday in weeks:
        now = datetime.combine(monday + timedelta(days=8), time(9), UTC)
        with db.transaction(world.system_scope(brand)) as session:
            sample = draw_sample(
                workspace_id=world.workspaces[brand],
                period_from=monday,
                period_until=monday + timedelta(days=7),
                stream="random",
                now=now,
                seed=seed,
            )
            session.flush()
            for review in session.scalars(sa.select(Review).where(Review.sample_id == sample.id)):
                answers = _answers(random, review, with_quotes=quotes)
                quinn = Actor("member", world.members["Quinn"], "Quinn")
                publish_review(
                    review, answers=answers, comment="", by=quinn, now=now + timedelta(hours=2)
                )
                published += 1
    return published


def _answers(random: Random, review: Review, *, with_quotes: bool) -> dict[str, Answer]:
    answers = {}
    message = db.session.scalars(
        sa.select(Message)
        .where(Message.conversation_id == review.conversation_id, Message.author_kind == "agent")
        .limit(1)
    ).first()
    for criterion in CRITERIA:
        value = criterion.scale
        if not criterion.critical and random.random() < (
            0.5 if criterion.code == "context" else 0.25
        ):
            value = max(1, criterion.scale - random.choice((1, 1, 2)))
        quotes: tuple[Quote, ...] = ()
        if with_quotes and message and criterion.code in {"answer", "context"}:
            quotes = (Quote(message.id, message.visible_text),)
        low = value <= (1 + criterion.scale) / 2
        answers[criterion.code] = Answer(
            value=value, root_cause="Order data missing" if low else None, quotes=quotes
        )
    return answers


def _keep_promises(world: World, brand: str) -> None:
    """Service hours and targets, published once."""
    with db.transaction(world.system_scope(brand)) as session:
        if session.scalar(sa.select(PolicyVersion.id).limit(1)):
            return
    urgent = {"channel": None, "topic": "damaged_item"}
    a_promise(
        world,
        brand,
        first_response_minutes=240,
        resolution_minutes=1080,
        calendar=WORKDAYS,
        rules=[{**urgent, "first_response_minutes": 120, "resolution_minutes": 1080}],
    )


def _moments(random: Random, first: date, until: date, number: int) -> list[datetime]:
    days = [first + timedelta(days=n) for n in range((until - first).days)]
    weights = [_WEEKDAYS[day.weekday()] * random.uniform(0.7, 1.3) for day in days]
    moments = []
    for day in random.choices(days, weights, k=number):
        hour = random.choices(list(_HOURS), list(_HOURS.values()))[0]
        clock = time(hour, random.randrange(60), random.randrange(60))
        moments.append(datetime.combine(day, clock, ZONE).astimezone(UTC))
    return moments


class _Maker:
    """Writes one conversation after the other."""

    def __init__(
        self,
        world: World,
        brand: str,
        *,
        random: Random,
        inbox_id: UUID,
        slower: float,
        now: datetime,
    ) -> None:
        self.history = History()
        self.random, self.slower, self.now = random, slower, now
        self.tenant = {
            "agency_id": world.agency_of[brand],
            "workspace_id": world.workspaces[brand],
        }
        self.inbox_id = inbox_id
        self.agent = (world.members["Leo"], "Leo") if "Leo" in world.members else (new_id(), "Leo")
        session = db.session
        self.calendar_id = session.scalars(sa.select(CalendarVersion.id)).first()
        self.policy_id = session.scalars(sa.select(PolicyVersion.id)).first()
        self.number = session.scalar(sa.select(sa.func.max(Conversation.number))) or 0
        self.contact_ids = list(session.scalars(sa.select(Contact.id)))
        if len(self.contact_ids) < 40:
            contacts: list[dict[str, Any]] = [
                {**self.tenant, "id": new_id(), "email": f"sam{n}@shop.example"}
                | {"name": f"Sam Rivera {n}", "created_at": now - timedelta(days=90)}
                for n in range(len(self.contact_ids), 40)
            ]
            session.execute(sa.insert(Contact), contacts)
            self.contact_ids += [contact["id"] for contact in contacts]
        self.pod_id = session.scalars(sa.select(Pod.id)).first()
        if self.pod_id is None:
            pod = Pod(**self.tenant, name=f"{brand} pod", accept_minutes=60, created_at=now)
            session.add(pod)
            session.flush()
            self.pod_id = pod.id

    def add(self, opened_at: datetime, topic: str | None) -> None:
        random = self.random
        conversation_id = new_id()
        wait = random.lognormvariate(3.9, 0.95) * self.slower
        if opened_at.astimezone(ZONE).weekday() == 0:
            wait *= 1.9
        answered_at = due_at(opened_at, min(wait, 3000), WORKDAYS)
        assert answered_at is not None
        pauses: list[Pause] = []
        replies = [answered_at]
        closed_at = answered_at
        while random.random() < 0.38:
            back_at = closed_at + timedelta(hours=random.uniform(1, 20))
            pauses.append((closed_at, back_at))
            again = due_at(back_at, random.lognormvariate(4.4, 0.9), WORKDAYS)
            assert again is not None
            closed_at = again
            replies.append(closed_at)
        handed = topic in {"refunds", "damaged_item"} and random.random() < 0.3
        is_closed = closed_at <= self.now and random.random() < 0.99
        is_answered = answered_at <= self.now
        self._message(conversation_id, "contact", opened_at, _ASKS.get(topic or "", _ASKS["wismo"]))
        for at in replies:
            if at <= self.now:
                self._message(
                    conversation_id, "agent", at, _ANSWERS.get(topic or "", _ANSWERS["wismo"])
                )
        reopened_at = closed_at + timedelta(hours=random.uniform(2, 60))
        reopens = is_closed and random.random() < 0.05 and reopened_at < self.now
        self._clock(
            conversation_id, "first_response", opened_at, 120 if topic == "damaged_item" else 240,
            met_at=answered_at if is_answered else None,
        )  # fmt: skip
        self._clock(
            conversation_id, "resolution", opened_at, 1080,
            met_at=closed_at if is_closed else None, pauses=pauses,
        )  # fmt: skip
        if is_closed:
            self._event("conversation.closed", conversation_id, closed_at, {})
        if reopens:
            self._event("conversation.reopened", conversation_id, reopened_at, {"by_contact": True})
            closed_at = due_at(reopened_at, 90, WORKDAYS) or reopened_at
            self._event("conversation.closed", conversation_id, closed_at, {})
        if handed:
            self._escalate(conversation_id, opened_at)
        self.number += 1
        self.history.conversations.append({
            **self.tenant,
            "id": conversation_id,
            "number": self.number,
            "contact_id": random.choice(self.contact_ids),
            "inbox_id": self.inbox_id,
            "channel": "email",
            "subject": (topic or "a question").replace("_", " ").capitalize(),
            "topic": topic,
            "status": "closed" if is_closed else "open",
            "is_open": not is_closed,
            "team": "l1",
            "assignee_id": self.agent[0],
            "assignee_name": self.agent[1],
            "last_message_at": max(closed_at, replies[-1]),
            "message_count": 1 + len(replies),
            "is_breached": False,
            "is_automatic": False,
            "created_at": opened_at,
            "closed_at": closed_at if is_closed else None,
            "reopen_count": int(reopens),
            "version": 1,
        })  # fmt: skip

    def _message(self, conversation_id: UUID, author: str, at: datetime, text: str) -> None:
        is_agent = author == "agent"
        self.history.messages.append({
            **self.tenant,
            "id": new_id(),
            "conversation_id": conversation_id,
            "inbox_id": self.inbox_id,
            "author_kind": author,
            "author_id": self.agent[0] if is_agent else None,
            "author_name": self.agent[1] if is_agent else "Sam Rivera",
            "is_note": False,
            "is_automatic": False,
            "is_unverified": False,
            "body_text": text,
            "visible_text": text,
            "created_at": at,
        })  # fmt: skip

    def _clock(
        self,
        conversation_id: UUID,
        kind: str,
        started_at: datetime,
        target: int,
        *,
        met_at: datetime | None,
        pauses: Sequence[Pause] = (),
    ) -> None:
        state = ClockState(
            kind=kind,
            started_at=started_at,
            target_minutes=target,
            calendar=WORKDAYS,
            pauses=tuple(pauses),
            met_at=met_at,
        )
        self.history.clocks.append({
            **self.tenant,
            "id": new_id(),
            "conversation_id": conversation_id,
            "calendar_id": self.calendar_id,
            "policy_id": self.policy_id,
            "kind": kind,
            "target_minutes": target,
            "at_risk_share": 0.8,
            "started_at": started_at,
            "pauses": [
                {"from": since.isoformat(), "until": until.isoformat(), "reason": "pending"}
                for since, until in pauses
                if until is not None
            ],
            "due_at": state.due_at,
            "met_at": met_at,
            "breached_at": state.breached_at(self.now),
            "ended_at": met_at,
        })  # fmt: skip

    def _event(self, kind: str, conversation_id: UUID, at: datetime, data: dict[str, Any]) -> None:
        self.history.events.append({
            **self.tenant,
            "subject_type": "conversation",
            "subject_id": conversation_id,
            "kind": kind,
            "actor_kind": "member",
            "actor_id": self.agent[0],
            "actor_name": self.agent[1],
            "at": at,
            "data": data,
        })  # fmt: skip

    def _escalate(self, conversation_id: UUID, opened_at: datetime) -> None:
        handed_at = opened_at + timedelta(minutes=20)
        accepted_at = due_at(handed_at, self.random.uniform(5, 80), WORKDAYS)
        back = self.random.random() < 0.12
        assert accepted_at is not None
        ended_at = accepted_at + timedelta(hours=1)
        self.history.escalations.append({
            **self.tenant,
            "id": new_id(),
            "conversation_id": conversation_id,
            "pod_id": self.pod_id,
            "packet": PACKET,
            "reason": "Outside what L1 may decide",
            "escalated_by_id": self.agent[0],
            "escalated_by_name": self.agent[1],
            "escalated_at": handed_at,
            "accepted_by_id": self.agent[0],
            "accepted_by_name": "Pia",
            "accepted_at": accepted_at,
            "handed_back_at": ended_at if back else None,
            "ended_at": ended_at,
        })  # fmt: skip
