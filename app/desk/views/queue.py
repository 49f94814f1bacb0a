"""The queue, and taking the next conversation from it."""

from flask import Response, flash, redirect, request, url_for
from webargs.flaskparser import use_kwargs
from werkzeug.wrappers import Response as BaseResponse

from app.desk.blueprint import bp
from app.desk.place import current_place
from app.desk.queue_page import brand_links, counts_now, list_pane, view_links
from app.desk.schemas import PageQuery
from app.l1_pool.counts import forget_counts
from app.l1_pool.operations import claim_next
from app.l1_pool.queries import Cursor
from app.navigation import nav_items
from tenants.db import db, utc_now
from tenants.members.session import current_access
from tenants.permissions import Permission, requires
from themes.page import FRAGMENT_HEADER, render


@bp.get("/queue")
@requires(Permission.CONVERSATIONS_READ)
@use_kwargs(PageQuery, location="query")
def queue(after: Cursor | None) -> Response:
    """What waits, soonest due first, over all clients of the agent."""
    now, place = utc_now(), current_place()
    counts = counts_now(now)
    return render(
        "desk/queue.html",
        fragment="rows",
        is_refresh=FRAGMENT_HEADER in request.headers,
        nav=nav_items("queue"),
        pane="main",
        place=place,
        page=list_pane(place, now=now, after=after),
        views=view_links(place, counts),
        brands=brand_links(place, counts),
        may_claim=current_access().may(Permission.CONVERSATIONS_CLAIM),
        refresh_url=None if after else request.full_path,
    )


@bp.post("/queue/claims")
@requires(Permission.CONVERSATIONS_CLAIM)
def create_claim() -> BaseResponse:
    """Claim what is due soonest in the pool, and open it."""
    conversation = claim_next(by=db.scope.actor, now=utc_now())
    forget_counts(current_access().member_id)
    if conversation is None:
        flash("The pool is empty.")
        return redirect(url_for(".queue", view="pool"), 303)
    return redirect(url_for(".conversation", conversation_id=conversation.id, view="mine"), 303)
