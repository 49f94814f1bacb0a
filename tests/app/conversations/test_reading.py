"""The story of a conversation in few statements, and how mails find it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from app.channels.email.outgoing import hash_of
from app.conversations.operations.replying import add_note
from app.conversations.queries import (
    get_attachment,
    get_conversation,
    get_matter,
    get_message,
    is_participant,
    list_messages_by_mail_ids,
    timeline,
)
from app.sla.queries import read_clocks
from tenants.db import db
from tenants.errors import NotFound
from tenants.ids import new_id
from tests.factories.cast import World
from tests.factories.conversations import (
    SAM,
    a_conversation,
    a_promise,
    leo_replies,
    member,
    moment,
    sam_writes,
)


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    engine = db.session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def test_the_story_is_told_in_order(world: World):
    a_promise(world, "Acme", first_response_minutes=30)
    conversation_id = a_conversation(world, "Acme", now=moment())
    with db.transaction(world.system_scope("Acme")):
        add_note(
            get_conversation(conversation_id),
            body="Asked the depot.",
            author=member(world, "Leo"),
            now=moment(minutes=10),
        )
    leo_replies(world, "Acme", conversation_id, now=moment(hours=1), then="close")
    sam_writes(world, "Acme", conversation_id, now=moment(hours=2))
    with db.transaction(world.system_scope("Acme")):
        story = timeline(get_conversation(conversation_id))
    told = [entry.name or entry.kind for entry in story if not entry.name.startswith("clock.st")]
    assert told == [
        "conversation.opened",
        "message",
        "note",
        "clock.at_risk",
        "clock.breached",
        "message",
        "clock.met",
        "clock.met",
        "conversation.closed",
        "conversation.reopened",
        "message",
    ]
    assert [entry.at for entry in story] == sorted(entry.at for entry in story)
    [reply] = [entry for entry in story if entry.deliveries]
    assert reply.deliveries[0].recipient == SAM


def test_a_long_conversation_costs_no_more_statements_than_a_short_one(world: World):
    a_promise(world, "Acme")
    conversation_id = a_conversation(world, "Acme")
    for hour in range(1, 6):
        leo_replies(world, "Acme", conversation_id, now=moment(hours=hour), then="stay")
        sam_writes(world, "Acme", conversation_id, now=moment(hours=hour, minutes=30))
    with db.transaction(world.scope("Leo")), statements() as seen:
        matter = get_matter(conversation_id)
        story = timeline(matter.conversation)
        clocks = read_clocks(conversation_id, now=moment(days=1))
    assert len([entry for entry in story if entry.message]) == 11
    assert len(clocks) == 2
    assert (matter.contact.email, matter.inbox.address) == (SAM, "help@acme.example")
    assert len([each for each in seen if not each.startswith("SET")]) <= 6


def test_a_mail_is_found_by_its_id_within_its_brand_only(world: World):
    conversation_id = a_conversation(world, "Acme")
    message_id = leo_replies(world, "Acme", conversation_id, now=moment(hours=1))
    with db.transaction(world.scope("Ana")):
        mail_id = get_message(message_id).mail_id
        assert mail_id is not None
        hashes = [hash_of(mail_id), hash_of("<unknown@elsewhere.example>")]
        acme, birch = world.workspaces["Acme"], world.workspaces["Birch"]
        found = list_messages_by_mail_ids(hashes, workspace_id=acme)
        assert [message.id for message in found] == [message_id]
        assert list_messages_by_mail_ids(hashes, workspace_id=birch) == []


def test_the_contact_takes_part_and_a_passer_by_does_not(world: World):
    conversation_id = a_conversation(world, "Acme")
    with db.transaction(world.system_scope("Acme")):
        conversation = get_conversation(conversation_id)
        assert is_participant("SAM@shopper.example ", conversation)
        assert not is_participant("pat@elsewhere.example", conversation)


def test_foreign_and_missing_are_the_same(world: World):
    conversation_id = a_conversation(world, "Acme")
    message_id = leo_replies(world, "Acme", conversation_id, now=moment())
    with db.transaction(world.scope("Mallory")):
        for ask, id_ in [
            (get_conversation, conversation_id),
            (get_matter, conversation_id),
            (get_message, message_id),
            (get_attachment, new_id()),
        ]:
            with pytest.raises(NotFound) as foreign:
                ask(id_)
            with pytest.raises(NotFound) as missing:
                ask(new_id())
            assert str(foreign.value) == str(missing.value)
