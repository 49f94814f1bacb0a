"""What a person or another system starts: every blueprint, by the kind of host it answers on."""

from flask import Blueprint, Flask

from app import console, desk, live, sign_in, start
from app.inbound import views as quarantine
from app.portal import views as portal
from app.provisioning import views as openings
from app.quality import views as quality
from app.reports import views as reports
from billing import webhooks
from billing.sandbox import views as sandbox

BLUEPRINTS: tuple[tuple[str, Blueprint], ...] = (
    ("any", start.bp),
    ("any", sign_in.bp),
    ("agency", live.bp),
    ("agency", quarantine.bp),
    ("agency", sandbox.bp),
    ("agency", webhooks.bp),
    ("agency", desk.bp),
    ("agency", console.bp),
    ("agency", openings.bp),
    ("agency", quality.bp),
    ("agency", reports.bp),
    ("portal", portal.bp),
)


def register(app: Flask) -> None:
    """Give each blueprint its kind of host, and register it."""
    for host_kind, blueprint in BLUEPRINTS:
        blueprint.host_kind = host_kind  # type: ignore[attr-defined]
        app.register_blueprint(blueprint)
