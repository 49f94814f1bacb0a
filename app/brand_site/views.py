"""The brand's start page; it could stand on the brand's own web site."""

from flask import Response

from app.brand_site.hours import shown_hours
from app.channels.queries import list_inboxes
from app.doors import current_host
from app.sla.calculus import Calendar
from app.sla.queries import find_calendar_version
from tenants.db import utc_now
from tenants.errors import NotFound
from themes.page import render


def brand_page() -> Response:
    """Name, mail address and hours of the brand whose host this is."""
    workspace_id = current_host().workspace_id
    if workspace_id is None:
        raise NotFound
    now = utc_now()
    calendar = find_calendar_version(workspace_id, at=now)
    inboxes = list_inboxes(workspace_id)
    return render(
        "brand_site/start.html",
        address=inboxes[0].address if inboxes else None,
        hours=shown_hours(Calendar.from_json(calendar.definition), now=now) if calendar else None,
    )
