"""Pages: the look of the request's host, and one way to answer with a template."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import Flask, Response, current_app, make_response, render_template, request

from themes.environment import furnish, template_loader
from themes.logos import logo_url
from themes.tokens import Theme
from themes.views import bp, remember_sources

FRAGMENT_HEADER = "HX-Request"


@dataclass(frozen=True)
class PageBrand:
    """What a layout needs of the theme whose host is being looked at; `theme` in templates."""

    name: str
    monogram: str
    colour: str
    signature: str
    stylesheet_url: str
    logo_url: str | None = None
    dark_logo_url: str | None = None
    icon_url: str | None = None
    scheme: str = "device"


@dataclass(frozen=True)
class NavItem:
    """One entry of a frame's navigation."""

    label: str
    url: str
    icon: str
    current: bool = False
    count: int | None = None
    key: str | None = None


def install(
    app: Flask,
    *,
    current_theme: Callable[[], Theme],
    brand_themes: Callable[[], Mapping[UUID, Theme]] = dict,
) -> None:
    """Give the app our templates, filters and files.

    current_theme: the theme of the request's host. brand_themes: the themes of the workspaces the
    signed-in member may see, for the accents of the desk.
    """
    app.jinja_env.loader = template_loader()
    furnish(app.jinja_env)
    remember_sources(app, current_theme, brand_themes)
    bp.host_kind = "any"  # type: ignore[attr-defined]  # every host has a look
    app.register_blueprint(bp)
    app.context_processor(lambda: {"theme": page_brand(current_theme())})


def page_brand(theme: Theme) -> PageBrand:
    """The part of a theme that layouts read."""
    logo = theme.logo
    return PageBrand(
        name=theme.name,
        monogram=theme.monogram,
        colour=theme.primary,
        signature=theme.signature,
        stylesheet_url=f"/theme/{theme.digest}.css",
        logo_url=logo_url(logo.page) if logo else None,
        dark_logo_url=logo_url(logo.dark) if logo and logo.dark else None,
        icon_url=logo_url(logo.icon) if logo else None,
        scheme=theme.scheme,
    )


def render(
    template: str, *, status: int = 200, fragment: str | None = None, **context: object
) -> Response:
    """Answer with a page; when htmx asks and `fragment` names a block, with that block alone."""
    if fragment and FRAGMENT_HEADER in request.headers:
        return make_response(_render_block(template, fragment, context), status)
    return make_response(render_template(template, **context), status)


def _render_block(template: str, block: str, context: dict[str, object]) -> str:
    current_app.update_template_context(context)
    page = current_app.jinja_env.get_template(template)
    rendering = page.new_context(context)
    return "".join(page.blocks[block](rendering))
