"""Mail that was stored and whose filing gave up: it goes to quarantine, where somebody sees it."""

import sqlalchemy as sa

from app.channels.email.incoming import Refused
from app.inbound.filing import quarantine
from app.inbound.models import RawMail
from app.inbound.queries import lock_mail
from tenants.context import SYSTEM, Scope
from tenants.db import db, utc_now
from tenants.jobs import Job

_BATCH = 100


def quarantine_given_up() -> None:
    """Settle what no job is left for: the last attempt failed, so a person has to look."""
    with db.system() as session:
        waiting = (
            sa.select(Job.id)
            .where(
                Job.workspace_id == RawMail.workspace_id,
                Job.state.in_(("due", "sent")),
                Job.args[0]["uuid"].astext == sa.cast(RawMail.id, sa.Text()),
            )
            .exists()
        )
        lost = session.execute(
            sa.select(RawMail.agency_id, RawMail.workspace_id, RawMail.id)
            .where(
                RawMail.state == "stored",
                RawMail.arrived_at < sa.func.now() - sa.func.make_interval(0, 0, 0, 0, 0, 15),
                ~waiting,
            )
            .limit(_BATCH)
        ).all()
    for agency_id, workspace_id, raw_mail_id in lost:
        with db.transaction(Scope(agency_id, frozenset({workspace_id}), SYSTEM)):
            mail = lock_mail(raw_mail_id)
            if mail.state == "stored":
                quarantine(mail, Refused("unprocessable", "reading failed"), now=utc_now())
