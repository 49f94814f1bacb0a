"""Finding contacts of the scope."""

from uuid import UUID

import sqlalchemy as sa

from app.contacts.models import Contact
from tenants.db import db
from tenants.errors import NotFound


def get_contact(contact_id: UUID) -> Contact:
    """The contact. Raises: NotFound."""
    contact = db.session.scalar(sa.select(Contact).where(Contact.id == contact_id))
    if contact is None:
        raise NotFound
    return contact


def find_contact(*, workspace_id: UUID, email: str) -> Contact | None:
    """The contact who writes from this address, in whatever case it is spelled."""
    return db.session.scalar(
        sa.select(Contact).where(
            Contact.workspace_id == workspace_id, Contact.email == canonical_email(email)
        )
    )


def canonical_email(email: str) -> str:
    """The spelling an address is stored and compared in."""
    return email.strip().lower()
