"""Getting to know the people who write to a brand."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from app.contacts.models import Contact
from app.contacts.queries import canonical_email, find_contact
from tenants.db import db, new_id
from tenants.errors import NotFound
from tenants.ledger import record

_LONGEST_NAME = 200


def find_or_create_contact(*, workspace_id: UUID, email: str, name: str, now: datetime) -> Contact:
    """The contact of this address at this brand; a name is learned once, never overwritten.

    Two arrivals at once get the same contact. Raises: NotFound when the brand is out of scope.
    """
    if workspace_id not in db.scope.workspace_ids:
        raise NotFound
    name = " ".join(name.split())[:_LONGEST_NAME]
    contact = find_contact(workspace_id=workspace_id, email=email)
    if contact is None:
        contact = _create(workspace_id=workspace_id, email=email, name=name, now=now)
    if name and not contact.name:
        contact.name = name
    return contact


def _create(*, workspace_id: UUID, email: str, name: str, now: datetime) -> Contact:
    """Insert first; the loser of a race reads the winner's row."""
    created = db.session.scalar(
        pg.insert(Contact)
        .values(
            agency_id=db.scope.agency_id,
            workspace_id=workspace_id,
            id=new_id(),
            email=canonical_email(email),
            name=name,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["workspace_id", "email"])
        .returning(Contact.id)
    )
    contact = db.session.scalars(
        sa.select(Contact).where(
            Contact.workspace_id == workspace_id, Contact.email == canonical_email(email)
        )
    ).one()
    if created is not None:
        record("contact.created", contact, at=now)
    return contact
