"""Finding reports and what became of their mails."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from app.reports.models import Report, ReportDelivery
from app.reports.periods import Period
from tenants.db import db
from tenants.errors import NotFound

PAGE_SIZE = 50


def get_report(report_id: UUID) -> Report:
    """The report. Raises: NotFound."""
    return _found(sa.select(Report).where(Report.id == report_id))


def lock_report(report_id: UUID) -> Report:
    """The same as it is now, locked until the transaction ends. Raises: NotFound."""
    return _found(
        sa.select(Report)
        .where(Report.id == report_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def find_report(workspace_id: UUID, period: Period, fingerprint: str) -> Report | None:
    """The document that was made of the same period, data and look."""
    return db.session.scalar(
        sa.select(Report).where(
            Report.workspace_id == workspace_id,
            Report.period_from == period.first,
            Report.period_until == period.until,
            Report.fingerprint == fingerprint,
        )
    )


def list_reports(*, before: UUID | None = None) -> Sequence[Report]:
    """A page of the reports in scope, newest first, and one more where there are more."""
    statement = sa.select(Report).order_by(Report.id.desc()).limit(PAGE_SIZE + 1)
    if before is not None:
        statement = statement.where(Report.id < before)
    return db.session.scalars(statement).all()


def list_ready_reports(workspace_id: UUID) -> Sequence[Report]:
    """What a client may read: the finished documents, the latest period first."""
    return db.session.scalars(
        sa.select(Report)
        .where(Report.workspace_id == workspace_id, Report.state == "ready")
        .order_by(Report.period_until.desc(), Report.ready_at.desc())
        .limit(PAGE_SIZE)
    ).all()


def get_ready_report(report_id: UUID) -> Report:
    """A finished document. Raises: NotFound, also while it is being made."""
    return _found(sa.select(Report).where(Report.id == report_id, Report.state == "ready"))


def list_deliveries(report_id: UUID) -> Sequence[ReportDelivery]:
    """What became of each mail, by address."""
    return db.session.scalars(
        sa.select(ReportDelivery)
        .where(ReportDelivery.report_id == report_id)
        .order_by(ReportDelivery.recipient)
    ).all()


def lock_delivery(delivery_id: UUID) -> ReportDelivery:
    """One mail's state as it is now, locked until the transaction ends. Raises: NotFound."""
    delivery = db.session.scalar(
        sa.select(ReportDelivery)
        .where(ReportDelivery.id == delivery_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if delivery is None:
        raise NotFound
    return delivery


def _found(statement: sa.Select[Report]) -> Report:
    report = db.session.scalar(statement)
    if report is None:
        raise NotFound
    return report
