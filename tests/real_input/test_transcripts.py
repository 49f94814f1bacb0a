"""Real support chats, replayed as mail exchanges: nothing is lost, doubled or filed elsewhere."""

import gzip
import json
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.conversations.models import Conversation, Message
from app.conversations.order_numbers import find_order_number
from app.conversations.queries import get_conversation, list_messages, timeline
from app.inbound.recipients import find_destination
from app.sla.models import Clock
from tenants.db import db
from tests.app.conversations.mail_server import MailServer, a_mail_server
from tests.factories.cast import World
from tests.factories.conversations import a_promise
from tests.factories.mail import an_inbox
from tests.factories.work import run_due_jobs
from tools.replay_transcripts import Dialogue, Replay, find_agent, read_dialogues

pytestmark = pytest.mark.slow

INBOX = "support@birch.example"
SOME = 20


@pytest.fixture
def file(data: Path) -> Path:
    return data / "dialogues" / "retail_support_runs.jsonl.gz"


@pytest.fixture
def dialogues(file: Path) -> list[Dialogue]:
    return list(islice(read_dialogues(file), SOME))


@pytest.fixture
def replay(world: World) -> Replay:
    """Leo answers the mail that comes to Birch."""
    an_inbox(world, "Birch", INBOX)
    a_promise(world, "Birch", first_response_minutes=60, resolution_minutes=480)
    destination = find_destination(INBOX)
    assert destination is not None
    agent = find_agent(destination, world.emails["Leo"])
    assert agent is not None
    return Replay(destination, INBOX, agent)


def stored(world: World, table: type[Conversation] | type[Message]) -> int:
    with db.transaction(world.system_scope("Birch")) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_every_turn_but_the_greeting_is_kept(file: Path):
    with gzip.open(file, "rt") as lines:
        chats = [json.loads(line) for line in lines]

    read = list(read_dialogues(file))

    assert [len(dialogue.turns) for dialogue in read] == [len(chat["turns"]) - 1 for chat in chats]
    for dialogue in read:
        times = [turn.at for turn in dialogue.turns]
        assert times == sorted(times)
        assert dialogue.turns[0].speaker == "customer"


def test_each_dialogue_is_one_conversation_with_all_that_was_said(
    world: World, replay: Replay, dialogues: list[Dialogue]
):
    found = [replay.play(dialogue) for dialogue in dialogues]

    assert stored(world, Conversation) == len(set(found)) == SOME
    assert stored(world, Message) == sum(len(dialogue.turns) for dialogue in dialogues)
    for dialogue, conversation_id in zip(dialogues, found, strict=True):
        assert conversation_id is not None
        with db.transaction(world.system_scope("Birch")):
            conversation = get_conversation(conversation_id)
            messages = list_messages(conversation)
            entries = timeline(conversation)
        assert [message.visible_text for message in messages] == [
            turn.text for turn in dialogue.turns
        ], "quotes are cut, words are not"
        assert [message.created_at for message in messages] == [turn.at for turn in dialogue.turns]
        speakers = ["action" if m.is_note else m.author_kind for m in messages]
        said = [turn.speaker.replace("customer", "contact") for turn in dialogue.turns]
        assert speakers == said
        by_contact = [m.threaded_by for m in messages if m.author_kind == "contact"]
        assert by_contact == [None, *["our Message-ID"] * (len(by_contact) - 1)]
        assert conversation.message_count == sum(not m.is_note for m in messages)
        last = next(s for s in reversed(said) if s != "action")
        assert conversation.status == ("open" if last == "contact" else "pending")
        assert len([entry for entry in entries if entry.kind == "message"]) == (
            conversation.message_count
        )


def test_the_orders_people_name_are_found(world: World, replay: Replay, dialogues: list[Dialogue]):
    for dialogue in dialogues:
        conversation_id = replay.play(dialogue)
        assert conversation_id is not None
        said = [turn.text for turn in dialogue.turns if turn.speaker != "action"]
        with db.transaction(world.system_scope("Birch")):
            messages = list_messages(get_conversation(conversation_id))
        found = find_order_number([m.visible_text for m in messages if not m.is_note])
        named = [word for text in said for word in text.split() if "#W" in word]
        assert (found is not None) == bool(named), (dialogue.name, found, named)
        assert found is None or f"#{found}" in " ".join(said).upper()


def test_every_reply_leaves_once_and_is_answered_in_time(
    world: World, replay: Replay, dialogues: list[Dialogue]
):
    replay.closes = True
    with a_mail_server() as mail_server:
        for dialogue in dialogues[:5]:
            replay.play(dialogue)
        run_due_jobs(limit=1000)

    assert sent(mail_server) == Counter(
        turn.text
        for dialogue in dialogues[:5]
        for turn in dialogue.turns
        if turn.speaker == "agent"
    )
    with db.transaction(world.system_scope("Birch")) as session:
        statuses = session.scalars(sa.select(Conversation.status)).all()
        assert set(statuses) == {"closed"}
        clocks = session.scalars(sa.select(Clock)).all()
        assert Counter(clock.kind for clock in clocks) == {"first_response": 5, "resolution": 5}
        assert all(clock.met_at and clock.breached_at is None for clock in clocks)


def sent(mail_server: MailServer) -> Counter[str]:
    """What was said in each mail above the sign-off."""
    bodies = [mail.get_body(("plain",)) for mail in mail_server.mails]
    assert all(bodies)
    return Counter(
        body.get_content().replace("\r\n", "\n").rpartition("\n\n--\n")[0]
        for body in bodies
        if body
    )


def test_played_again_nothing_happens_again(
    world: World, replay: Replay, dialogues: list[Dialogue]
):
    replay.play(dialogues[0])
    before = stored(world, Message)

    assert replay.play(dialogues[0]) is None
    assert stored(world, Message) == before
