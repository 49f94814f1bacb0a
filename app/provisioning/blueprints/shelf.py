"""Every blueprint there is, by name and version."""

from app.provisioning.blueprints.ecommerce import ECOMMERCE
from app.provisioning.blueprints.form import Blueprint

NEWEST = ECOMMERCE

_SHELF = {(blueprint.name, blueprint.version): blueprint for blueprint in (ECOMMERCE,)}


def get_blueprint(name: str, version: int) -> Blueprint:
    """The blueprint an opening was started from. Raises: KeyError for one we never had."""
    return _SHELF[name, version]
