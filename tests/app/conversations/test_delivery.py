"""A reply on its way out: what is sent, what is written down, and that nothing leaves twice."""

import re
import socket
from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.channels.email.outgoing import mail_settings
from app.channels.email.tokens import ReplyToken, read_reply_address, read_return_path
from app.conversations.errors import DeliveryUnderway
from app.conversations.models import ConversationSettings, Delivery
from app.conversations.operations.delivering import record_bounce, send_again
from app.conversations.operations.replying import reply_to
from app.conversations.queries import get_conversation, get_message
from app.conversations.sweeps import resume_deliveries
from app.reactions import REACTIONS
from tenants.context import SYSTEM
from tenants.db import db
from tenants.jobs import Job
from tenants.ledger import Event
from tenants.reacting import react_once
from tests.app.conversations.mail_server import DROP, MailServer
from tests.factories.cast import World
from tests.factories.conversations import (
    SAM,
    a_conversation,
    a_promise,
    ago,
    leo_replies,
    member,
    moment,
    read,
    sam_writes,
)
from tests.factories.work import run_due_jobs
from themes.operations import publish_theme
from themes.tokens import Theme


def delivery_of(world: World, message_id: UUID) -> Delivery:
    with db.transaction(world.system_scope("Acme")) as session:
        return session.scalars(sa.select(Delivery).where(Delivery.message_id == message_id)).one()


def told(world: World, conversation_id: UUID) -> list[str]:
    """What the ledger says about messages on their way, in order."""
    with db.transaction(world.system_scope("Acme")) as session:
        kinds = session.scalars(
            sa.select(Event.kind)
            .where(Event.subject_id == conversation_id, Event.kind.like("message.%"))
            .order_by(Event.id)
        )
        return [kind for kind in kinds if kind not in {"message.received", "message.replied"}]


def part_of(mail: EmailMessage, content_type: str) -> str:
    """One alternative of a mail, with plain line ends."""
    [part] = [part for part in mail.walk() if part.get_content_type() == content_type]
    return str(part.get_content()).replace("\r\n", "\n")


def words_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    return part_of(mail, "text/plain")


def make_due() -> None:
    """Let the time pass until every job that waits is due."""
    with db.system() as session:
        session.execute(sa.update(Job).where(Job.state == "due").values(available_at=sa.func.now()))


def again(world: World, message_id: UUID) -> None:
    """Leo decides to send it again."""
    with db.transaction(world.system_scope("Acme")) as session:
        delivery = session.scalars(
            sa.select(Delivery).where(Delivery.message_id == message_id)
        ).one()
        send_again(delivery, by=member(world, "Leo"), now=ago())


def test_a_reply_leaves_from_the_brands_address_and_threads(world: World, mail_server: MailServer):
    conversation_id = a_conversation(world, "Acme", subject="Where is my order 1042?")
    sam_writes(world, "Acme", conversation_id, now=moment(minutes=5), mail_id="<2@shopper.example>")
    message_id = leo_replies(world, "Acme", conversation_id, "It is on its way.", now=ago())
    run_due_jobs()
    [mail] = mail_server.mails
    assert mail["From"] == "Acme <help@acme.example>"
    assert mail["To"] == "Sam Shopper <sam@shopper.example>"
    assert mail["Subject"] == "Re: Where is my order 1042?"
    assert mail["In-Reply-To"] == "<2@shopper.example>"
    references = mail["References"].split()
    assert len(references) == 2
    assert references[-1] == "<2@shopper.example>"
    assert re.fullmatch(r"<[a-z2-7]{42}@acme\.example>", mail["Message-ID"])
    with db.transaction(world.system_scope("Acme")):
        assert get_message(message_id).mail_id == mail["Message-ID"]
    assert words_of(mail) == "It is on its way.\n\n--\nLeo\nYour Acme team\n"
    delivery = delivery_of(world, message_id)
    assert (delivery.state, delivery.attempts, delivery.recipient) == ("accepted", 1, SAM)
    assert delivery.last_response == "250 queued"
    assert delivery.ended_at is not None
    assert told(world, conversation_id) == ["message.accepted"]


def test_the_reply_address_and_return_path_are_signed_for_this_brand(
    world: World, mail_server: MailServer
):
    conversation_id = a_conversation(world, "Acme")
    message_id = leo_replies(world, "Acme", conversation_id, now=ago())
    run_due_jobs()
    [mail], [envelope] = mail_server.mails, mail_server.envelopes
    secret, acme = mail_settings().token_secret, world.workspaces["Acme"]
    address = mail["Reply-To"].addresses[0]
    assert address.domain == "mail.northwind.example"
    assert len(address.username) <= 64
    token = read_reply_address(secret, address.addr_spec, workspace_id=acme)
    assert isinstance(token, ReplyToken)
    assert token.conversation_id == conversation_id
    returned = read_return_path(secret, envelope.mail_from or "", workspace_id=acme)
    assert returned is not None
    assert getattr(returned, "delivery_id") == delivery_of(world, message_id).id  # noqa: B009


