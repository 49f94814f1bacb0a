"""Redis only wakes: emptied or gone while work is pending, all of it still happens, once."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import redis

from tests.app.conversations.mail_server import MailServer
from tests.factories.cast import World
from tests.factories.mail import an_inbox
from tests.faults.processes import Installation, kill
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
from tests.servers import RedisServer

pytestmark = pytest.mark.slow

MAILS, REPLIES = 60, 10


@pytest.fixture
def pending(world: World) -> World:
    """Mail to be filed, and replies that have not left."""
    an_inbox(world, "Acme")
    for number in range(MAILS):
        arrive(numbered_mail(number))
    answer_shoppers(world, REPLIES)
    return world


def assert_all_happened_once(world: World, mail_server: MailServer) -> None:
    assert mail_states(world) == {"filed": MAILS}
    assert received_subjects(world) == sorted(f"Order {number}" for number in range(MAILS))
    assert delivery_states(world) == {"accepted": REPLIES}
    assert sent_to(mail_server) == {f"asked{number}@shop.example": 1 for number in range(REPLIES)}


@contextmanager
def emptied_every_second(server: RedisServer) -> Iterator[list[int]]:
    """Flush Redis again and again meanwhile; yields how many keys each flush took along."""
    over, taken = threading.Event(), []
    client = redis.Redis(port=server.port)

    def flush() -> None:
        while not over.wait(1):
            taken.append(client.dbsize())
            client.flushall()

    thread = threading.Thread(target=flush)
    thread.start()
    try:
        yield taken
    finally:
        over.set()
        thread.join()
        client.close()


def start_anew(server: RedisServer) -> None:
    """The same command on the same port; it keeps nothing on disk, so it comes back empty."""
    server.process = subprocess.Popen(server.process.args, stdout=subprocess.DEVNULL)


def test_flushed_every_second_everything_pending_still_happens_once(
    pending: World,
    installation: Installation,
    mail_server: MailServer,
    redis_server: RedisServer,
):
    with emptied_every_second(redis_server) as taken:
        installation.start("scheduler")
        installation.wait_until(lambda: job_states()["sent"] > 0, "the first work is handed out")
        installation.wait_until(lambda: any(taken), "it is flushed away")
        installation.start("worker", "mail")
        installation.wait_until(lambda: job_states().keys() == {"done"}, "all work is done")

    assert_all_happened_once(pending, mail_server)


def test_started_anew_and_empty_everything_pending_still_happens_once(
    pending: World,
    installation: Installation,
    mail_server: MailServer,
    redis_server: RedisServer,
):
    worker = installation.start("worker", "mail")
    installation.start("scheduler")
    installation.wait_until(lambda: mail_states(pending)["filed"] > 5, "some work is done")
    kill(redis_server.process)
    left = job_states()["done"]
    installation.wait_until(lambda: worker.poll() is not None, "the worker notices")
    start_anew(redis_server)
    installation.start("worker", "mail")  # what the supervisor does

    installation.wait_until(lambda: job_states().keys() == {"done"}, "all work is done")
    assert left < MAILS + REPLIES
    assert_all_happened_once(pending, mail_server)
