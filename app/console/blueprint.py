"""The console's blueprint, and what every page about a client has in common."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, url_for

from app.navigation import nav_items
from tenants.members.session import current_access
from tenants.permissions import Permission
from tenants.workspaces.models import Workspace
from themes.page import render
from themes.tokens import monogram_of

bp = Blueprint("console", __name__, template_folder="templates")

_TABS = (
    ("show_client", "Overview", Permission.WORKSPACES_READ),
    ("show_channels", "Channels", Permission.WORKSPACES_READ),
    ("show_service_levels", "Service levels", Permission.WORKSPACES_READ),
    ("show_look", "Look", Permission.WORKSPACES_READ),
    ("show_people", "People", Permission.MEMBERS_READ),
    ("show_activity", "Activity", Permission.WORKSPACES_READ),
)


@dataclass(frozen=True)
class Tab:
    """One page about a client."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Brand:
    """A client as components name and colour it."""

    key: str
    name: str
    monogram: str


def page(template: str, **context: Any) -> Response:  # noqa: ANN401 - what it reads
    """A page of the console."""
    access = current_access()
    return render(
        f"console/{template}", nav=nav_items("clients"), member=access, may=access.may, **context
    )


def client_page(template: str, workspace: Workspace, *, at: str, **context: Any) -> Response:  # noqa: ANN401 - what it reads
    """A page about one client, with its tabs; `at` is the view that shows it."""
    access = current_access()
    return page(
        template,
        client=workspace,
        brand=Brand(str(workspace.id), workspace.name, monogram_of(workspace.name)),
        tabs_shown=[
            Tab(label, _url(view, workspace.id), view == at)
            for view, label, permission in _TABS
            if access.may(permission)
        ],
        **context,
    )


def _url(view: str, workspace_id: UUID) -> str:
    return url_for(f"console.{view}", workspace_id=workspace_id)
