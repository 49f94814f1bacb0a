"""What a person or another system starts: every blueprint, by the kind of host it answers on."""

from flask import Blueprint, Flask

from app import live, sign_in

BLUEPRINTS: tuple[tuple[str, Blueprint], ...] = (
    ("any", sign_in.bp),
    ("agency", live.bp),
)


def register(app: Flask) -> None:
    """Give each blueprint its kind of host, and register it."""
    for host_kind, blueprint in BLUEPRINTS:
        blueprint.host_kind = host_kind  # type: ignore[attr-defined]
        app.register_blueprint(blueprint)
