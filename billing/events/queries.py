"""Finding stored events."""

from uuid import UUID

import sqlalchemy as sa

from billing.events.models import StripeEvent
from tenants.db import db
from tenants.errors import NotFound


def get_stripe_event(stripe_event_id: UUID, *, lock: bool = False) -> StripeEvent:
    """The event by our id for it. Raises: NotFound."""
    wanted = sa.select(StripeEvent).where(StripeEvent.id == stripe_event_id)
    if lock:
        wanted = wanted.with_for_update()
    event = db.session.scalar(wanted.execution_options(populate_existing=True))
    if event is None:
        raise NotFound
    return event
