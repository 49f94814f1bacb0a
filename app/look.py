"""The look of this request: the host's theme, and the themes of the brands a member may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import g

from app.doors import current_host
from tenants.errors import NotFound
from tenants.hosts.queries import HostEntry
from tenants.members.session import find_current_access
from tenants.permissions import Role
from tenants.workspaces.queries import get_agency, get_workspace
from themes.queries import get_agency_theme, get_current_theme, list_current_themes
from themes.tokens import Theme

PLAIN_COLOUR = "#3f4a5a"


def current_theme() -> Theme:
    """The brand's theme on a brand's host, the agency's everywhere else; read once a request."""
    if "theme" not in g:
        g.theme = _theme_of(current_host())
    theme: Theme = g.theme
    return theme


@dataclass(frozen=True)
class BrandMark:
    """A brand as lists name and colour it: `key` chooses its accent."""

    key: str
    name: str
    monogram: str


def brand_marks() -> Mapping[UUID, BrandMark]:
    """Every brand of the scope, by name."""
    themes = sorted(brand_themes().items(), key=lambda item: item[1].name.casefold())
    return {
        workspace_id: BrandMark(str(workspace_id), theme.name, theme.monogram)
        for workspace_id, theme in themes
    }


@dataclass(frozen=True)
class Person:
    """Who is signed in, as every frame shows them."""

    name: str
    role_name: str


def signed_in_person() -> dict[str, Person | None]:
    """`member` for the layouts; None while nobody is signed in."""
    access = find_current_access()
    if access is None:
        return {"member": None}
    roles = sorted(
        access.agency_roles.union(*access.workspace_roles.values()), key=list(Role).index
    )
    return {"member": Person(access.name, roles[0].label if roles else "")}


def _theme_of(host: HostEntry) -> Theme:
    """What was last published for this host; a plain look while nothing has been yet."""
    try:
        return get_current_theme(host.workspace_id) if host.workspace_id else get_agency_theme()
    except NotFound:
        owner = get_workspace(host.workspace_id) if host.workspace_id else get_agency()
        return Theme(name=owner.name, primary=PLAIN_COLOUR)


def brand_themes() -> Mapping[UUID, Theme]:
    """The themes of every workspace in scope, for the accents of the desk."""
    if "brand_themes" not in g:
        g.brand_themes = list_current_themes()
    themes: Mapping[UUID, Theme] = g.brand_themes
    return themes
