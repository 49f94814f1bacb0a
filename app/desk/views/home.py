"""Where a member's day begins."""

from flask import redirect
from werkzeug.wrappers import Response

from app.desk.blueprint import bp
from app.navigation import home_path
from tenants.permissions import Permission, requires


@bp.get("/")
@requires(Permission.SIGNED_IN)
def home() -> Response:
    """The queue for who answers, the console for who runs the agency."""
    return redirect(home_path(), 303)
