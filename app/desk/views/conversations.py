"""The conversation page, and who has it in which state."""

from uuid import UUID

from flask import Response, flash
from werkzeug.wrappers import Response as BaseResponse

from app.conversations.models import Conversation
from app.conversations.operations.closing import close, reopen, resume, set_pending
from app.conversations.queries import get_conversation, get_locked_conversation
from app.desk.abilities import check_has_it
from app.desk.blueprint import bp
from app.desk.showing import back_to, show_conversation
from app.l1_pool.errors import AlreadyClaimed
from app.l1_pool.operations import claim, release
from tenants.db import db, utc_now
from tenants.members.session import current_access
from tenants.permissions import Permission, requires
from themes.forms import Form


@bp.get("/conversations/<uuid:conversation_id>")
@requires(Permission.CONVERSATIONS_READ)
def conversation(conversation_id: UUID, form: Form | None = None) -> Response:
    """The conversation beside its list, in the accent of its brand."""
    return show_conversation(conversation_id, form=form)


@bp.post("/conversations/<uuid:conversation_id>/assignment")
@requires(Permission.CONVERSATIONS_CLAIM)
def create_assignment(conversation_id: UUID) -> BaseResponse:
    """Claim it; who comes second sees the conversation and who was first."""
    try:
        claim(get_conversation(conversation_id), by=db.scope.actor, now=utc_now())
    except AlreadyClaimed as refusal:
        flash(refusal.message, "danger")
        return show_conversation(conversation_id, status=refusal.status)
    return back_to(conversation_id)


@bp.post("/conversations/<uuid:conversation_id>/assignment/removal")
@requires(Permission.CONVERSATIONS_CLAIM)
def remove_assignment(conversation_id: UUID) -> BaseResponse:
    """Put it back into the pool."""
    release(get_conversation(conversation_id), by=db.scope.actor, now=utc_now())
    flash("Back in the pool.")
    return back_to(conversation_id)


@bp.post("/conversations/<uuid:conversation_id>/pending")
@requires(Permission.CONVERSATIONS_REPLY)
def create_pending(conversation_id: UUID) -> BaseResponse:
    """Wait for the shopper; the resolution clock pauses."""
    set_pending(_get_own(conversation_id), by=db.scope.actor, now=utc_now())
    return back_to(conversation_id)


@bp.post("/conversations/<uuid:conversation_id>/pending/removal")
@requires(Permission.CONVERSATIONS_REPLY)
def remove_pending(conversation_id: UUID) -> BaseResponse:
    """Take it up again."""
    resume(_get_own(conversation_id), by=db.scope.actor, now=utc_now())
    return back_to(conversation_id)


@bp.post("/conversations/<uuid:conversation_id>/closure")
@requires(Permission.CONVERSATIONS_REPLY)
def create_closure(conversation_id: UUID) -> BaseResponse:
    """Close it without another word."""
    close(_get_own(conversation_id), by=db.scope.actor, now=utc_now())
    return back_to(conversation_id)


@bp.post("/conversations/<uuid:conversation_id>/closure/removal")
@requires(Permission.CONVERSATIONS_REPLY)
def remove_closure(conversation_id: UUID) -> BaseResponse:
    """Take it up again; a new resolution clock starts."""
    reopen(get_conversation(conversation_id), by=db.scope.actor, now=utc_now())
    return back_to(conversation_id)


def _get_own(conversation_id: UUID) -> Conversation:
    """The conversation, held so that it stays this member's.

    Raises: NotFound, PodHasIt, ClaimFirst.
    """
    found = get_locked_conversation(conversation_id)
    check_has_it(current_access(), found)
    return found
