"""A documents worker that dies while it renders a report: one document, mailed once."""

import os
import signal
import subprocess
from datetime import date
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.reports.jobs import STEPS, mail_report, render_report
from app.reports.models import Report, ReportDelivery
from tenants.db import db
from tenants.jobs import Job, registered_name
from tests.app.conversations.mail_server import MailServer
from tests.factories.cast import World
from tests.factories.reports import a_history, a_report, read_report
from tests.faults.processes import Installation, children_of
from tests.faults.scenes import sent_to

pytestmark = pytest.mark.slow

CLEO = "cleo@acme.example"


@pytest.mark.parametrize(
    "whom",
    [
        pytest.param({"worker", "renderer"}, id="the worker and the renderer it forked"),
        pytest.param({"renderer"}, id="the renderer alone, as when memory runs out"),
        pytest.param({"worker"}, id="the worker alone, whose renderer finishes"),
    ],
)
def test_killed_while_it_renders_there_is_one_document_and_one_mail(
    world: World, installation: Installation, mail_server: MailServer, whom: set[str]
):
    first, until = date(2026, 10, 1), date(2026, 11, 1)
    a_history(world, "Acme", first=first, until=until, conversations=20)
    report_id = a_report(world, recipients=[CLEO])
    installation.start("scheduler")
    worker = installation.start("worker", "documents")
    installation.wait_until(
        lambda: read_report(world, report_id).step == STEPS[1], "its pages are being set"
    )
    kill_some(worker, whom)
    for queue in ("documents", "mail"):
        installation.start("worker", queue)

    installation.wait_until(lambda: is_finished(world, report_id), "it is made and mailed")
    assert sent_to(mail_server) == {CLEO: 1}
    [mail] = mail_server.mails
    [document] = mail.iter_attachments()
    assert document.get_content().startswith(b"%PDF-")
    with db.transaction(world.system_scope("Acme")) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Report)) == 1
        assert session.scalars(sa.select(ReportDelivery.state)).all() == ["accepted"]


def kill_some(worker: subprocess.Popen[bytes], whom: set[str]) -> None:
    """End with -9 the worker, the process it forked for this one job, or both."""
    [renderer] = children_of(worker)
    if "worker" in whom:
        worker.kill()
        worker.wait()
    if "renderer" in whom:
        os.kill(renderer, signal.SIGKILL)


def is_finished(world: World, report_id: UUID) -> bool:
    if read_report(world, report_id).mailed_at is None:
        return False
    ours = (registered_name(render_report), registered_name(mail_report))
    with db.system() as session:
        states = session.scalars(sa.select(Job.state).where(Job.function.in_(ours)))
        return set(states) == {"done"}