def test_our_own_earlier_replies_are_in_the_chain(world: World, mail_server: MailServer):
    conversation_id = a_conversation(world, "Acme")
    leo_replies(world, "Acme", conversation_id, now=moment(hours=1))
    sam_writes(world, "Acme", conversation_id, now=moment(hours=2), mail_id="<b@shopper.example>")
    leo_replies(world, "Acme", conversation_id, now=moment(hours=3))
    run_due_jobs()
    first, second = mail_server.mails
    assert second["In-Reply-To"] == "<b@shopper.example>"
    assert second["References"].split()[1:] == [first["Message-ID"], "<b@shopper.example>"]


def test_a_note_and_a_reply_that_was_undone_never_leave(world: World, mail_server: MailServer):
    conversation_id = a_conversation(world, "Acme")
    with (
        pytest.raises(RuntimeError, match="changed my mind"),
        db.transaction(world.system_scope("Acme")),
    ):
        conversation = get_conversation(conversation_id)
        reply_to(conversation, body="Hello", author=member(world, "Leo"), now=ago())
        raise RuntimeError("changed my mind")
    run_due_jobs()
    assert mail_server.mails == []


def test_the_brands_signature_stands_under_it_once(world: World, mail_server: MailServer):
    conversation_id = a_conversation(world, "Acme")
    with db.transaction(world.system_scope("Acme")) as session:
        settings = ConversationSettings(signature="Your Acme team\nacme.example", policy={})
        session.add(settings)
    leo_replies(world, "Acme", conversation_id, "Soon.\n\nLeo", now=ago())
    run_due_jobs()
    [mail] = mail_server.mails
    assert words_of(mail) == "Soon.\n\nLeo\n\n--\nYour Acme team\nacme.example\n"


def test_the_html_alternative_wears_the_brand_and_escapes_what_was_typed(
    world: World, mail_server: MailServer
):
    with db.transaction(world.system_scope("Acme")):
        theme = Theme(name="Acme Shoes", primary="#b03a2e")
        publish_theme(world.workspaces["Acme"], theme, by=SYSTEM, now=moment())
    conversation_id = a_conversation(world, "Acme")
    text = "Is 5 < 6?\nSee https://acme.example/track\n\nBye <b>Sam</b>"
    leo_replies(world, "Acme", conversation_id, text, now=ago())
    run_due_jobs()
    [mail] = mail_server.mails
    assert mail["From"] == "Acme Shoes <help@acme.example>"
    html = part_of(mail, "text/html")
    assert "Acme Shoes" in html
    assert "#b03a2e" in html
    assert "Is 5 &lt; 6?<br>" in html
    assert "&lt;b&gt;Sam&lt;/b&gt;" in html
    assert 'href="https://acme.example/track"' in html
    assert words_of(mail).startswith(text)


def test_nothing_in_the_mail_names_the_product_or_the_machine(
    world: World, mail_server: MailServer
):
    conversation_id = a_conversation(world, "Acme")
    leo_replies(world, "Acme", conversation_id, now=ago())
    run_due_jobs()
    [mail] = mail_server.mails
    assert "livery" not in mail.as_string().lower()
    assert f"@{socket.gethostname()}" not in mail.as_string()
    names = {name.lower() for name in mail}
    assert not {"received", "x-mailer", "user-agent", "x-originating-ip"} & names


def test_the_same_work_done_twice_sends_one_mail(world: World, mail_server: MailServer):
    conversation_id = a_conversation(world, "Acme")
    message_id = leo_replies(world, "Acme", conversation_id, now=ago())
    run_due_jobs()
    with db.system() as session:
        session.execute(sa.update(Job).values(state="due"))
    assert run_due_jobs() == 1
    assert len(mail_server.mails) == 1
    assert delivery_of(world, message_id).attempts == 1


@pytest.mark.parametrize("answer", ["550 5.1.1 no such user", "552 mailbox full", "554 no"])
def test_a_final_refusal_is_shown_at_once_with_the_servers_words(
    world: World, mail_server: MailServer, answer: str
):
    mail_server.rcpt = answer
    conversation_id = a_conversation(world, "Acme")
    message_id = leo_replies(world, "Acme", conversation_id, now=ago())
    run_due_jobs()
    delivery = delivery_of(world, message_id)
    assert (delivery.state, delivery.last_response) == ("refused", answer)
    make_due()
    assert run_due_jobs() == 0, "nobody tries again by themselves"
    assert told(world, conversation_id) == ["message.refused"]


@pytest.mark.parametrize("answer", ["421 going away", "450 greylisted", "451 try later"])
def test_a_temporary_refusal_is_tried_again_later_under_the_same_id(
    world: World, mail_server: MailServer, answer: str
):
    mail_server.rcpt = answer
    conversation_id = a_conversation(world, "Acme")
    message_id = leo_replies(world, "Acme", conversation_id, now=ago())
    run_due_jobs()
    waiting = delivery_of(world, message_id)
    assert (waiting.state, waiting.attempts) == ("queued", 1)
    assert waiting.next_attempt_at is not None
    assert waiting.handed_over_at is not None
    assert waiting.next_attempt_at - waiting.handed_over_at >= timedelta(minutes=1)
    make_due()
    run_due_jobs()
    second = delivery_of(world, message_id)
    assert second.next_attempt_at is not None
    assert second.handed_over_at is not None
    assert second.next_attempt_at - second.handed_over_at >= timedelta(minutes=5)
    mail_server.rcpt = "250 OK"
    make_due()
    run_due_jobs()
    [mail] = mail_server.mails
    sent = delivery_of(world, message_id)
    assert (sent.state, sent.attempts) == ("accepted", 3)
    with db.transaction(world.system_scope("Acme")):
        assert mail["Message-ID"] == get_message(message_id).mail_id


