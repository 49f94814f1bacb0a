"""Where in the queue the agent is: the view and brand that travel with every link of the desk."""

from flask import request
from marshmallow import ValidationError

from app.desk.queue_page import Place
from app.desk.schemas import PlaceQuery
from app.l1_pool.queries import View
from tenants.members.session import current_access
from tenants.permissions import Permission


def current_place() -> Place:
    """The view asked for, else the one in which this member's work waits."""
    return named_place() or Place(_usual_view())


def named_place() -> Place | None:
    """The view and brand the address names; None when it names no view, or none that exists."""
    try:
        named = PlaceQuery().load(request.args)
    except ValidationError:
        return None
    if named["view"] is None:
        return Place(_usual_view(), named["brand"]) if named["brand"] else None
    return Place(named["view"], named["brand"])


def _usual_view() -> View:
    access = current_access()
    if not access.may(Permission.CONVERSATIONS_CLAIM):
        return View.ALL
    works_in_pod = access.may(Permission.ESCALATIONS_ACCEPT)
    return View.ESCALATED if works_in_pod and not access.agency_roles else View.POOL
