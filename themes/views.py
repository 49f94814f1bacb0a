"""Serves what makes a page look right: our files, the theme of the host, accents, logos."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, current_app, request, send_from_directory

from tenants.blobs import get_blob
from tenants.permissions import Permission, requires
from themes import assets
from themes.css import accent_stylesheet, theme_stylesheet
from themes.tokens import Theme

bp = Blueprint("themes", __name__)

FOR_EVER = "public, max-age=31536000, immutable"
EXTENSION = "look"


@dataclass(frozen=True)
class _Sources:
    current_theme: Callable[[], Theme]
    brand_themes: Callable[[], Mapping[UUID, Theme]]


def remember_sources(
    app: Flask,
    current_theme: Callable[[], Theme],
    brand_themes: Callable[[], Mapping[UUID, Theme]],
) -> None:
    """Where the themes of a request come from."""
    app.extensions[EXTENSION] = _Sources(current_theme, brand_themes)


@bp.get("/assets/<digest>/<path:name>")
@requires(Permission.FILES)
def asset(digest: str, name: str) -> Response:
    """One of our own files; an old digest gets the current file, but must not keep it."""
    if current_app.debug:
        assets.forget()
    if name == assets.STYLESHEET:
        response = Response(assets.stylesheet(), mimetype="text/css")
    elif name.startswith("js/"):
        response = send_from_directory(assets.STATIC, name)
    else:
        abort(404)
    return _kept(response, fresh=digest == assets.own_digest() and not current_app.debug)


@bp.get("/assets/vendor/<name>")
@requires(Permission.FILES)
def vendor(name: str) -> Response:
    """A file from npm; its name is its content."""
    return _kept(send_from_directory(assets.VENDOR, name), fresh=True)


@bp.get("/theme/<digest>.css")
@requires(Permission.PUBLIC)
def theme(digest: str) -> Response:
    """The tokens of this host's theme."""
    current = _sources().current_theme()
    response = Response(theme_stylesheet(current), mimetype="text/css")
    return _kept(response, fresh=digest == current.digest)


@bp.get("/theme/accents.css")
@requires(Permission.SIGNED_IN)
def accents() -> Response:
    """The accents of the brands this member works for; asked again each time, answered by 304."""
    brands = {str(key): brand for key, brand in _sources().brand_themes().items()}
    response = Response(accent_stylesheet(brands), mimetype="text/css")
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


@bp.get("/theme/logo/<digest>.png")
@requires(Permission.PUBLIC)
def logo(digest: str) -> Response:
    """A logo's picture, if this host's look uses it; for members, also those of their brands."""
    sources = _sources()
    shown = [sources.current_theme(), *sources.brand_themes().values()]
    logos = [theme.logo for theme in shown if theme.logo]
    if not any(digest in (logo.page, logo.icon, logo.dark) for logo in logos):
        abort(404)
    return _kept(Response(get_blob(digest), mimetype="image/png"), fresh=True)


def _sources() -> _Sources:
    return cast("_Sources", current_app.extensions[EXTENSION])


def _kept(response: Response, *, fresh: bool) -> Response:
    response.headers["Cache-Control"] = FOR_EVER if fresh else "no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
