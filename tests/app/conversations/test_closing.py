"""Closed, reopened, pending, resumed: each once, each in the ledger, none by a stranger."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.conversations.errors import ConversationClosed
from app.conversations.operations.closing import close, reopen, resume, set_pending
from app.conversations.queries import get_conversation
from tenants.db import db
from tenants.errors import NotFound
from tenants.ledger import Event
from tests.factories.cast import World
from tests.factories.conversations import a_conversation, leo_closes, member, moment, read

EVERYTHING = [close, reopen, set_pending, resume]


@pytest.mark.parametrize(
    ("verb", "first", "kind", "status"),
    [
        (close, None, "conversation.closed", "closed"),
        (reopen, close, "conversation.reopened", "open"),
        (set_pending, None, "conversation.pending", "pending"),
        (resume, set_pending, "conversation.resumed", "open"),
    ],
)
def test_done_twice_it_happens_once(
    world: World,
    verb: Callable[..., None],
    first: Callable[..., None] | None,
    kind: str,
    status: str,
):
    conversation_id = a_conversation(world, "Acme")
    leo = member(world, "Leo")
    for step in [first, verb, verb] if first else [verb, verb]:
        with db.transaction(world.system_scope("Acme")):
            step(get_conversation(conversation_id), by=leo, now=moment(hours=1))
    conversation = read(world, "Acme", conversation_id)
    assert conversation.status == status
    assert conversation.is_open == (status == "open")
    with db.transaction(world.system_scope("Acme")) as session:
        [event] = session.scalars(
            sa.select(Event).where(Event.subject_id == conversation_id, Event.kind == kind)
        ).all()
        assert (event.actor_name, event.at) == ("Leo", moment(hours=1))


def test_what_is_closed_neither_waits_nor_goes_on(world: World):
    conversation_id = a_conversation(world, "Acme")
    leo_closes(world, "Acme", conversation_id, now=moment())
    for verb in (set_pending, resume):
        with db.transaction(world.system_scope("Acme")), pytest.raises(ConversationClosed):
            verb(get_conversation(conversation_id), by=member(world, "Leo"), now=moment())


def test_each_change_gives_the_row_a_new_version(world: World):
    conversation_id = a_conversation(world, "Acme")
    before = read(world, "Acme", conversation_id).version
    leo_closes(world, "Acme", conversation_id, now=moment())
    assert read(world, "Acme", conversation_id).version == before + 1


@pytest.mark.parametrize("verb", EVERYTHING)
def test_mallory_finds_nothing_to_close(world: World, verb: Callable[..., None]):
    conversation_id = a_conversation(world, "Acme")
    conversation = read(world, "Acme", conversation_id)
    with db.transaction(world.scope("Mallory")), pytest.raises(NotFound):
        verb(conversation, by=member(world, "Mallory"), now=moment())
    assert read(world, "Acme", conversation_id).status == "open"
