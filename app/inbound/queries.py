"""Finding stored mail: the quarantine, and the first copy of a duplicate."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from app.inbound.models import RawMail
from tenants.db import db
from tenants.errors import NotFound

PAGE_SIZE = 50


def get_mail(raw_mail_id: UUID) -> RawMail:
    """The stored mail. Raises: NotFound."""
    mail = db.session.scalar(sa.select(RawMail).where(RawMail.id == raw_mail_id))
    if mail is None:
        raise NotFound
    return mail


def lock_mail(raw_mail_id: UUID) -> RawMail:
    """The stored mail, held until the transaction ends, so that it is settled once."""
    mail = db.session.scalar(
        sa.select(RawMail)
        .where(RawMail.id == raw_mail_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if mail is None:
        raise NotFound
    return mail


def find_twin(mail: RawMail, dedupe_key: str) -> RawMail | None:
    """The mail of this inbox that came first with the same key."""
    return db.session.scalar(
        sa.select(RawMail).where(
            RawMail.workspace_id == mail.workspace_id,
            RawMail.inbox_id == mail.inbox_id,
            RawMail.dedupe_key == dedupe_key,
            RawMail.id != mail.id,
        )
    )


def list_quarantine(
    *, before: tuple[datetime, UUID] | None = None, limit: int = PAGE_SIZE
) -> Sequence[RawMail]:
    """What waits in quarantine over all workspaces of the scope, newest first."""
    statement = sa.select(RawMail).where(RawMail.state == "quarantined")
    if before is not None:
        statement = statement.where(sa.tuple_(RawMail.arrived_at, RawMail.id) < sa.tuple_(*before))
    return db.session.scalars(
        statement.order_by(RawMail.arrived_at.desc(), RawMail.id.desc()).limit(limit)
    ).all()


def count_quarantine() -> int:
    """How much waits in quarantine, up to a thousand."""
    some = sa.select(RawMail.id).where(RawMail.state == "quarantined").limit(1000).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0
