"""The form that opens a client: its entrances, by what they are about."""

from app.provisioning.views import making, parts, preview
from app.provisioning.views.blueprint import bp

__all__ = ["bp", "making", "parts", "preview"]
