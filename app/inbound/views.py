"""The quarantine: what could not be filed, why, and what a lead does about it."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.channels.email.incoming import REASONS
from app.inbound.models import RawMail
from app.inbound.operations import discard, release
from app.inbound.queries import PAGE_SIZE, count_quarantine, get_mail, list_quarantine
from app.look import brand_marks
from app.navigation import nav_items
from tenants.blobs import get_blob
from tenants.db import db, utc_now
from tenants.errors import NotFound
from tenants.permissions import Permission, requires
from themes.page import render

bp = Blueprint("quarantine", __name__, template_folder="templates")


@bp.get("/quarantine")
@requires(Permission.QUARANTINE_READ)
def index() -> Response:
    """Everything that waits, over all clients, newest first."""
    mails = list_quarantine(before=_cursor(request.args.get("before")), limit=PAGE_SIZE + 1)
    shown, more = mails[:PAGE_SIZE], len(mails) > PAGE_SIZE
    return render(
        "inbound/quarantine.html",
        nav=nav_items("quarantine"),
        mails=shown,
        reasons=REASONS,
        brands=brand_marks(),
        total=count_quarantine(),
        next_url=url_for(".index", before=_cursor_of(shown[-1])) if more else None,
    )


@bp.get("/quarantine/<uuid:raw_mail_id>")
@requires(Permission.QUARANTINE_READ)
def show(raw_mail_id: UUID) -> Response:
    """One mail: why it is here, and its source as text."""
    mail = get_mail(raw_mail_id)
    source = get_blob(mail.digest)[:20_000].decode("utf-8", "replace").replace("\x00", "␀")
    return render(
        "inbound/mail.html",
        nav=nav_items("quarantine"),
        mail=mail,
        brand=brand_marks()[mail.workspace_id],
        sentence=REASONS[mail.reason or "unprocessable"],
        source=source,
    )


@bp.get("/quarantine/<uuid:raw_mail_id>/source")
@requires(Permission.QUARANTINE_READ)
def source(raw_mail_id: UUID) -> Response:
    """The raw bytes as a file, never shown in the page."""
    mail = get_mail(raw_mail_id)
    answer = Response(get_blob(mail.digest), mimetype="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="mail-{mail.id}.eml"'
    answer.headers["Content-Security-Policy"] = "sandbox"
    return answer


@bp.post("/quarantine/<uuid:raw_mail_id>/release")
@requires(Permission.QUARANTINE_RELEASE)
def create_release(raw_mail_id: UUID) -> BaseResponse:
    """File it after all."""
    release(get_mail(raw_mail_id), by=db.scope.actor, now=utc_now())
    flash("The mail was filed.")
    return redirect(url_for(".index"), 303)


@bp.post("/quarantine/<uuid:raw_mail_id>/discard")
@requires(Permission.QUARANTINE_RELEASE)
def create_discard(raw_mail_id: UUID) -> BaseResponse:
    """Not worth filing."""
    discard(get_mail(raw_mail_id), by=db.scope.actor, now=utc_now())
    flash("The mail was discarded. Its source is kept.")
    return redirect(url_for(".index"), 303)


def _cursor_of(mail: RawMail) -> str:
    return f"{mail.arrived_at.isoformat()}~{mail.id}"


def _cursor(value: str | None) -> tuple[datetime, UUID] | None:
    if not value:
        return None
    moment, _, mail_id = value.partition("~")
    try:
        return datetime.fromisoformat(moment), UUID(mail_id)
    except ValueError as error:
        raise NotFound from error
