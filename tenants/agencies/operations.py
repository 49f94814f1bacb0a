"""Opening an agency."""

from datetime import datetime

from tenants.agencies.models import Agency
from tenants.context import SYSTEM, Scope
from tenants.db import db, new_id
from tenants.ledger import record


def open_agency(
    *, slug: str, name: str, now: datetime, time_zone: str = "UTC", locale: str = "en"
) -> Agency:
    """A new agency, in a transaction of its own: nobody has a scope that holds it yet."""
    agency = Agency(
        id=new_id(), slug=slug, name=name, time_zone=time_zone, locale=locale, created_at=now
    )
    with db.transaction(Scope(agency.id, frozenset(), SYSTEM, agency_wide=True)) as session:
        session.add(agency)
        record("agency.opened", agency, at=now)
    return agency
