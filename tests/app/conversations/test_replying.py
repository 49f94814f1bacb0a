"""Replies and notes: what they change, what they refuse, and that one press sends one."""

import pytest
import sqlalchemy as sa

from app.conversations.errors import (
    ConversationClosed,
    EmptyMessage,
    MessageTooLong,
    StaleReply,
)
from app.conversations.models import Delivery, Message
from app.conversations.operations.replying import Then, add_note, reply_to
from app.conversations.queries import get_conversation
from tenants.db import db
from tenants.errors import NotFound
from tests.app.conversations.mail_server import MailServer
from tests.factories.cast import World
from tests.factories.conversations import (
    a_conversation,
    leo_closes,
    leo_replies,
    member,
    moment,
    read,
    sam_writes,
)
from tests.factories.work import run_due_jobs


@pytest.mark.parametrize(
    ("then", "status", "is_open"),
    [("stay", "open", True), ("pending", "pending", False), ("close", "closed", False)],
)
def test_a_reply_is_stored_with_its_delivery_and_leaves_the_status_asked_for(
    world: World, then: Then, status: str, is_open: bool
):
    conversation_id = a_conversation(world, "Acme")
    message_id = leo_replies(world, "Acme", conversation_id, now=moment(hours=1), then=then)
    conversation = read(world, "Acme", conversation_id)
    assert (conversation.status, conversation.is_open) == (status, is_open)
    assert conversation.waiting_since is None
    assert conversation.message_count == 2
    assert conversation.last_message_at == moment(hours=1)
    with db.transaction(world.system_scope("Acme")) as session:
        message = session.scalars(sa.select(Message).where(Message.id == message_id)).one()
        assert (message.author_kind, message.author_name) == ("agent", "Leo")
        assert message.author_id == world.members["Leo"]
        assert session.scalars(sa.select(Delivery)).one().state == "queued"


def test_a_note_is_for_the_team_alone(world: World, mail_server: MailServer):
    conversation_id = a_conversation(world, "Acme")
    leo_closes(world, "Acme", conversation_id, now=moment(hours=1))
    with db.transaction(world.system_scope("Acme")):
        note = add_note(
            get_conversation(conversation_id),
            body="Refunded by hand.",
            author=member(world, "Leo"),
            now=moment(hours=2),
        )
        assert (note.is_note, note.mail_id) == (True, None)
    run_due_jobs()
    assert mail_server.mails == []
    conversation = read(world, "Acme", conversation_id)
    assert (conversation.status, conversation.message_count) == ("closed", 1)


@pytest.mark.parametrize(
    ("body", "refusal"),
    [("", EmptyMessage), (" \r\n\x00 ", EmptyMessage), ("x" * 100_001, MessageTooLong)],
)
def test_no_words_or_too_many_are_refused_at_the_field(
    world: World, body: str, refusal: type[EmptyMessage | MessageTooLong]
):
    conversation_id = a_conversation(world, "Acme")
    for write in (reply_to, add_note):
        with db.transaction(world.system_scope("Acme")), pytest.raises(refusal) as refused:
            write(
                get_conversation(conversation_id),
                body=body,
                author=member(world, "Leo"),
                now=moment(),
            )
        assert refused.value.field == "body"


def test_a_closed_conversation_refuses_replies(world: World):
    conversation_id = a_conversation(world, "Acme")
    leo_closes(world, "Acme", conversation_id, now=moment())
    with pytest.raises(ConversationClosed):
        leo_replies(world, "Acme", conversation_id, now=moment(hours=1))


def test_who_writes_without_having_read_the_newest_is_told_who_wrote(world: World):
    conversation_id = a_conversation(world, "Acme")
    seen = read(world, "Acme", conversation_id).message_count
    sam_writes(world, "Acme", conversation_id, "It has just come!", now=moment(hours=1))

    def answer(seen_message_count: int) -> Message:
        with db.transaction(world.system_scope("Acme")):
            return reply_to(
                get_conversation(conversation_id),
                body="Still looking.",
                author=member(world, "Lin"),
                now=moment(hours=2),
                seen_message_count=seen_message_count,
                then="stay",
            )

    with pytest.raises(StaleReply, match="Sam Shopper wrote again") as refusal:
        answer(seen)
    assert (refusal.value.status, refusal.value.field) == (409, "body")
    answer(seen + 1)
    with pytest.raises(StaleReply, match="Lin has replied"):
        answer(seen + 1)


def test_a_note_in_between_makes_no_reply_stale(world: World):
    conversation_id = a_conversation(world, "Acme")
    with db.transaction(world.system_scope("Acme")):
        conversation = get_conversation(conversation_id)
        seen = conversation.message_count
        add_note(conversation, body="Mine.", author=member(world, "Lin"), now=moment())
        reply_to(
            conversation,
            body="Hello",
            author=member(world, "Leo"),
            now=moment(),
            seen_message_count=seen,
        )


def test_one_press_of_the_button_sent_twice_is_one_reply(world: World, mail_server: MailServer):
    conversation_id = a_conversation(world, "Acme")
    ids = set()
    for _ in range(2):
        with db.transaction(world.system_scope("Acme")):
            message = reply_to(
                get_conversation(conversation_id),
                body="Hello",
                author=member(world, "Leo"),
                now=moment(),
                then="close",
                submission="4f2c",
            )
            ids.add(message.id)
    run_due_jobs()
    assert len(ids) == 1
    assert len(mail_server.mails) == 1


def test_mallory_cannot_answer_for_another_agency(world: World, mail_server: MailServer):
    conversation_id = a_conversation(world, "Acme")
    conversation = read(world, "Acme", conversation_id)
    with db.transaction(world.scope("Mallory")):
        for write in (reply_to, add_note):
            with pytest.raises(NotFound):
                write(conversation, body="Hi", author=member(world, "Mallory"), now=moment())
        with pytest.raises(NotFound):
            get_conversation(conversation_id)
    run_due_jobs()
    assert mail_server.mails == []
