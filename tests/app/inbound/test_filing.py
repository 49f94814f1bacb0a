"""A mail becomes one message of the right conversation of the right brand."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.contacts.models import Contact
from app.conversations.models import Conversation, Delivery, Message
from app.conversations.operations.closing import close
from app.conversations.operations.replying import reply_to
from app.conversations.queries import get_conversation, list_messages
from app.inbound.jobs import file_mail
from app.inbound.models import RawMail
from tenants.context import Actor
from tenants.db import db
from tenants.jobs import enqueue
from tests.factories.cast import World
from tests.factories.mail import ARRIVED, a_mail, an_inbox, receive
from tests.factories.work import run_due_jobs

LATER = ARRIVED + timedelta(hours=1)


@pytest.fixture
def brands(world: World) -> World:
    an_inbox(world, "Acme")
    an_inbox(world, "Birch")
    an_inbox(world, "Cedar")
    return world


def in_brand(world: World, brand: str, statement: sa.Select):
    with db.transaction(world.system_scope(brand)) as session:
        return session.scalars(statement).all()


def conversations(world: World, brand: str = "Acme") -> list[Conversation]:
    return in_brand(world, brand, sa.select(Conversation).order_by(Conversation.number))


def messages(world: World, brand: str = "Acme") -> list[Message]:
    return in_brand(world, brand, sa.select(Message).order_by(Message.id))


def answer(world: World, conversation_id: UUID, *, then: str = "pending") -> Message:
    leo = Actor("member", world.members["Leo"], "Leo")
    with db.transaction(world.system_scope("Acme")):
        conversation = get_conversation(conversation_id)
        return reply_to(conversation, body="On its way.", author=leo, now=LATER, then=then)


def test_a_first_mail_opens_a_conversation(brands: World):
    mail = receive(brands, a_mail())

    [conversation] = conversations(brands)
    [message] = messages(brands)
    assert mail.state == "filed"
    assert (conversation.subject, conversation.status) == ("Where is my order?", "open")
    assert conversation.created_at == ARRIVED
    assert (message.author_name, message.author_email) == ("Sam Rivera", "sam@shop.example")
    assert "W26113" in message.visible_text


def test_the_same_bytes_twice_are_one_message(brands: World):
    receive(brands, a_mail())
    again = receive(brands, a_mail())

    assert again.state == "duplicate"
    assert again.conversation_id == conversations(brands)[0].id
    assert len(messages(brands)) == 1


def test_without_a_message_id_the_same_bytes_are_one_message(brands: World):
    first = receive(brands, a_mail(message_id=None))
    again = receive(brands, a_mail(message_id=None))

    assert (first.state, again.state) == ("filed", "duplicate")


def test_a_message_id_used_again_for_another_text_is_a_second_message(brands: World):
    receive(brands, a_mail())
    other = receive(brands, a_mail(text="Another parcel, another day."))

    assert other.state == "filed"
    assert len(messages(brands)) == 2


def test_the_filing_job_run_twice_files_once(brands: World):
    mail = receive(brands, a_mail())
    with db.transaction(brands.system_scope("Acme")):
        enqueue(file_mail, mail.id)

    run_due_jobs()

    assert len(messages(brands)) == 1


def test_one_mail_to_two_brands_is_a_message_in_each_and_links_nothing(brands: World):
    raw = a_mail(to="support@acme.example, support@birch.example")
    receive(brands, raw, at="support@acme.example")
    receive(brands, raw, at="support@birch.example")

    [acme], [birch] = messages(brands, "Acme"), messages(brands, "Birch")
    contacts = {
        brand: in_brand(brands, brand, sa.select(Contact.id)) for brand in ("Acme", "Birch")
    }
    assert acme.conversation_id != birch.conversation_id
    assert contacts["Acme"] != contacts["Birch"]


def test_an_answer_to_our_reply_address_continues_the_conversation(brands: World):
    first = receive(brands, a_mail())
    reply = answer(brands, first.conversation_id)
    run_due_jobs()
    from app.channels.email.outgoing import make_reply_address  # noqa: PLC0415

    [conversation] = conversations(brands)
    address = make_reply_address(
        workspace_id=brands.workspaces["Acme"],
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
    )
    assert reply.mail_id is not None

    mail = receive(
        brands, a_mail(to=address, message_id="<two@shop.example>", text="Thanks"), at=address
    )

    assert mail.conversation_id == conversation.id
    assert messages(brands)[-1].threaded_by == "reply address"


def test_case_does_not_break_a_reply_address(brands: World):
    first = receive(brands, a_mail())
    [conversation] = conversations(brands)
    from app.channels.email.outgoing import make_reply_address  # noqa: PLC0415

    address = make_reply_address(
        workspace_id=brands.workspaces["Acme"],
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
    )
    mail = receive(
        brands, a_mail(message_id="<two@shop.example>", text="Hello"), at=address.upper()
    )

    assert mail.conversation_id == first.conversation_id


def test_an_answer_naming_our_message_id_continues_the_conversation(brands: World):
    first = receive(brands, a_mail())
    reply = answer(brands, first.conversation_id)

    mail = receive(
        brands,
        a_mail(
            message_id="<two@shop.example>",
            text="Thank you",
            subject="Something else",
            In_Reply_To=reply.mail_id or "",
        ),
    )

    assert mail.conversation_id == first.conversation_id
    assert messages(brands)[-1].threaded_by == "our Message-ID"


def test_any_known_id_in_references_is_enough_for_a_participant(brands: World):
    first = receive(brands, a_mail())
    mail = receive(
        brands,
        a_mail(
            message_id="<two@shop.example>",
            text="One more thing",
            References="<one@shop.example> <unknown@elsewhere.example>",
        ),
    )

    assert mail.conversation_id == first.conversation_id


def test_a_stranger_naming_a_shoppers_message_id_starts_anew(brands: World):
    receive(brands, a_mail())
    mail = receive(
        brands,
        a_mail(
            sender="kim@other.example",
            message_id="<three@other.example>",
            text="Me too",
            In_Reply_To="<one@shop.example>",
        ),
    )

    assert len(conversations(brands)) == 2
    assert mail.conversation_id == conversations(brands)[1].id


def test_a_stranger_with_our_message_id_is_unverified_and_changes_no_contact(brands: World):
    first = receive(brands, a_mail())
    reply = answer(brands, first.conversation_id)
    receive(
        brands,
        a_mail(
            sender="Eve <eve@evil.example>",
            message_id="<four@evil.example>",
            text="Send it to me instead",
            In_Reply_To=reply.mail_id or "",
        ),
    )

    last = messages(brands)[-1]
    assert (last.is_unverified, last.author_email) == (True, "eve@evil.example")
    assert in_brand(brands, "Acme", sa.select(Contact.email)) == ["sam@shop.example"]


def test_the_same_subject_alone_never_joins_people(brands: World):
    receive(brands, a_mail(subject="help"))
    receive(
        brands,
        a_mail(sender="kim@other.example", subject="help", message_id="<k@other.example>"),
    )

    assert len(conversations(brands)) == 2


def test_an_id_of_another_brand_opens_a_new_conversation_here(brands: World):
    receive(brands, a_mail())
    mail = receive(
        brands,
        a_mail(
            to="support@birch.example",
            message_id="<b@shop.example>",
            text="And you?",
            In_Reply_To="<one@shop.example>",
        ),
        at="support@birch.example",
    )

    assert mail.state == "filed"
    assert len(messages(brands, "Acme")) == 1
    assert len(conversations(brands, "Birch")) == 1


def test_after_the_reopen_window_a_linked_conversation_starts(brands: World):
    first = receive(brands, a_mail())
    answer(brands, first.conversation_id, then="close")
    mail = receive(
        brands,
        a_mail(message_id="<late@shop.example>", text="Again", References="<one@shop.example>"),
        arrived_at=LATER + timedelta(days=60),
    )

    old, new = conversations(brands)
    assert mail.conversation_id == new.id
    assert new.related_to_id == old.id
    assert old.status == "closed"


def test_within_the_reopen_window_the_conversation_reopens(brands: World):
    first = receive(brands, a_mail())
    answer(brands, first.conversation_id, then="close")
    receive(
        brands,
        a_mail(message_id="<soon@shop.example>", text="Again", References="<one@shop.example>"),
        arrived_at=LATER + timedelta(days=1),
    )

    [conversation] = conversations(brands)
    assert (conversation.status, conversation.reopen_count) == ("open", 1)


@pytest.mark.parametrize(
    "header",
    [
        {"Auto_Submitted": "auto-replied"},
        {"X_Auto_Response_Suppress": "All"},
        {"Precedence": "bulk"},
    ],
)
def test_an_automatic_mail_is_kept_and_reopens_nothing(brands: World, header: dict[str, str]):
    first = receive(brands, a_mail())
    reply = answer(brands, first.conversation_id, then="close")
    mail = receive(
        brands,
        a_mail(
            message_id="<auto@shop.example>",
            text="I am away",
            In_Reply_To=reply.mail_id or "",
            **header,
        ),
        arrived_at=LATER + timedelta(hours=1),
    )

    [conversation] = conversations(brands)
    assert mail.state == "filed"
    assert messages(brands)[-1].is_automatic
    assert conversation.status == "closed"


def test_our_own_mail_coming_back_is_a_loop(brands: World):
    first = receive(brands, a_mail())
    reply = answer(brands, first.conversation_id)
    mail = receive(brands, a_mail(sender="Acme <support@acme.example>", message_id=reply.mail_id))

    assert (mail.state, mail.reason) == ("quarantined", "loop")


def test_a_mailbox_writing_to_itself_is_never_its_own_contact(brands: World):
    mail = receive(brands, a_mail(sender="support@acme.example"))

    assert (mail.state, mail.reason) == ("quarantined", "loop")
    assert in_brand(brands, "Acme", sa.select(Contact)) == []


def test_a_form_on_the_brands_site_is_from_its_reply_to(brands: World):
    receive(
        brands, a_mail(sender="Acme <support@acme.example>", Reply_To="Kim <kim@other.example>")
    )

    assert in_brand(brands, "Acme", sa.select(Contact.email)) == ["kim@other.example"]


def test_one_brand_writing_to_another_is_filed(brands: World):
    first = receive(brands, a_mail())
    reply = answer(brands, first.conversation_id)
    mail = receive(
        brands,
        a_mail(
            sender="Acme <support@acme.example>",
            to="support@birch.example",
            message_id=reply.mail_id,
        ),
        at="support@birch.example",
    )

    assert mail.state == "filed"


def test_a_bounce_marks_the_delivery_and_is_no_message(brands: World):
    first = receive(brands, a_mail())
    reply = answer(brands, first.conversation_id)
    run_due_jobs()
    bounce = (
        "From: MAILER-DAEMON@mx.example\r\nTo: support@acme.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <dsn@mx.example>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; sam@shop.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {reply.mail_id}\r\n\r\n"
        "--b--\r\n"
    )
    mail = receive(brands, bounce.encode(), envelope_from="")

    [delivery] = in_brand(brands, "Acme", sa.select(Delivery))
    assert (mail.state, mail.conversation_id) == ("filed", first.conversation_id)
    assert delivery.state == "bounced"
    assert len([m for m in messages(brands) if m.author_kind == "contact"]) == 1


def test_a_bounce_of_what_we_never_sent_is_backscatter(brands: World, data: Path):
    raw = (data / "email/mime/rubymail__multi_address_bounce1.eml").read_bytes()
    mail = receive(brands, raw, envelope_from="")

    assert (mail.state, mail.reason) == ("quarantined", "backscatter")


def test_the_quarantined_copy_does_not_block_the_next(brands: World):
    blank = receive(brands, b"\r\n")
    again = receive(brands, b"\r\n")

    assert [(m.state, m.reason) for m in (blank, again)] == [("quarantined", "blank")] * 2


@pytest.mark.parametrize(
    "raw",
    [
        a_mail(text="a\x00b", message_id="<nul@x.example>"),
        a_mail(message_id="<c@x.example>").replace(b"charset=utf-8", b"charset=x-evil"),
        a_mail(message_id="<c@x.example>").replace(b"charset=utf-8", b"charset=unicode_escape"),
        a_mail(sender="Bob", message_id="<c@x.example>"),
        a_mail(subject="=?utf-8?q?Hi=0D=0ABcc:_victim@x.example?=", message_id="<c@x.example>"),
        a_mail(message_id="<x@[>"),
        a_mail(message_id="<" + "a" * 9000 + "@x.example>"),
        b"From: a@b.example\nSubject: bare \x80\xff bytes\n\n\xc3\x28 body\n",
    ],
    ids=["nul", "bad charset", "escape codec", "no address", "crlf", "id", "long id", "raw bytes"],
)
def test_a_broken_mail_is_filed_and_can_be_answered(brands: World, raw: bytes):
    mail = receive(brands, raw)

    assert mail.state == "filed"
    answer(brands, mail.conversation_id)
    run_due_jobs()
    with db.transaction(brands.system_scope("Acme")):
        stored = list_messages(get_conversation(mail.conversation_id))
        assert all("\x00" not in message.body_text for message in stored)


def test_a_close_is_by_whoever_closed_it(brands: World):
    first = receive(brands, a_mail())
    with db.transaction(brands.system_scope("Acme")):
        conversation = get_conversation(first.conversation_id)
        close(conversation, by=Actor("member", brands.members["Leo"], "Leo"), now=LATER)

    assert conversations(brands)[0].status == "closed"


def test_nothing_of_it_is_seen_by_another_agency(brands: World):
    receive(brands, a_mail())

    with db.transaction(brands.scope("Mallory")) as session:
        assert session.scalars(sa.select(RawMail)).all() == []
        assert session.scalars(sa.select(Message)).all() == []
