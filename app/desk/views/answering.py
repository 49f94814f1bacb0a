"""Replies and notes from the composer, and sending again what may not have arrived."""

from uuid import UUID

from flask import flash
from werkzeug.wrappers import Response

from app.conversations.operations.delivering import send_again
from app.conversations.operations.replying import Then, add_note, reply_to
from app.conversations.queries import get_locked_conversation
from app.desk.abilities import check_has_it
from app.desk.blueprint import bp
from app.desk.checks import check_reply
from app.desk.macro_texts import get_macro_of
from app.desk.operations import drop_draft
from app.desk.queries import get_delivery_of
from app.desk.schemas import WriteForm
from app.desk.showing import back_to
from app.desk.views.conversations import conversation
from app.forms import form
from app.look import brand_marks
from tenants.db import db, utc_now
from tenants.members.session import current_access
from tenants.permissions import Permission, requires


@bp.post("/conversations/<uuid:conversation_id>/messages")
@requires(Permission.CONVERSATIONS_REPLY)
@form(WriteForm, again=conversation)
def create_message(
    conversation_id: UUID,
    *,
    mode: str,
    body: str,
    then: Then,
    macro_id: UUID | None,
    client_id: str,
    seen: int | None,
) -> Response:
    """Send a reply as the brand, or keep a note for the team."""
    found, author, now = get_locked_conversation(conversation_id), db.scope.actor, utc_now()
    if mode == "note":
        add_note(found, body=body, author=author, now=now, submission=client_id or None)
        return back_to(conversation_id)
    check_has_it(current_access(), found)
    brands = brand_marks()
    brand = brands[found.workspace_id].name
    if macro_id is not None:
        get_macro_of(found, macro_id)
    check_reply(body, brand=brand, other_brands=(one.name for one in brands.values()))
    reply_to(
        found,
        body=body,
        author=author,
        now=now,
        macro_id=macro_id,
        then=then,
        seen_message_count=seen,
        submission=client_id or None,
    )
    drop_draft(found, member_id=current_access().member_id)
    flash(f"Sent as {brand}.")
    return back_to(conversation_id)


@bp.post("/conversations/<uuid:conversation_id>/deliveries/<uuid:delivery_id>/repetition")
@requires(Permission.CONVERSATIONS_REPLY)
def repeat_delivery(conversation_id: UUID, delivery_id: UUID) -> Response:
    """Hand a reply to the mail server once more, because a person decided so."""
    found = get_locked_conversation(conversation_id)
    check_has_it(current_access(), found)
    delivery = get_delivery_of(conversation_id, delivery_id)
    send_again(delivery, by=db.scope.actor, now=utc_now())
    flash("Sent again.")
    return back_to(conversation_id)
