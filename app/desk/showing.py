"""Answers with the conversation page, fresh or with a form that was refused."""

from uuid import UUID

from flask import Response, redirect, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response as BaseResponse

from app.desk.conversation_page import conversation_page
from app.desk.macro_texts import MacroText, macro_text
from app.desk.place import named_place
from app.desk.queries import Case
from app.desk.schemas import MacroQuery
from app.escalations.operations import check_escalatable, prefill_packet
from app.escalations.packet import REASONS
from app.escalations.queries import list_pods
from app.l1_pool.counts import forget_counts
from app.navigation import nav_items
from tenants.db import db, utc_now
from tenants.errors import NotFound
from themes.forms import Form
from themes.page import render


def show_conversation(
    conversation_id: UUID, *, form: Form | None = None, status: int = 200
) -> Response:
    """The page; a refused form keeps what was typed, a chosen macro stands in the composer."""
    page = conversation_page(conversation_id, place=named_place(), now=utc_now())
    macro = None if form else _chosen_macro(page.case)
    return render(
        "desk/conversation.html",
        status=status,
        nav=nav_items("queue"),
        pane="main",
        brand=page.brand,
        page=page,
        form=form or Form(),
        macro=macro,
    )


def show_escalation(conversation_id: UUID, *, form: Form | None = None) -> Response:
    """The packet beside the list; a fresh one is drafted from the record.

    Raises: ConversationClosed, AlreadyEscalated.
    """
    page = conversation_page(conversation_id, place=named_place(), now=utc_now())
    conversation = page.case.conversation
    check_escalatable(conversation)
    pods = list_pods(conversation.workspace_id)
    drafted = form or Form(
        values=prefill_packet(conversation, now=utc_now()).to_json()
        | {"pod": pods[0].id if pods else "", "reason": ""}
    )
    return render(
        "desk/escalation.html",
        nav=nav_items("queue"),
        pane="main",
        brand=page.brand,
        page=page,
        form=drafted,
        pods=pods,
        pod_options=[(str(pod.id), pod.name) for pod in pods],
        reason_options=[(reason, reason) for reason in REASONS],
    )


def back_to(conversation_id: UUID) -> BaseResponse:
    """After a change: the conversation again, in the place of the queue it was opened from."""
    actor_id = db.scope.actor.id
    if actor_id is not None:
        forget_counts(actor_id)
    place = named_place()
    query = place.query if place else {}
    return redirect(url_for("desk.conversation", conversation_id=conversation_id, **query), 303)


def _chosen_macro(case: Case) -> MacroText | None:
    try:
        macro_id = MacroQuery().load(request.args)["macro"]
    except ValidationError as error:
        raise NotFound from error
    return macro_text(case.conversation, macro_id) if macro_id else None
