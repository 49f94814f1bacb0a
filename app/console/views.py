"""The agency's console: all clients, one client, all people."""

from uuid import UUID

from flask import Response, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.console.activity import list_activity
from app.console.blueprint import bp, client_page, page
from app.console.clients import headline, list_clients
from app.console.facts import list_hosts_of, list_schedules, read_standing, weekly_hours
from app.console.operations import start_payment
from app.console.people import list_people, people_of
from app.doors import current_host
from app.look import PLAIN_COLOUR, brand_themes
from app.provisioning.contrast import count_readable, shown_pairs
from app.provisioning.queries import list_unfinished_openings
from app.sla.business_hours import WEEKDAYS
from app.sla.queries import find_policy
from billing.contracts.service_states import State
from tenants.db import db, utc_now
from tenants.members.session import current_access
from tenants.permissions import Permission, requires
from tenants.workspaces.queries import get_workspace, list_workspaces
from themes.palette import palette_of
from themes.tokens import Theme

_SWATCHES = ("brand", "on-brand", "brand-tint", "link", "chart-1", "chart-2")


@bp.get("/clients")
@requires(Permission.WORKSPACES_READ)
def index() -> Response:
    """Where the agency's day begins."""
    clients = list_clients(now=utc_now())
    opens = current_access().may(Permission.WORKSPACES_OPEN) and db.scope.agency_wide
    return page(
        "clients.html",
        clients=clients,
        headline=headline(clients),
        openings=list_unfinished_openings() if opens else [],
        may_open=opens,
    )


@bp.get("/clients/<uuid:workspace_id>")
@requires(Permission.WORKSPACES_READ)
def show_client(workspace_id: UUID) -> Response:
    """Where one client stands, and what it still needs."""
    workspace = get_workspace(workspace_id)
    standing = read_standing(workspace.id, now=utc_now())
    return client_page(
        "client.html",
        workspace,
        at="show_client",
        standing=standing,
        hosts=list_hosts_of(workspace.id),
        schedules=list_schedules(workspace.id),
        awaits_payment="paid" in request.args and standing.state is State.DRAFT,
        url_of=current_app.extensions["settings"].url_of,
        fragment="standing",
    )


@bp.post("/clients/<uuid:workspace_id>/checkout")
@requires(Permission.BILLING_MANAGE)
def create_checkout(workspace_id: UUID) -> BaseResponse:
    """Go to the payment page of this client's tier."""
    workspace = get_workspace(workspace_id)
    settings = current_app.extensions["settings"]
    back = url_for(".show_client", workspace_id=workspace.id)
    address = start_payment(
        workspace,
        uses_sandbox=settings.billing_provider == "sandbox",
        back_url=settings.url_of(current_host().name, back),
        now=utc_now(),
    )
    return redirect(address, 303)


@bp.get("/clients/<uuid:workspace_id>/channels")
@requires(Permission.WORKSPACES_READ)
def show_channels(workspace_id: UUID) -> Response:
    """Hosts, mail addresses and business hours."""
    workspace = get_workspace(workspace_id)
    standing = read_standing(workspace.id, now=utc_now())
    return client_page(
        "channels.html",
        workspace,
        at="show_channels",
        hosts=list_hosts_of(workspace.id),
        inboxes=standing.inboxes,
        calendar=standing.calendar,
        week=zip(WEEKDAYS, standing.calendar.weekly, strict=True) if standing.calendar else (),
        hours_a_week=weekly_hours(standing.calendar) if standing.calendar else 0,
        url_of=current_app.extensions["settings"].url_of,
    )


@bp.get("/clients/<uuid:workspace_id>/service-levels")
@requires(Permission.WORKSPACES_READ)
def show_service_levels(workspace_id: UUID) -> Response:
    """What is promised, and which report goes to whom."""
    workspace = get_workspace(workspace_id)
    return client_page(
        "service_levels.html",
        workspace,
        at="show_service_levels",
        policy=find_policy(workspace.id, at=utc_now()),
        schedules=list_schedules(workspace.id),
    )


@bp.get("/clients/<uuid:workspace_id>/look")
@requires(Permission.WORKSPACES_READ)
def show_look(workspace_id: UUID) -> Response:
    """The theme, its colours, and whether they can be read."""
    workspace = get_workspace(workspace_id)
    plain = Theme(name=workspace.name, primary=PLAIN_COLOUR)
    theme = brand_themes().get(workspace.id, plain)
    palette = palette_of(theme)
    return client_page(
        "look.html",
        workspace,
        at="show_look",
        look=theme,
        swatches=[(role, palette.light[role]) for role in _SWATCHES],
        pairs=shown_pairs(theme),
        counted=count_readable(theme),
    )


@bp.get("/clients/<uuid:workspace_id>/people")
@requires(Permission.MEMBERS_READ)
def show_people(workspace_id: UUID) -> Response:
    """Who works for this client, and who of the client may sign in."""
    workspace = get_workspace(workspace_id)
    people = people_of(workspace.id)
    return client_page(
        "people.html",
        workspace,
        at="show_people",
        ours=[person for person in people if not person.is_client],
        theirs=[person for person in people if person.is_client],
    )


@bp.get("/clients/<uuid:workspace_id>/activity")
@requires(Permission.WORKSPACES_READ)
def show_activity(workspace_id: UUID) -> Response:
    """What happened to its set-up."""
    workspace = get_workspace(workspace_id)
    return client_page(
        "activity.html", workspace, at="show_activity", lines=list_activity(workspace.id)
    )


@bp.get("/members")
@requires(Permission.MEMBERS_READ)
def list_members() -> Response:
    """Everybody of the agency and of its clients."""
    return page(
        "members.html",
        people=list_people(),
        names={workspace.id: workspace.name for workspace in list_workspaces()},
    )
