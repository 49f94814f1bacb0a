"""PostgreSQL crashes while mail comes in: what was acknowledged is stored, and filed once."""

import smtplib
import subprocess
import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from tests.factories.cast import World
from tests.factories.mail import an_inbox
from tests.faults.processes import Installation, takes_mail
from tests.faults.scenes import mail_states, numbered_mail, received_subjects
from tests.servers import Cluster

pytestmark = pytest.mark.slow

CLIENTS, MAILS_EACH, CRASHES = 4, 15, 2


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of this test alone, to crash."""
    with Cluster() as running:
        yield running


def crash(cluster: Cluster) -> None:
    """Stop it as a power cut would, and start it again with recovery."""
    server = cluster.server
    subprocess.run(
        [
            *(server.bin_path / "pg_ctl", "-D", server.pgdata, "-w"),
            *("-l", server.log, "-m", "immediate", "restart"),
        ],
        user=server.system_user,
        cwd="/",
        check=True,
        timeout=30,
        stdout=subprocess.DEVNULL,
    )


class Sender:
    """A mail server that keeps each mail until somebody says 250, and tries again until then."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.acknowledged: list[str] = []
        self.told_to_come_back = 0
        self.codes: set[int] = set()
        self._rest = threading.Event()

    def send(self, numbers: range) -> None:
        for number in numbers:
            while not self._is_taken(number):
                self.told_to_come_back += 1
                self._rest.wait(0.1)
            self.acknowledged.append(f"Order {number}")

    def _is_taken(self, number: int) -> bool:
        mail = numbered_mail(number)
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=10) as client:
                client.sendmail("sam@shop.example", ["support@acme.example"], mail)
        except smtplib.SMTPRecipientsRefused as refusal:
            self.codes |= {code for code, _ in refusal.recipients.values()}
        except smtplib.SMTPResponseException as refusal:
            self.codes.add(refusal.smtp_code)
        except (smtplib.SMTPServerDisconnected, OSError):
            return False
        else:
            return True
        return False


def test_what_was_acknowledged_is_stored_and_filed_once(
    world: World, installation: Installation, cluster: Cluster
):
    an_inbox(world, "Acme")
    installation.start("smtp")
    installation.start("scheduler")
    installation.start("worker", "mail")
    port = installation.settings.smtp_in_port
    installation.wait_until(lambda: takes_mail(port), "the listener takes mail")
    senders = [Sender(port) for _ in range(CLIENTS)]
    threads = [
        threading.Thread(target=sender.send, args=(range(n * MAILS_EACH, (n + 1) * MAILS_EACH),))
        for n, sender in enumerate(senders)
    ]
    for thread in threads:
        thread.start()

    for number in range(1, CRASHES + 1):
        part = CLIENTS * MAILS_EACH * number // (CRASHES + 1)
        installation.wait_until(
            lambda part=part: sum(len(sender.acknowledged) for sender in senders) >= part,
            f"{part} mails are acknowledged",
        )
        crash(cluster)
    for thread in threads:
        thread.join()

    acknowledged = {subject for sender in senders for subject in sender.acknowledged}
    assert len(acknowledged) == CLIENTS * MAILS_EACH
    installation.wait_until(lambda: is_settled(world), "every stored mail is settled")
    assert received_subjects(world) == sorted(acknowledged)
    states = mail_states(world)
    assert states["filed"] == len(acknowledged)
    assert set(states) <= {"filed", "duplicate"}
    assert sum(sender.told_to_come_back for sender in senders) > 0, "no client met a crash"
    assert all(400 <= code < 500 for sender in senders for code in sender.codes)


def is_settled(world: World) -> bool:
    try:
        return "stored" not in mail_states(world)
    except sa.exc.OperationalError:  # a connection of before the crash
        return False
