"""A macro, filled in for one conversation."""

from uuid import UUID

from flask import Response, jsonify

from app.conversations.queries import get_conversation
from app.desk.blueprint import bp
from app.desk.macro_texts import macro_text
from tenants.permissions import Permission, requires


@bp.get("/conversations/<uuid:conversation_id>/macros/<uuid:macro_id>")
@requires(Permission.CONVERSATIONS_REPLY)
def macro(conversation_id: UUID, macro_id: UUID) -> Response:
    """Its text for the composer, and the variables that nothing fills."""
    rendered = macro_text(get_conversation(conversation_id), macro_id)
    return jsonify(text=rendered.text, missing=rendered.missing)
