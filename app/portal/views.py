"""The portal's pages: a letter about the last weeks, and the reports."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from app.look import brand_marks
from app.portal.account import find_account
from app.portal.letter import DAYS, read_letter
from app.reports.charts import attainment_chart, topic_chart, volume_chart
from app.reports.document import tiles
from app.reports.facts import Facts
from app.reports.models import Report
from app.reports.periods import Period
from app.reports.queries.reports import get_ready_report, list_ready_reports
from app.reports.summary import summarise
from app.reports.views import pdf_response
from tenants.errors import NotFound
from tenants.members.session import current_access
from tenants.permissions import Permission, requires
from tenants.workspaces.models import Workspace
from tenants.workspaces.queries import get_workspace, list_workspaces
from themes.page import NavItem, render

bp = Blueprint("portal", __name__, template_folder="templates")

_REPORTS_ON_LETTER = 4


@bp.get("/overview")
@requires(Permission.PORTAL_READ)
def show() -> Response:
    """The letter about the client's only brand, or its first."""
    return _letter(_first_workspace())


@bp.get("/overview/<uuid:workspace_id>")
@requires(Permission.PORTAL_READ)
def show_client(workspace_id: UUID) -> Response:
    """The same about one of several brands."""
    return _letter(get_workspace(workspace_id))


@bp.get("/documents")
@requires(Permission.PORTAL_READ)
def list_documents() -> Response:
    """Every finished report of the client's only brand, or its first."""
    return _documents(_first_workspace())


@bp.get("/documents/of/<uuid:workspace_id>")
@requires(Permission.PORTAL_READ)
def list_documents_of(workspace_id: UUID) -> Response:
    """The same of one of several brands."""
    return _documents(get_workspace(workspace_id))


@bp.get("/documents/<uuid:report_id>")
@requires(Permission.PORTAL_READ)
def show_document(report_id: UUID) -> Response:
    """The PDF: opened in the browser, or saved where that is asked for."""
    return pdf_response(get_ready_report(report_id), as_attachment="save" in request.args)


def _letter(workspace: Workspace) -> Response:
    facts = read_letter(workspace)
    reports = list_ready_reports(workspace.id)
    numbers = list(tiles(facts))
    return _page(
        "overview.html",
        workspace,
        at="overview",
        facts=facts,
        days=DAYS,
        summary=summarise(facts),
        tiles=[numbers[0], numbers[2], None, numbers[3]],
        trend=attainment_chart(facts.weeks) or volume_chart(facts),
        topics=topic_chart(facts.current),
        latest=reports[0] if reports else None,
        latest_headlines=_headlines(reports[0]) if reports else (),
        earlier=reports[1 : 1 + _REPORTS_ON_LETTER],
        account=find_account(current_access(), workspace.id),
    )


def _documents(workspace: Workspace) -> Response:
    return _page(
        "documents.html", workspace, at="documents", reports=list_ready_reports(workspace.id)
    )


def _headlines(report: Report) -> Any:  # noqa: ANN401 - what the cover shows
    return summarise(Facts.from_json(report.facts)).headlines


def _first_workspace() -> Workspace:
    found = list_workspaces()
    if not found:
        raise NotFound
    return found[0]


def _page(template: str, workspace: Workspace, *, at: str, **context: Any) -> Response:  # noqa: ANN401 - what it reads
    mine = list_workspaces()
    one = len(mine) == 1
    urls = {
        "overview": url_for(".show") if one else url_for(".show_client", workspace_id=workspace.id),
        "documents": url_for(".list_documents")
        if one
        else url_for(".list_documents_of", workspace_id=workspace.id),
    }
    return render(
        f"portal/{template}",
        nav=[
            NavItem("Overview", urls["overview"], "house", current=at == "overview"),
            NavItem("Reports", urls["documents"], "file-text", current=at == "documents"),
        ],
        client=brand_marks().get(workspace.id, workspace),
        workspace=workspace,
        clients=[] if one else mine,
        documents_url=urls["documents"],
        period_of=lambda report: Period(report.period_from, report.period_until).words,
        **context,
    )
