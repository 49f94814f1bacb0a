"""Where a page gets the address of its stream, good for a minute."""

from flask import Blueprint, Response, current_app, jsonify

from app.doors import current_host
from tenants.live import stream_token
from tenants.members.session import current_access
from tenants.permissions import Permission, requires

bp = Blueprint("live", __name__)


@bp.get("/live-address")
@requires(Permission.SIGNED_IN)
def show() -> Response:
    """The stream's URL with a token for this member's workspaces."""
    settings = current_app.extensions["settings"]
    origin = settings.stream_origin(current_host().name)
    return jsonify(url=f"{origin}/stream/events?token={stream_token(current_access())}")
