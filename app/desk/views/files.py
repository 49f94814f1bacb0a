"""What strangers sent: files to keep and mail as it was designed, never as part of our pages."""

from uuid import UUID

from flask import Response

from app.desk.blueprint import bp
from app.desk.files import attachment_response, html_response
from app.desk.queries import get_attachment_of, get_message_of
from tenants.db import utc_now
from tenants.ledger import record
from tenants.permissions import Permission, requires


@bp.get("/conversations/<uuid:conversation_id>/attachments/<uuid:attachment_id>")
@requires(Permission.CONVERSATIONS_READ)
def attachment(conversation_id: UUID, attachment_id: UUID) -> Response:
    """The file as a download; that it was taken is written down."""
    found = get_attachment_of(conversation_id, attachment_id)
    response = attachment_response(found)
    record("attachment.downloaded", found, at=utc_now(), data={"filename": found.filename})
    return response


@bp.get("/conversations/<uuid:conversation_id>/messages/<uuid:message_id>/html")
@requires(Permission.CONVERSATIONS_READ)
def message_html(conversation_id: UUID, message_id: UUID) -> Response:
    """The cleaned HTML of a mail, for a frame without scripts and without our cookies."""
    return html_response(get_message_of(conversation_id, message_id))
