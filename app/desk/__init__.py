"""The agent's desk: queue, conversation, escalation; in the accent of the brand being served."""

from app.desk.blueprint import bp
from app.desk.views import register_views

register_views()

__all__ = ["bp"]
