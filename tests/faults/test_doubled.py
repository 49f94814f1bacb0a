"""The same thing twice at once, mails or schedulers, has one effect."""

import smtplib
import threading
from uuid import UUID

import pytest
import sqlalchemy as sa

from tenants.db import db
from tenants.ledger import Event
from tests.factories.cast import World
from tests.factories.conversations import a_conversation, a_promise, ago
from tests.factories.mail import a_mail, an_inbox
from tests.faults.processes import Installation, takes_mail
from tests.faults.scenes import (
    arrive,
    count_conversations,
    job_states,
    mail_states,
    numbered_mail,
    received_subjects,
)

pytestmark = pytest.mark.slow

COPIES = 10


def deliver_copies_at_once(port: int) -> None:
    """Ten clients, each with the whole mail said but for its last word, which all say together."""
    everybody = threading.Barrier(COPIES)
    answered: list[int] = []

    def deliver() -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=15) as client:
            client.ehlo()
            client.mail("sam@shop.example")
            client.rcpt("support@acme.example")
            everybody.wait(timeout=15)
            answered.append(client.data(a_mail())[0])

    threads = [threading.Thread(target=deliver) for _ in range(COPIES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answered == [250] * COPIES


def file_copies(world: World, installation: Installation) -> None:
    """The same mail arrives ten times at once; two workers file it."""
    an_inbox(world, "Acme")
    installation.start("smtp")
    port = installation.settings.smtp_in_port
    installation.wait_until(lambda: takes_mail(port), "the listener takes mail")
    deliver_copies_at_once(port)
    for command in (("scheduler",), ("worker", "mail"), ("worker", "mail")):
        installation.start(*command)
    installation.wait_until(lambda: job_states() == {"done": COPIES}, "all copies are settled")


def test_one_mail_delivered_ten_times_at_once_is_one_message(
    world: World, installation: Installation
):
    file_copies(world, installation)

    assert received_subjects(world) == ["Where is my order?"]
    assert count_conversations(world) == 1
    assert mail_states(world) == {"filed": 1, "duplicate": COPIES - 1}


def test_without_its_unique_key_the_same_deliveries_show_a_surplus(
    world: World, installation: Installation, owner: sa.Connection
):
    keys = {
        "raw_mail": "uq_raw_mail_workspace_id_inbox_id_dedupe_key",
        "message": "uq_message_workspace_id_inbox_id_external_id",
    }
    for table, key in keys.items():
        owner.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {key}")
    owner.commit()

    file_copies(world, installation)

    assert count_conversations(world) > 1
    assert mail_states(world) == {"filed": COPIES}


def breached(world: World) -> list[UUID]:
    """The conversation of each breach in Acme's ledger."""
    with db.transaction(world.system_scope("Acme")) as session:
        return list(
            session.scalars(sa.select(Event.subject_id).where(Event.kind == "clock.breached"))
        )


def test_two_schedulers_have_one_effect(world: World, installation: Installation):
    an_inbox(world, "Acme")
    a_promise(world, "Acme", first_response_minutes=60, resolution_minutes=100_000)
    overdue = [a_conversation(world, "Acme", now=ago(hours=2)) for _ in range(5)]
    for number in range(30):
        arrive(numbered_mail(number))
    installation.start("worker", "mail")
    for _ in "ab":
        installation.start("scheduler")

    installation.wait_until(lambda: job_states().keys() == {"done"}, "all mail is filed")
    installation.wait_until(lambda: len(breached(world)) >= len(overdue), "each breach is recorded")
    assert received_subjects(world) == sorted(f"Order {number}" for number in range(30))
    assert sorted(breached(world)) == sorted(overdue)
