"""The gallery: frames and components with realistic content, in any brand's colours."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

from flask import Flask, Response, request
from jinja2 import ChoiceLoader, FileSystemLoader

from tenants.permissions import Permission, requires
from tests.themes.gallery.charts import CHARTS
from themes import page
from themes.forms import Form
from themes.page import NavItem
from themes.tokens import Theme

NOW = datetime(2026, 3, 12, 10, 42, tzinfo=UTC)
ACME, BIRCH, CEDAR = (UUID(int=number) for number in (1, 2, 3))
BRANDS = {
    ACME: Theme(name="Acme Outdoor", primary="#d9480f", secondary="#1864ab"),
    BIRCH: Theme(name="Birch", primary="#ffd400", radius=2),
    CEDAR: Theme(name="Cedar & Sohn Naturtextilien", primary="#5f3dc4"),
}
PAGES = ("components", "charts", "desk", "console", "portal", "sign_in", "wizard")


def create_gallery(primary: str = "#0f6b5c", **tokens: object) -> Flask:
    """An app whose host has the theme of an agency in this colour."""
    app = Flask("tests.themes.gallery", static_folder=None, template_folder=None)
    app.config.update(TESTING=True, SECRET_KEY="gallery")
    theme = Theme.from_json({"version": 1, "name": "Northwind", "primary": primary, **tokens})
    page.install(app, current_theme=lambda: theme, brand_themes=lambda: BRANDS)
    app.jinja_env.loader = ChoiceLoader([app.jinja_env.loader, gallery_templates()])
    app.jinja_env.globals["csrf_token"] = lambda: "token"
    for name in PAGES:
        app.add_url_rule(f"/{name}", name, requires(Permission.PUBLIC)(_page(name)))
    add_live_page(app)

    @app.get("/live-address")
    def live_address() -> dict[str, None]:
        """Nothing changes here: the page is told that there is no stream."""
        return {"url": None}

    return app


def add_live_page(app: Flask) -> None:
    """Parts that change without a new page."""
    ticks = count(1)

    @app.route("/live", methods=["GET", "POST"])
    @requires(Permission.PUBLIC)
    def live() -> Response:
        fragment = "found" if request.method == "GET" else None
        return page.render("gallery/live.html", fragment=fragment, **_live_context(request.form))

    @app.get("/live/clock")
    @requires(Permission.PUBLIC)
    def clock() -> Response:
        context = {**_live_context({}), "ticks": next(ticks)}
        return page.render("gallery/live.html", fragment="clock", **context)

    @app.get("/live/broken")
    @requires(Permission.PUBLIC)
    def broken() -> Response:
        return Response("a page nobody should see in a pane", 500)


def _live_context(typed: Mapping[str, str]) -> dict[str, object]:
    saved = int(typed.get("word", "0"))
    return {**_context("live"), "q": request.args.get("q", ""), "ticks": 0, "saved": saved}


def gallery_templates() -> FileSystemLoader:
    """Finds gallery/…: pages, a report, a mail."""
    return FileSystemLoader(Path(__file__).parent / "templates")


def _page(name: str) -> Callable[[], Response]:
    return lambda: page.render(f"gallery/{name}.html", **_context(name))


def _context(name: str) -> dict[str, object]:
    brands = {
        theme.name.split()[0].lower(): SimpleNamespace(
            key=str(key), name=theme.name, monogram=theme.monogram
        )
        for key, theme in BRANDS.items()
    }
    nav = [
        NavItem("Queue", "/desk", "inbox", current=name == "desk", count=31),
        NavItem("Clients", "/console", "building-2", current=name == "console"),
        NavItem("Reviews", "/wizard", "clipboard-check", count=7),
        NavItem("Reports", "/components", "file-text", current=name == "components"),
    ]
    return {
        "now": NOW,
        "ago": lambda minutes: NOW - timedelta(minutes=minutes),
        "nav": nav,
        "member": SimpleNamespace(name="Leo Lindqvist", role_name="L1 agent"),
        "client": brands["acme"],
        "brand": brands["acme"],
        "brands": brands,
        "fresh": Form(),
        "wrong": Form(
            values={"email": "sam@", "name": "", "tier": "care", "primary": "#12", "days": ["mon"]},
            errors={
                "email": ["This is not a mail address: the part after @ is missing."],
                "name": "Give the client a name.",
                "primary": "A colour is written like #0f6b5c.",
                "logo": "This picture is damaged. Save it again and try once more.",
            },
        ),
        "charts": CHARTS,
    }
