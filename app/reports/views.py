"""Reports on the agency's host: what was made, asking for one, watching it being made."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.forms import form
from app.look import brand_marks
from app.navigation import nav_items
from app.reports.errors import NotReady
from app.reports.facts import Facts
from app.reports.mail import file_name
from app.reports.models import Report
from app.reports.operations import mail_again, request_report, retry_report
from app.reports.periods import Period, last_month, last_weeks, today_in
from app.reports.queries.reports import (
    PAGE_SIZE,
    get_report,
    list_deliveries,
    list_reports,
    lock_delivery,
)
from app.reports.schemas import PRESETS, NewReportForm
from app.reports.summary import summarise
from tenants.blobs import get_blob
from tenants.context import Actor
from tenants.db import utc_now
from tenants.errors import NotFound
from tenants.members.session import current_access
from tenants.permissions import Permission, requires
from tenants.workspaces.queries import get_workspace, list_workspaces
from themes.forms import Form
from themes.page import render

bp = Blueprint("reports", __name__, template_folder="templates")

# A browser's own viewer styles itself; the document brings nothing that could run.
PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; img-src 'self'"


@bp.get("/reports")
@requires(Permission.REPORTS_READ)
def index() -> Response:
    """Every report of the clients in scope, newest first."""
    found = list_reports(before=request.args.get("before", type=UUID))
    shown = found[:PAGE_SIZE]
    return _page(
        "index.html",
        fragment="list",
        reports=shown,
        older=shown[-1].id if len(found) > PAGE_SIZE else None,
        is_underway=any(report.is_underway for report in shown),
    )


@bp.get("/reports/new")
@requires(Permission.REPORTS_CREATE)
def new(form: Form | None = None) -> Response:
    """The form; on a refusal it comes back with what was typed."""
    return _page(
        "new.html",
        form=form or Form(values={"period": "last_month", **request.args.to_dict()}),
        clients=[(str(each.id), each.name) for each in list_workspaces()],
        presets=PRESETS,
    )


@bp.post("/reports")
@requires(Permission.REPORTS_CREATE)
@form(NewReportForm, again=new)
def create(
    client: UUID,
    period: str,
    first_day: date | None,
    last_day: date | None,
    recipients: list[str],
) -> BaseResponse:
    """Ask for a report and watch it being made."""
    now = utc_now()
    today = today_in(get_workspace(client).time_zone, now=now)
    chosen = _period(period, today, first_day, last_day)
    report = request_report(
        client, chosen.first, chosen.until, by=_me(), now=now, recipients=recipients
    )
    return redirect(url_for(".show", report_id=report.id), 303)


@bp.get("/reports/<uuid:report_id>")
@requires(Permission.REPORTS_READ)
def show(report_id: UUID) -> Response:
    """One report: how far it is, what it says, who has it."""
    report = get_report(report_id)
    return _page(
        "show.html",
        fragment="standing",
        report=report,
        summary=summarise(Facts.from_json(report.facts)),
        deliveries=list_deliveries(report.id),
        zone=report.facts["zone"],
    )


@bp.get("/reports/<uuid:report_id>/document")
@requires(Permission.REPORTS_READ)
def download(report_id: UUID) -> Response:
    """The PDF."""
    report = get_report(report_id)
    if not report.is_ready:
        raise NotReady
    return pdf_response(report, as_attachment="open" not in request.args)


@bp.post("/reports/<uuid:report_id>/attempts")
@requires(Permission.REPORTS_CREATE)
def create_attempt(report_id: UUID) -> BaseResponse:
    """Make a failed report after all."""
    retry_report(get_report(report_id), by=_me(), now=utc_now())
    return redirect(url_for(".show", report_id=report_id), 303)


@bp.post("/reports/<uuid:report_id>/deliveries/<uuid:delivery_id>/attempts")
@requires(Permission.REPORTS_CREATE)
def create_mail_attempt(report_id: UUID, delivery_id: UUID) -> BaseResponse:
    """Mail it once more to somebody who may not have it."""
    delivery = lock_delivery(delivery_id)
    if delivery.report_id != report_id:
        raise NotFound
    mail_again(delivery, by=_me(), now=utc_now())
    flash("The mail is on its way.")
    return redirect(url_for(".show", report_id=report_id), 303)


def pdf_response(report: Report, *, as_attachment: bool) -> Response:
    """The stored document under a name that says whose it is."""
    answer = send_file(
        BytesIO(get_blob(str(report.pdf_digest))),
        mimetype="application/pdf",
        as_attachment=as_attachment,
        download_name=file_name(report),
    )
    answer.headers["Content-Security-Policy"] = PDF_POLICY
    return answer


def _period(preset: str, today: date, first_day: date | None, last_day: date | None) -> Period:
    if preset == "custom" and first_day is not None and last_day is not None:
        return Period(first_day, last_day + timedelta(days=1))
    if preset == "last_week":
        return last_weeks(today)
    return last_weeks(today, weeks=4) if preset == "last_4_weeks" else last_month(today)


def _me() -> Actor:
    access = current_access()
    return Actor("member", access.member_id, access.shown_name)


def _page(template: str, *, fragment: str | None = None, **context: Any) -> Response:  # noqa: ANN401 - what it reads
    return render(
        f"reports/{template}",
        fragment=fragment,
        nav=nav_items("reports"),
        brands=brand_marks(),
        period_of=lambda report: Period(report.period_from, report.period_until).words,
        may_create=current_access().may(Permission.REPORTS_CREATE),
        **context,
    )
