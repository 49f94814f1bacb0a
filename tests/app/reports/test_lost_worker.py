"""The worker is killed while it sets the pages; the next one makes the document, once."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict

import pytest
import sqlalchemy as sa

from app.config import Settings
from tenants.db import db
from tenants.jobs import Job
from tests.app.conversations.mail_server import MailServer
from tests.factories.cast import World
from tests.factories.reports import a_report, read_report
from tests.factories.work import run_due_jobs

_WORKER = """
import json, sys
from pathlib import Path
from app.config import Settings
from app.wiring import connect
from app.reports import jobs
from tenants.jobs import run_row
given = json.loads(sys.argv[1])
connect(Settings(**given | {"var_dir": Path(given["var_dir"])}))
if sys.argv[3] == "wait":
    print("ready", flush=True)
    sys.stdin.readline()
run_row(int(sys.argv[2]), 1)
"""


@pytest.mark.slow
def test_a_killed_rendering_is_done_once_by_the_next_worker(
    world: World, connected: Settings, mail_server: MailServer
):
    report_id = a_report(world, recipients=["cleo@acme.example"])
    job_id = _send_only_job()
    worker = _start_worker(connected, job_id)
    deadline = time.monotonic() + 60
    while read_report(world, report_id).step != "Setting the pages":
        assert worker.poll() is None, "the worker ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.kill(worker.pid, signal.SIGKILL)
    worker.communicate()
    shown = read_report(world, report_id)
    assert shown.state == "rendering"
    assert (shown.steps_done, shown.steps_total) == (1, 3)
    assert mail_server.mails == []

    with db.system() as session:  # what the reaper does with a dead worker's row
        session.execute(sa.update(Job).where(Job.id == job_id).values(state="due"))
    run_due_jobs()
    assert read_report(world, report_id).state == "ready"
    assert len(mail_server.mails) == 1


def _send_only_job() -> int:
    with db.system() as session:
        return session.execute(
            sa.update(Job)
            .where(Job.state == "due")
            .values(state="sent", attempts=1, sent_at=sa.func.now())
            .returning(Job.id)
        ).scalar_one()


def _start_worker(settings: Settings, job_id: int) -> "subprocess.Popen[bytes]":
    given = json.dumps(asdict(settings), default=str)
    worker = subprocess.Popen(
        [sys.executable, "-c", _WORKER, given, str(job_id), "wait"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert worker.stdout is not None
    assert worker.stdin is not None
    assert worker.stdout.readline() == b"ready\n"
    worker.stdin.write(b"go\n")
    worker.stdin.flush()
    return worker
