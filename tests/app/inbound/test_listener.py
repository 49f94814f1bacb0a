"""The listener takes mail for our inboxes only, and says 250 only for what is stored."""

import shutil
import smtplib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.config import Settings
from app.conversations.models import Message
from app.inbound.listener import Listener
from app.inbound.models import RawMail
from tenants.db import db
from tests.factories.cast import World
from tests.factories.mail import a_mail, an_inbox
from tests.factories.work import run_due_jobs
from tests.servers import free_port


@pytest.fixture
def brands(world: World) -> World:
    an_inbox(world, "Acme")
    an_inbox(world, "Birch")
    return world


@pytest.fixture
def door(brands: World, settings: Settings) -> Iterator[smtplib.SMTP]:
    port = free_port()
    listener = Listener(settings, host="127.0.0.1", port=port)
    listener.start()
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        yield client
    listener.stop()


def stored(world: World, brand: str = "Acme") -> list[RawMail]:
    with db.transaction(world.system_scope(brand)) as session:
        return session.scalars(sa.select(RawMail)).all()


def test_a_mail_is_stored_before_it_is_acknowledged_and_filed_after(
    brands: World, door: smtplib.SMTP
):
    door.sendmail("sam@shop.example", ["support@acme.example"], a_mail())

    assert [mail.state for mail in stored(brands)] == ["stored"]
    run_due_jobs()
    assert [mail.state for mail in stored(brands)] == ["filed"]


def test_an_unknown_recipient_is_refused_at_the_door(brands: World, door: smtplib.SMTP):
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        door.sendmail("sam@shop.example", ["nobody@acme.example"], a_mail())

    assert refusal.value.recipients["nobody@acme.example"][0] == 550
    assert stored(brands) == []


def test_upper_case_and_plus_details_reach_the_inbox(brands: World, door: smtplib.SMTP):
    door.sendmail("sam@shop.example", ["SUPPORT+orders@Acme.Example"], a_mail())

    assert len(stored(brands)) == 1


def test_two_brands_each_get_their_copy(brands: World, door: smtplib.SMTP):
    to = ["support@acme.example", "support@birch.example"]
    door.sendmail("sam@shop.example", to, a_mail())
    run_due_jobs()

    for brand in ("Acme", "Birch"):
        with db.transaction(brands.system_scope(brand)) as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Message)) == 1


def test_a_mail_of_thirty_megabytes_is_refused_and_the_next_is_taken(
    brands: World, door: smtplib.SMTP
):
    with pytest.raises((smtplib.SMTPSenderRefused, smtplib.SMTPDataError)) as refusal:
        door.sendmail("sam@shop.example", ["support@acme.example"], a_mail(text="x" * 30_000_000))
    assert refusal.value.smtp_code == 552

    door.rset()
    door.sendmail("sam@shop.example", ["support@acme.example"], a_mail())
    assert len(stored(brands)) == 1


def test_a_line_of_half_a_megabyte_is_taken(brands: World, door: smtplib.SMTP):
    door.sendmail("sam@shop.example", ["support@acme.example"], a_mail(text="y" * 500_000))
    run_due_jobs()

    assert [mail.state for mail in stored(brands)] == ["filed"]


def test_a_null_byte_is_no_obstacle(brands: World, door: smtplib.SMTP):
    door.sendmail("sam@shop.example", ["support@acme.example"], a_mail(text="a\x00b"))
    run_due_jobs()

    assert [mail.state for mail in stored(brands)] == ["filed"]


def test_without_the_database_the_sender_is_asked_to_come_back(
    brands: World, door: smtplib.SMTP, settings: Settings, owner: sa.Connection
):
    owner.exec_driver_sql("ALTER TABLE raw_mail RENAME TO raw_mail_away")
    owner.commit()
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        door.sendmail("sam@shop.example", ["support@acme.example"], a_mail())
    assert refusal.value.smtp_code == 451

    owner.exec_driver_sql("ALTER TABLE raw_mail_away RENAME TO raw_mail")
    owner.commit()
    door.sendmail("sam@shop.example", ["support@acme.example"], a_mail())
    assert len(stored(brands)) == 1


def test_a_broken_blob_store_asks_the_sender_to_come_back_and_tells_nothing(
    brands: World, door: smtplib.SMTP, settings: Settings
):
    blobs = Path(settings.blob_url.removeprefix("file://"))
    shutil.rmtree(blobs)
    blobs.write_text("a file stands where the folder was")
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        door.sendmail("sam@shop.example", ["support@acme.example"], a_mail())

    assert refusal.value.args == (451, b"4.3.0 Please try again later")
    assert stored(brands) == []


def test_an_address_closed_in_the_middle_is_not_acknowledged(
    brands: World, door: smtplib.SMTP, owner: sa.Connection
):
    door.ehlo()
    door.mail("sam@shop.example")
    assert door.rcpt("support@acme.example")[0] == 250
    owner.exec_driver_sql("UPDATE inbox SET closed_at = now()")
    owner.commit()

    assert door.data(a_mail())[0] == 451
    assert stored(brands) == []


def test_lmtp_answers_for_each_recipient_by_itself(
    brands: World, settings: Settings, owner: sa.Connection
):
    port = free_port()
    lmtp = replace(settings, mail_in_protocol="lmtp")
    listener = Listener(lmtp, host="127.0.0.1", port=port)
    listener.start()
    with smtplib.LMTP("127.0.0.1", port) as client:
        client.ehlo()
        client.mail("sam@shop.example")
        for brand in ("acme", "birch"):
            assert client.rcpt(f"support@{brand}.example")[0] == 250
        closed = "UPDATE inbox SET closed_at = now() WHERE address = 'support@birch.example'"
        owner.exec_driver_sql(closed)
        owner.commit()
        answers = [client.data(a_mail())[0], client.getreply()[0]]
    listener.stop()

    assert answers == [250, 550]
    assert (len(stored(brands)), len(stored(brands, "Birch"))) == (1, 0)


def test_the_listener_does_not_say_what_it_is_made_of(door: smtplib.SMTP):
    _, banner = door.docmd("NOOP")
    hello = door.ehlo()[1]

    for words in (banner, hello):
        assert b"aiosmtpd" not in words
        assert b"livery" not in words.lower()
