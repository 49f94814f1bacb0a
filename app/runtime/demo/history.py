"""Eight weeks of conversations, replayed through the desk's own operations at their own times."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.channels.models import Inbox
from app.contacts.operations import find_or_create_contact
from app.conversations.models import Conversation, Delivery
from app.conversations.operations.opening import open_conversation
from app.conversations.operations.receiving import ReceivedBody, receive_message
from app.conversations.operations.replying import reply_to
from app.escalations.models import Pod
from app.escalations.operations import accept, escalate, prefill_packet
from app.l1_pool.operations import claim
from app.runtime.demo.brands import BRANDS, DemoBrand
from app.runtime.demo.stories import FIRST_NAMES, LAST_NAMES, STORIES, Story
from app.sla.business_hours import Calendar
from app.sla.calculus import due_at
from app.sla.models import CalendarVersion
from tenants.context import Actor, Scope
from tenants.db import db, new_id
from tenants.jobs import Job
from tenants.members.operations import find_member_by_email

WEEKS = 8
_HOURS = range(6, 24)
_BUSY = (1, 1, 2, 4, 6, 7, 7, 6, 5, 5, 6, 7, 7, 6, 6, 5, 3, 2)


@dataclass(frozen=True)
class Arrival:
    """One shopper's matter: when, who, what, and how far it has come by now."""

    at: datetime
    story: Story
    first: str
    last: str
    order: str
    product: str


@dataclass(frozen=True)
class Crew:
    """Who works for a client."""

    agents: tuple[Actor, ...]
    pod_lead: Actor
    pod: Pod
    inbox: Inbox
    calendar: Calendar


def write_history(scopes: dict[str, Scope], *, now: datetime) -> int:
    """Replay every client's weeks up to `now`; returns how many conversations that made."""
    chance = random.Random(20261121)  # noqa: S311 - the same history in every demo
    made = 0
    for brand in BRANDS:
        scope = scopes[brand.slug]
        with db.transaction(scope):
            crew = _crew()
        for arrival in _arrivals(brand, chance, now):
            with db.transaction(scope):
                _replay(arrival, crew, chance, now)
                _settle_deliveries()
            made += 1
    return made


def _crew() -> Crew:
    agents = tuple(_actor(f"{word}@northwind.example") for word in ("leo", "lin"))
    version = db.session.scalars(sa.select(CalendarVersion)).one()
    return Crew(
        agents=agents,
        pod_lead=_actor("pia@northwind.example"),
        pod=db.session.scalars(sa.select(Pod)).one(),
        inbox=db.session.scalars(sa.select(Inbox)).one(),
        calendar=Calendar.from_json(version.definition),
    )


def _actor(email: str) -> Actor:
    member = find_member_by_email(email)
    if member is None:
        raise LookupError(email)
    return Actor("member", member.id, member.shown_name)


def _arrivals(brand: DemoBrand, chance: random.Random, now: datetime) -> list[Arrival]:
    """Spread over the weeks and the shop's day, with the last hours always among them."""
    zone = ZoneInfo(brand.zone)
    moments = [now - timedelta(minutes=chance.randint(4, 55 * (n + 1))) for n in range(6)]
    while len(moments) < brand.conversations:
        day = (now - timedelta(days=chance.randint(0, WEEKS * 7))).astimezone(zone)
        hour = chance.choices(_HOURS, _BUSY)[0]
        moment = day.replace(hour=hour, minute=chance.randint(0, 59), second=chance.randint(0, 59))
        if moment < now:
            moments.append(moment)
    stories = chance.choices(STORIES, [story.weight for story in STORIES], k=len(moments))
    return [
        Arrival(
            at=moment.astimezone(now.tzinfo),
            story=story,
            first=chance.choice(FIRST_NAMES),
            last=chance.choice(LAST_NAMES),
            order=f"{brand.order_prefix}{chance.randint(20000, 49999)}",
            product=chance.choice(brand.products),
        )
        for moment, story in zip(sorted(moments), stories, strict=True)
    ]