def test_after_five_days_of_temporary_refusals_it_is_given_up(
    world: World, mail_server: MailServer
):
    mail_server.rcpt = "450 greylisted"
    conversation_id = a_conversation(world, "Acme", now=ago(days=7))
    message_id = leo_replies(world, "Acme", conversation_id, now=ago(days=5))
    run_due_jobs()
    assert delivery_of(world, message_id).state == "refused"


def test_a_server_that_is_down_costs_time_and_not_the_mail(world: World):
    conversation_id = a_conversation(world, "Acme")
    message_id = leo_replies(world, "Acme", conversation_id, now=ago())
    run_due_jobs()
    delivery = delivery_of(world, message_id)
    assert delivery.state == "queued"
    assert delivery.last_response


def test_a_connection_lost_after_the_last_byte_is_uncertain_and_left_to_a_person(
    world: World, mail_server: MailServer
):
    mail_server.data = DROP
    conversation_id = a_conversation(world, "Acme")
    message_id = leo_replies(world, "Acme", conversation_id, now=ago())
    run_due_jobs()
    assert delivery_of(world, message_id).state == "uncertain"
    make_due()
    assert run_due_jobs() == 0
    assert len(mail_server.mails) == 1

    mail_server.data = "250 queued"
    again(world, message_id)
    run_due_jobs()
    first, second = mail_server.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert delivery_of(world, message_id).state == "accepted"
    expected = ["message.uncertain", "message.sent_again", "message.accepted"]
    assert told(world, conversation_id) == expected


def test_what_was_accepted_or_is_underway_is_not_sent_again(world: World, mail_server: MailServer):
    conversation_id = a_conversation(world, "Acme")
    message_id = leo_replies(world, "Acme", conversation_id, now=ago())
    with pytest.raises(DeliveryUnderway):
        again(world, message_id)
    run_due_jobs()
    with pytest.raises(DeliveryUnderway):
        again(world, message_id)
    run_due_jobs()
    assert len(mail_server.mails) == 1


def test_an_address_no_mail_can_carry_is_refused_and_stops_nothing(
    world: World, mail_server: MailServer
):
    conversation_id = a_conversation(world, "Acme", email="söm@shopper.example")
    message_id = leo_replies(world, "Acme", conversation_id, now=ago())
    run_due_jobs()
    delivery = delivery_of(world, message_id)
    assert delivery.state == "refused"
    assert delivery.last_response


def test_a_bounce_is_written_on_the_delivery_once(world: World, mail_server: MailServer):
    conversation_id = a_conversation(world, "Acme")
    message_id = leo_replies(world, "Acme", conversation_id, now=ago())
    run_due_jobs()
    for _ in range(2):
        with db.transaction(world.system_scope("Acme")) as session:
            delivery = session.scalars(
                sa.select(Delivery).where(Delivery.message_id == message_id)
            ).one()
            record_bounce(delivery, diagnostic="550 mailbox unavailable", now=ago())
    delivery = delivery_of(world, message_id)
    assert (delivery.state, delivery.last_response) == ("bounced", "550 mailbox unavailable")
    assert told(world, conversation_id) == ["message.accepted", "message.bounced"]


def test_a_delivery_whose_work_was_given_up_is_taken_up_again(
    world: World, mail_server: MailServer
):
    conversation_id = a_conversation(world, "Acme", now=ago(hours=2))
    message_id = leo_replies(world, "Acme", conversation_id, now=ago(hours=1))
    with db.system() as session:
        session.execute(sa.update(Job).values(state="dead"))
    assert run_due_jobs() == 0
    resume_deliveries()
    resume_deliveries()
    assert run_due_jobs() == 1
    assert len(mail_server.mails) == 1
    assert delivery_of(world, message_id).state == "accepted"


def test_a_reply_that_did_not_arrive_brings_the_conversation_back_to_us(
    world: World, mail_server: MailServer
):
    mail_server.rcpt = "550 5.1.1 no such user"
    a_promise(world, "Acme", resolution_minutes=10_000)
    conversation_id = a_conversation(world, "Acme", now=ago(hours=2))
    leo_replies(world, "Acme", conversation_id, now=ago(hours=1), then="pending")
    run_due_jobs()
    assert not read(world, "Acme", conversation_id).is_open
    react_once(REACTIONS, seen=lambda _event: None)
    run_due_jobs()
    conversation = read(world, "Acme", conversation_id)
    assert (conversation.status, conversation.is_open) == ("open", True)
    assert conversation.next_due_at is not None, "the resolution clock runs again"
