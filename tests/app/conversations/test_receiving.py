"""What a contact writes: opened, added once, reopened in time, and whose turn it is then."""

import threading
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.channels.models import Inbox
from app.contacts.operations import find_or_create_contact
from app.contacts.queries import get_contact
from app.conversations.errors import NotReopenable
from app.conversations.models import Attachment, ConversationSettings, Message
from app.conversations.operations.opening import open_conversation
from app.conversations.operations.receiving import (
    ReceivedBody,
    ReceivedFile,
    Stranger,
    is_reopenable,
    receive_message,
)
from app.conversations.queries import get_conversation
from tenants.db import db
from tenants.errors import NotFound
from tests.factories.cast import World
from tests.factories.conversations import (
    SAM,
    a_body,
    a_conversation,
    an_inbox,
    leo_closes,
    leo_replies,
    moment,
    read,
    sam_writes,
)


def test_a_new_conversation_waits_in_the_pool(world: World):
    conversation = read(world, "Acme", a_conversation(world, "Acme", now=moment()))
    assert (conversation.number, conversation.status, conversation.team) == (1, "open", "l1")
    assert conversation.is_open
    assert conversation.assignee_id is None
    assert conversation.waiting_since == conversation.last_message_at == moment()
    assert conversation.message_count == 1


def test_numbers_count_up_for_each_brand(world: World):
    ids = [a_conversation(world, "Acme"), a_conversation(world, "Acme")]
    assert [read(world, "Acme", each).number for each in ids] == [1, 2]
    assert read(world, "Birch", a_conversation(world, "Birch")).number == 1


def test_the_same_external_id_is_one_message(world: World):
    conversation_id = a_conversation(world, "Acme")
    ids = set()
    for _ in range(3):
        with db.transaction(world.system_scope("Acme")):
            conversation = get_conversation(conversation_id)
            message = receive_message(
                conversation,
                body=a_body(),
                author=get_contact(conversation.contact_id),
                now=moment(hours=1),
                external_id="the same",
            )
            ids.add(message.id)
    assert len(ids) == 1
    assert read(world, "Acme", conversation_id).message_count == 2


def test_messages_at_once_are_all_counted(world: World):
    conversation_id = a_conversation(world, "Acme")
    start = threading.Barrier(4)

    def write() -> None:
        start.wait()
        sam_writes(world, "Acme", conversation_id, now=moment(hours=1))

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    conversation = read(world, "Acme", conversation_id)
    assert (conversation.message_count, conversation.version) == (5, 6)


def test_files_are_kept_with_their_message(world: World):
    conversation_id = a_conversation(world, "Acme")
    file = ReceivedFile(
        filename="shoe.jpg", content_type="image/jpeg", size_bytes=5, digest="0" * 64
    )
    with db.transaction(world.system_scope("Acme")) as session:
        conversation = get_conversation(conversation_id)
        message = receive_message(
            conversation,
            body=ReceivedBody(text="See", visible_text="See", files=(file,)),
            author=get_contact(conversation.contact_id),
            now=moment(hours=1),
            external_id="with a file",
        )
        kept = session.scalars(sa.select(Attachment)).one()
        assert (kept.message_id, kept.filename, kept.digest) == (message.id, "shoe.jpg", "0" * 64)


def test_a_message_ends_the_waiting_for_the_contact(world: World):
    conversation_id = a_conversation(world, "Acme")
    leo_replies(world, "Acme", conversation_id, now=moment(hours=1), then="pending")
    pending = read(world, "Acme", conversation_id)
    assert (pending.status, pending.is_open, pending.waiting_since) == ("pending", False, None)
    sam_writes(world, "Acme", conversation_id, now=moment(hours=2))
    sam_writes(world, "Acme", conversation_id, now=moment(hours=3))
    waiting = read(world, "Acme", conversation_id)
    assert (waiting.status, waiting.is_open) == ("open", True)
    assert waiting.waiting_since == moment(hours=2), "several messages are one wait"