def _replay(arrival: Arrival, crew: Crew, chance: random.Random, now: datetime) -> None:
    """Play the story's turns until it ends, or until its next turn would be in the future."""
    contact = find_or_create_contact(
        workspace_id=crew.inbox.workspace_id,
        email=f"{arrival.first}.{arrival.last}@mail.example".lower(),
        name=f"{arrival.first} {arrival.last}",
        now=arrival.at,
    )
    conversation = open_conversation(
        contact=contact,
        inbox=crew.inbox,
        subject=_filled(arrival.story.subject, arrival),
        now=arrival.at,
        topic=arrival.story.topic,
    )
    agent = chance.choice(crew.agents)
    moment = arrival.at
    for number, (speaker, words) in enumerate(arrival.story.turns):
        if speaker == "s":
            moment = moment if number == 0 else moment + timedelta(hours=chance.uniform(0.5, 20))
            if moment >= now:
                return
            receive_message(
                conversation,
                body=_body(_filled(words, arrival)),
                author=contact,
                now=moment,
                external_id=str(new_id()),
            )
            continue
        wait = min(int(chance.lognormvariate(3.7, 0.8)) + 3, 900)
        answered = due_at(moment, wait, crew.calendar)
        if answered is None or answered >= now:
            _leave_underway(conversation, arrival.story, crew, agent, since=moment, now=now)
            return
        claimed = max(moment, answered - timedelta(minutes=chance.uniform(6, 25)))
        if conversation.assignee_id is None:
            claim(conversation, by=agent, now=claimed)
            if arrival.story.escalates:
                agent = _hand_to_pod(conversation, crew, agent, claimed, answered)
        is_last = number == len(arrival.story.turns) - 1
        reply_to(
            conversation,
            body=_filled(words, arrival),
            author=agent,
            now=answered,
            then="close" if is_last else "pending",
        )
        moment = answered


def _leave_underway(
    conversation: Conversation,
    story: Story,
    crew: Crew,
    agent: Actor,
    *,
    since: datetime,
    now: datetime,
) -> None:
    """What is not answered yet waits in the pool, or for the pod where it was escalated."""
    if conversation.assignee_id is not None or not story.escalates:
        return
    at = max(since, now - timedelta(minutes=9))
    claim(conversation, by=agent, now=at)
    packet = prefill_packet(conversation, now=at)
    escalate(conversation, to=crew.pod, packet=packet, reason="Upset shopper", by=agent, now=at)


def _hand_to_pod(
    conversation: Conversation,
    crew: Crew,
    agent: Actor,
    claimed: datetime,
    answered: datetime,
) -> Actor:
    """L1 hands over with a packet; the pod takes it and answers."""
    escalation = escalate(
        conversation,
        to=crew.pod,
        packet=prefill_packet(conversation, now=claimed),
        reason="Upset shopper",
        by=agent,
        now=claimed,
    )
    accept(escalation, conversation, by=crew.pod_lead, now=claimed + (answered - claimed) * 0.5)
    return crew.pod_lead


def _settle_deliveries() -> None:
    """What was answered weeks ago was sent weeks ago: nothing of it leaves again today."""
    db.session.execute(
        sa.update(Delivery)
        .where(Delivery.state == "queued")
        .values(
            state="accepted",
            attempts=1,
            handed_over_at=Delivery.queued_at,
            ended_at=Delivery.queued_at,
            next_attempt_at=None,
            last_response="250 accepted",
        )
    )
    db.session.execute(
        sa.delete(Job).where(
            Job.agency_id == db.scope.agency_id,
            Job.workspace_id == db.scope.only_workspace_id,
            Job.function == "app.conversations.jobs:deliver_message",
        )
    )


def _filled(words: str, arrival: Arrival) -> str:
    filled = words.format(order=arrival.order, product=arrival.product, first=arrival.first)
    return filled[0].upper() + filled[1:]


def _body(text: str) -> ReceivedBody:
    return ReceivedBody(text=text, visible_text=text)
