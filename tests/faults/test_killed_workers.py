"""A worker that dies with -9 loses nothing, and what it began is done once by the next one."""

import os
import signal
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.app.conversations.mail_server import MailServer
from tests.factories.cast import World
from tests.factories.mail import an_inbox
from tests.faults.processes import Installation, children_of, kill
from tests.faults.scenes import (
    answer_shoppers,
    arrive,
    delivery_states,
    job_states,
    mail_states,
    numbered_mail,
    received_subjects,
    sent_to,
)

pytestmark = pytest.mark.slow


def is_held(owner: sa.Connection, raw_mail_id: UUID) -> bool:
    """Whether a worker has locked this mail: it is being read."""
    free = owner.exec_driver_sql(
        "SELECT id FROM raw_mail WHERE id = %s FOR UPDATE SKIP LOCKED", (raw_mail_id,)
    ).first()
    owner.rollback()
    return free is None


def test_killed_while_it_reads_a_mail_the_next_one_files_it_once(
    world: World, installation: Installation, owner: sa.Connection
):
    an_inbox(world, "Acme")
    arrive(numbered_mail(1))
    installation.start("scheduler")
    worker = installation.start("worker", "mail")
    installation.wait_until(lambda: mail_states(world)["filed"] == 1, "the first mail is filed")
    [reader] = children_of(worker)

    os.kill(reader, signal.SIGSTOP)  # reading the next mail will not end by itself
    raw_mail_id = arrive(numbered_mail(2))
    installation.wait_until(lambda: is_held(owner, raw_mail_id), "the second mail is being read")
    assert mail_states(world) == {"filed": 1, "stored": 1}
    kill(worker)
    os.kill(reader, signal.SIGCONT)  # its pipe is closed: it leaves
    installation.start("worker", "mail")

    installation.wait_until(lambda: mail_states(world)["filed"] == 2, "the next worker files it")
    assert received_subjects(world) == ["Order 1", "Order 2"]


def test_killed_in_the_rush_every_mail_is_filed_once_and_no_reply_leaves_twice(
    world: World, installation: Installation, mail_server: MailServer
):
    an_inbox(world, "Acme")
    for number in range(40):
        arrive(numbered_mail(number))
    answer_shoppers(world, 20)
    worker = installation.start("worker", "mail")
    mail_server.on_data = lambda: len(mail_server.envelopes) == 5 and worker.kill()
    installation.start("scheduler")
    installation.wait_until(lambda: worker.poll() is not None, "it dies while it hands over")
    second = installation.start("worker", "mail")
    installation.wait_until(
        lambda: mail_states(world)["filed"] >= 20, "half of the mails are filed"
    )
    kill(second)
    installation.start("worker", "mail")

    installation.wait_until(lambda: job_states().keys() == {"done"}, "all work is done")
    assert mail_states(world) == {"filed": 40}
    assert received_subjects(world) == sorted(f"Order {number}" for number in range(40))
    states = delivery_states(world)
    assert states["uncertain"] in {1, 2}  # the second kill may have met a hand-over as well
    assert states["accepted"] == 20 - states["uncertain"]
    taken = sent_to(mail_server)
    assert set(taken.values()) == {1}
    assert states["accepted"] < taken.total() <= 20
