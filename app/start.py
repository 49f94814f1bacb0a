"""What stands at `/`: a brand's start page on its own host, elsewhere where the day begins."""

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from app.brand_site.views import brand_page
from app.doors import current_host
from app.navigation import home_path
from tenants.permissions import Permission, requires

bp = Blueprint("start", __name__)

PORTAL_HOME = "/overview"


@bp.get("/")
@requires(Permission.PUBLIC)
def show() -> Response:
    """The host decides; people who are not signed in are shown the way to the form."""
    kind = current_host().kind
    if kind == "brand":
        return brand_page()
    return redirect(PORTAL_HOME if kind == "portal" else home_path(), 303)
