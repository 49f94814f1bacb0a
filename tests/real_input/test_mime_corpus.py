"""Every real mail we have, over SMTP into a real worker: none is lost, each has an outcome."""

import smtplib
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.channels.email.incoming import REASONS
from app.conversations.models import Message
from app.inbound.models import RawMail
from tenants.blobs import get_blob
from tenants.db import db
from tests.factories.cast import World
from tests.factories.mail import a_mail, an_inbox
from tests.faults.processes import Installation, takes_mail
from tests.faults.scenes import job_states, mail_states

pytestmark = pytest.mark.slow


def send(port: int, mails: list[bytes]) -> None:
    """Hand each over on one connection; a refusal of any ends the test."""
    with smtplib.SMTP("127.0.0.1", port, timeout=15) as client:
        for raw in mails:
            client.sendmail("sender@shop.example", ["support@acme.example"], raw)


def test_every_file_is_filed_a_duplicate_or_quarantined_with_a_sentence(
    world: World, installation: Installation, data: Path
):
    files = sorted(path for path in (data / "email" / "mime").rglob("*") if path.is_file())
    assert len(files) > 100
    an_inbox(world, "Acme")
    for command in (("smtp",), ("scheduler",), ("worker", "mail")):
        installation.start(*command)
    port = installation.settings.smtp_in_port
    installation.wait_until(lambda: takes_mail(port), "the listener takes mail")

    send(port, [file.read_bytes() for file in files])
    installation.wait_until(lambda: "stored" not in mail_states(world), "every mail is settled")

    states = mail_states(world)
    assert set(states) <= {"filed", "duplicate", "quarantined"}
    assert states.total() == len(files)
    assert states["filed"] > states["quarantined"]
    with db.transaction(world.system_scope("Acme")) as session:
        for mail in session.scalars(sa.select(RawMail)):
            assert len(get_blob(mail.digest)) == mail.size_bytes, "the raw mail is kept whole"
            is_quarantined = mail.state == "quarantined"
            assert is_quarantined == (mail.reason is not None)
            assert mail.reason is None or REASONS[mail.reason].endswith(".")
        filed = sa.select(RawMail.message_id).where(RawMail.state == "filed")
        assert None not in session.scalars(filed).all()

    send(port, [a_mail(subject="After all of these", message_id="<last@shop.example>")])
    installation.wait_until(lambda: job_states().keys() == {"done"}, "the next mail is settled")
    with db.transaction(world.system_scope("Acme")) as session:
        last = sa.select(Message.visible_text).where(Message.subject == "After all of these")
        assert session.scalar(last) == "Order W26113 was due on Friday. Where is it?"
