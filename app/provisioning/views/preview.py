"""The brand as it will look: a small page in the choices' own theme, shown beside the form."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from flask import Response, current_app, request, url_for

from app.provisioning.choices import choices_of, theme_of
from app.provisioning.contrast import count_readable, shown_pairs
from app.provisioning.models import Opening
from app.provisioning.queries import get_opening
from app.provisioning.slugs import fault_of
from app.provisioning.views.blueprint import bp
from tenants.blobs import get_blob
from tenants.errors import NotFound
from tenants.permissions import Permission, requires
from themes.css import theme_stylesheet
from themes.errors import BadTheme
from themes.page import PageBrand, page_brand, render
from themes.tokens import Theme

_TYPED = ("name", "signature", "primary", "secondary", "radius", "fonts")


@bp.get("/<uuid:opening_id>/preview")
@requires(Permission.WORKSPACES_OPEN)
def show_preview(opening_id: UUID) -> Response:
    """Page, mail and queue in this look; what is being typed comes as parameters."""
    opening = get_opening(opening_id)
    theme = typed_theme(theme_of(opening), request.args)
    return render(
        "provisioning/preview.html",
        theme=_page_brand(opening, theme),
        address=_address(opening, request.args.get("slug", "")),
        pairs=shown_pairs(theme),
        counted=count_readable(theme),
    )


@bp.get("/<uuid:opening_id>/preview.css")
@requires(Permission.WORKSPACES_OPEN)
def show_preview_stylesheet(opening_id: UUID) -> Response:
    """The tokens of the same look."""
    theme = typed_theme(theme_of(get_opening(opening_id)), request.args)
    return Response(theme_stylesheet(theme), mimetype="text/css")


@bp.get("/<uuid:opening_id>/logo/<digest>.png")
@requires(Permission.WORKSPACES_OPEN)
def show_logo(opening_id: UUID, digest: str) -> Response:
    """The logo chosen here; no other blob is given out."""
    logo = theme_of(get_opening(opening_id)).logo
    if logo is None or digest not in {logo.page, logo.icon}:
        raise NotFound
    return Response(get_blob(digest), mimetype="image/png")


def typed_theme(theme: Theme, typed: Mapping[str, str]) -> Theme:
    """The look with what is being typed, as far as it makes sense yet."""
    for field in _TYPED:
        if field in typed:
            theme = _with(theme, field, typed[field].strip())
    return theme


def _with(theme: Theme, field: str, text: str) -> Theme:
    changed = {**theme.to_json(), "monogram": "", field: text}
    if field == "secondary":
        changed[field] = text or None
    try:
        if field == "radius":
            changed[field] = int(text)
        return Theme.from_json(changed)
    except (BadTheme, ValueError):
        return theme


def _address(opening: Opening, slug: str) -> str:
    choices = choices_of(opening)
    if "channels" in choices and not slug:
        return choices["channels"]["address"]
    base_domain = current_app.extensions["settings"].base_domain
    if not fault_of(slug):
        return f"support@{slug}.{base_domain}"
    return f"support@{choices['brand']['host']}" if "brand" in choices else "support@…"


def _page_brand(opening: Opening, theme: Theme) -> PageBrand:
    stylesheet = url_for(
        ".show_preview_stylesheet",
        opening_id=opening.id,
        name=theme.name,
        primary=theme.primary,
        secondary=theme.secondary or "",
        radius=theme.radius,
        fonts=theme.fonts,
    )
    shown = replace(page_brand(theme), stylesheet_url=stylesheet, icon_url=None)
    if theme.logo is None:
        return shown
    logo = url_for(".show_logo", opening_id=opening.id, digest=theme.logo.page)
    return replace(shown, logo_url=logo)
