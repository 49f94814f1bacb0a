"""What an agent has typed and not sent."""

from uuid import UUID

from flask import Response

from app.conversations.queries import get_conversation
from app.desk.blueprint import bp
from app.desk.operations import save_draft as keep
from app.desk.schemas import DraftForm
from app.desk.views.conversations import conversation
from app.forms import form
from tenants.db import utc_now
from tenants.members.session import current_access
from tenants.permissions import Permission, requires


@bp.post("/conversations/<uuid:conversation_id>/draft")
@requires(Permission.CONVERSATIONS_REPLY)
@form(DraftForm, again=conversation)
def save_draft(conversation_id: UUID, body: str) -> Response:
    """Keep it on the server; nothing to show."""
    member_id = current_access().member_id
    keep(get_conversation(conversation_id), member_id=member_id, body=body, now=utc_now())
    return Response(status=204)
