"""The agency's console: its clients at a glance, each client's page, its people."""

from app.console import views
from app.console.blueprint import bp

__all__ = ["bp", "views"]
