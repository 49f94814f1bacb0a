"""The looks a report is made in: the client's inside, the agency's around it."""

from dataclasses import dataclass
from uuid import UUID

from tenants.blobs import get_blob
from tenants.errors import NotFound
from tenants.workspaces.queries import get_agency, get_workspace
from themes.queries import get_agency_theme, get_current_version, get_theme_version
from themes.tokens import Theme

_INK = "#3f4a5a"


@dataclass(frozen=True, slots=True)
class Look:
    """A client's theme, and the version it was published as; None while nothing was."""

    theme: Theme
    version_id: UUID | None


def current_look(workspace_id: UUID) -> Look:
    """How the client looks now."""
    try:
        version = get_current_version(workspace_id)
    except NotFound:
        return Look(Theme(name=get_workspace(workspace_id).name, primary=_INK), None)
    return Look(Theme.from_json(version.tokens), version.id)


def look_of(workspace_id: UUID, version_id: UUID | None) -> Theme:
    """How the client looked in that version."""
    if version_id is None:
        return Theme(name=get_workspace(workspace_id).name, primary=_INK)
    return get_theme_version(version_id)


def agency_look() -> Theme:
    """How the agency looks now."""
    try:
        return get_agency_theme()
    except NotFound:
        return Theme(name=get_agency().name, primary=_INK)


def agency_logo() -> bytes | None:
    """The agency's logo as PNG, if it has one."""
    logo = agency_look().logo
    return get_blob(logo.page) if logo else None