def test_within_the_window_a_message_reopens(world: World):
    conversation_id = a_conversation(world, "Acme")
    leo_closes(world, "Acme", conversation_id, now=moment(hours=1))
    sam_writes(world, "Acme", conversation_id, now=moment(days=14))
    conversation = read(world, "Acme", conversation_id)
    assert (conversation.status, conversation.closed_at) == ("open", None)
    assert conversation.reopen_count == 1


def test_after_the_window_it_does_not(world: World):
    conversation_id = a_conversation(world, "Acme")
    leo_closes(world, "Acme", conversation_id, now=moment())
    late = moment(days=14)
    assert not is_reopenable_at(world, conversation_id, late)
    with pytest.raises(NotReopenable):
        sam_writes(world, "Acme", conversation_id, now=late)
    assert read(world, "Acme", conversation_id).message_count == 1


def test_the_brand_sets_the_window(world: World):
    with db.transaction(world.system_scope("Acme")) as session:
        session.add(ConversationSettings(reopen_days=2, policy={}))
    conversation_id = a_conversation(world, "Acme")
    leo_closes(world, "Acme", conversation_id, now=moment())
    assert is_reopenable_at(world, conversation_id, moment(days=2) - timedelta(seconds=1))
    assert not is_reopenable_at(world, conversation_id, moment(days=2))


def test_automatic_mail_is_kept_and_moves_nothing(world: World):
    conversation_id = a_conversation(world, "Acme")
    leo_replies(world, "Acme", conversation_id, now=moment(hours=1), then="close")
    sam_writes(world, "Acme", conversation_id, "I am away.", now=moment(days=90), is_automatic=True)
    conversation = read(world, "Acme", conversation_id)
    assert (conversation.status, conversation.waiting_since) == ("closed", None)
    assert conversation.message_count == 3


def test_a_stranger_is_named_and_the_contact_stays(world: World):
    conversation_id = a_conversation(world, "Acme")
    with db.transaction(world.system_scope("Acme")):
        conversation = get_conversation(conversation_id)
        message = receive_message(
            conversation,
            body=a_body("I found this mail."),
            author=get_contact(conversation.contact_id),
            now=moment(hours=1),
            external_id="forwarded",
            stranger=Stranger("pat@elsewhere.example", "Pat"),
        )
        assert message.is_unverified
        assert (message.author_name, message.author_email) == ("Pat", "pat@elsewhere.example")
        assert message.author_id is None
        assert get_contact(conversation.contact_id).email == SAM


def test_mallory_cannot_write_into_another_agencys_conversation(world: World):
    conversation_id = a_conversation(world, "Acme")
    inbox_id = an_inbox(world, "Acme")
    with db.transaction(world.system_scope("Acme")) as session:
        conversation = get_conversation(conversation_id)
        contact = get_contact(conversation.contact_id)
        inbox = session.scalars(sa.select(Inbox).where(Inbox.id == inbox_id)).one()
    with db.transaction(world.scope("Mallory")):
        with pytest.raises(NotFound):
            receive_message(
                conversation, body=a_body(), author=contact, now=moment(), external_id="x"
            )
        with pytest.raises(NotFound):
            open_conversation(contact=contact, inbox=inbox, subject="Mine", now=moment())
    assert read(world, "Acme", conversation_id).message_count == 1


def test_a_contact_of_another_brand_cannot_be_filed_here(world: World):
    conversation_id = a_conversation(world, "Acme")
    with db.transaction(world.scope("Ana")) as session:
        other = find_or_create_contact(
            workspace_id=world.workspaces["Birch"], email=SAM, name="Sam", now=moment()
        )
        conversation = get_conversation(conversation_id)
        with pytest.raises(NotFound):
            receive_message(
                conversation, body=a_body(), author=other, now=moment(), external_id="x"
            )
        assert session.scalar(sa.select(sa.func.count()).select_from(Message)) == 1


def is_reopenable_at(world: World, conversation_id: UUID, now: datetime) -> bool:
    with db.transaction(world.system_scope("Acme")):
        return is_reopenable(get_conversation(conversation_id), now=now)
