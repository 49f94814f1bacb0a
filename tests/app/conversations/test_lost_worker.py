"""The worker is killed after the mail server has the mail and before anybody wrote that down."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict

import pytest
import sqlalchemy as sa

from app.channels.email.outgoing import mail_settings
from app.config import Settings
from app.conversations.models import Delivery
from app.conversations.operations.delivering import send_again
from app.conversations.queries import get_conversation, timeline
from tenants.db import db
from tenants.jobs import Job
from tests.app.conversations.mail_server import MailServer
from tests.factories.cast import World
from tests.factories.conversations import a_conversation, ago, leo_replies, member, read
from tests.factories.work import run_due_jobs

_WORKER = """
import json, sys
from pathlib import Path
from app.config import Settings
from app.wiring import connect
from app.conversations import jobs
from tenants.jobs import run_row
given = json.loads(sys.argv[1])
connect(Settings(**given | {"var_dir": Path(given["var_dir"])}))
run_row(int(sys.argv[2]), 1)
"""


@pytest.mark.slow
def test_a_killed_hand_over_is_uncertain_and_sent_again_only_by_a_person(
    world: World, connected: Settings, mail_server: MailServer
):
    conversation_id = a_conversation(world, "Acme")
    leo_replies(world, "Acme", conversation_id, now=ago())
    _run_worker_that_dies(connected, mail_server)
    assert len(mail_server.mails) == 1
    assert _delivery(world).state == "handing_over"

    with db.system() as session:  # what the reaper does with a dead worker's row
        session.execute(sa.update(Job).values(state="due"))
    run_due_jobs()
    assert len(mail_server.mails) == 1
    assert _delivery(world).state == "uncertain"
    with db.transaction(world.system_scope("Acme")):
        shown = timeline(get_conversation(conversation_id))
        [reply] = [entry for entry in shown if entry.deliveries]
        assert reply.deliveries[0].state == "uncertain"
        assert "message.uncertain" in [entry.name for entry in shown]

    with db.transaction(world.system_scope("Acme")) as session:
        delivery = session.scalars(sa.select(Delivery)).one()
        send_again(delivery, by=member(world, "Leo"), now=ago())
    run_due_jobs()
    first, second = mail_server.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert _delivery(world).state == "accepted"
    assert read(world, "Acme", conversation_id).message_count == 2


def _run_worker_that_dies(settings: Settings, mail_server: MailServer) -> None:
    """A real worker process, killed with -9 when the server has read the whole mail."""
    given = {
        name: str(value) if name == "var_dir" else value for name, value in asdict(settings).items()
    }
    given |= {"smtp_url": mail_settings().smtp_url, "mail_domain": mail_settings().mail_domain}
    with db.system() as session:
        job_id = session.scalars(
            sa.update(Job).values(state="sent", attempts=1).returning(Job.id)
        ).one()
    workers: list[subprocess.Popen[bytes]] = []
    mail_server.on_data = lambda: os.kill(workers[0].pid, signal.SIGKILL)
    workers.append(
        subprocess.Popen([sys.executable, "-c", _WORKER, json.dumps(given), str(job_id)])
    )
    assert workers[0].wait(timeout=60) == -signal.SIGKILL
    mail_server.on_data = None


def _delivery(world: World) -> Delivery:
    with db.transaction(world.system_scope("Acme")) as session:
        return session.scalars(sa.select(Delivery)).one()
