"""Taking mail in, and what a lead decides about mail in quarantine."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from app.channels.email.parse import parse
from app.channels.queries import list_inboxes
from app.inbound.errors import AlreadySettled, StillUnreadable
from app.inbound.filing import settle
from app.inbound.jobs import file_mail
from app.inbound.models import RawMail
from app.inbound.queries import lock_mail
from app.inbound.recipients import Destination
from tenants.blobs import get_blob, put_blob_for
from tenants.context import Actor
from tenants.db import db
from tenants.jobs import enqueue
from tenants.ledger import record

Source = Literal["smtp", "import"]


def store_mail(
    raw: bytes,
    *,
    to: Destination,
    envelope_from: str,
    envelope_to: str,
    source: Source,
    arrived_at: datetime,
    file_in: timedelta = timedelta(0),
) -> UUID:
    """Keep a mail durably and put off its filing; only then may it be acknowledged.

    The bytes are a blob before the row that names them is committed, in a transaction of its own.
    `file_in` leaves the caller time to file it at once; the job then finds nothing to do.
    """
    digest = put_blob_for(to.agency_id, raw)
    with db.transaction(to.scope) as session:
        mail = RawMail(
            inbox_id=to.inbox_id or list_inboxes(to.workspace_id)[0].id,
            source=source,
            digest=digest,
            size_bytes=len(raw),
            envelope_from=_address(envelope_from),
            envelope_to=_address(envelope_to),
            arrived_at=arrived_at,
        )
        session.add(mail)
        session.flush()  # the job names the row
        enqueue(file_mail, mail.id, workspace_id=to.workspace_id, delay=file_in)
        return mail.id


def release(mail: RawMail, *, by: Actor, now: datetime) -> None:
    """Read and file a mail after all. Raises: AlreadySettled, StillUnreadable."""
    mail = _lock_quarantined(mail)
    record("mail.released", mail, actor=by, at=now, data={"reason": mail.reason})
    settle(mail, parse(get_blob(mail.digest)), now=now)
    if mail.state == "quarantined":
        raise StillUnreadable


def discard(mail: RawMail, *, by: Actor, now: datetime) -> None:
    """Decide that a mail is not worth filing; its bytes stay. Raises: AlreadySettled."""
    mail = _lock_quarantined(mail)
    mail.state, mail.settled_at = "discarded", now
    record("mail.discarded", mail, actor=by, at=now, data={"reason": mail.reason})


def _lock_quarantined(mail: RawMail) -> RawMail:
    mail = lock_mail(mail.id)
    if mail.state != "quarantined":
        raise AlreadySettled
    return mail


def _address(value: str) -> str:
    return value.replace("\x00", "").encode("utf-8", "replace").decode()[:500]
