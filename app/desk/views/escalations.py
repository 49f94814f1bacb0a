"""The way to the pod and back, on the desk."""

from uuid import UUID

from flask import Response, flash
from werkzeug.wrappers import Response as BaseResponse

from app.conversations.queries import get_conversation
from app.desk.blueprint import bp
from app.desk.schemas import EscalationForm, HandBackForm
from app.desk.showing import back_to, show_escalation
from app.desk.views.conversations import conversation
from app.escalations.operations import accept, escalate, hand_back
from app.escalations.packet import Packet
from app.escalations.queries import get_open_escalation, get_pod
from app.forms import form as form_of
from tenants.db import db, utc_now
from tenants.permissions import Permission, requires
from themes.forms import Form


@bp.get("/conversations/<uuid:conversation_id>/escalation")
@requires(Permission.CONVERSATIONS_REPLY)
def escalation(conversation_id: UUID, form: Form | None = None) -> Response:
    """The packet, drafted from the record."""
    return show_escalation(conversation_id, form=form)


@bp.post("/conversations/<uuid:conversation_id>/escalation")
@requires(Permission.CONVERSATIONS_REPLY)
@form_of(EscalationForm, again=escalation)
def create_escalation(conversation_id: UUID, pod: UUID, reason: str, **packet: str) -> BaseResponse:
    """Hand it to the pod."""
    found = get_conversation(conversation_id)
    to = get_pod(pod, workspace_id=found.workspace_id)
    escalate(found, to=to, packet=Packet(**packet), reason=reason, by=db.scope.actor, now=utc_now())
    flash(f"Escalated to {to.name}.")
    return back_to(conversation_id)


@bp.post("/conversations/<uuid:conversation_id>/escalation/acceptance")
@requires(Permission.ESCALATIONS_ACCEPT)
def create_acceptance(conversation_id: UUID) -> BaseResponse:
    """Take it on for the pod."""
    found = get_conversation(conversation_id)
    accept(get_open_escalation(found), found, by=db.scope.actor, now=utc_now())
    return back_to(conversation_id)


@bp.post("/conversations/<uuid:conversation_id>/escalation/hand-back")
@requires(Permission.ESCALATIONS_ACCEPT)
@form_of(HandBackForm, again=conversation)
def create_hand_back(conversation_id: UUID, note: str) -> BaseResponse:
    """Return it to L1 with a note."""
    found = get_conversation(conversation_id)
    hand_back(get_open_escalation(found), found, note=note, by=db.scope.actor, now=utc_now())
    flash("Handed back to the L1 pool.")
    return back_to(conversation_id)
