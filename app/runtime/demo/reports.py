"""The report each demo client got for the weeks that are over."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.reports.operations import request_report
from app.runtime.demo.brands import BRANDS
from tenants.context import SYSTEM, Scope
from tenants.db import db


def ask_for_reports(scopes: dict[str, Scope], *, now: datetime) -> None:
    """Have the last four full weeks of each client rendered by the worker."""
    for brand in BRANDS:
        today = now.astimezone(ZoneInfo(brand.zone)).date()
        until = today - timedelta(days=today.weekday())
        (workspace_id,) = scopes[brand.slug].workspace_ids
        with db.transaction(scopes[brand.slug]):
            request_report(
                workspace_id,
                period_from=until - timedelta(weeks=4),
                period_until=until,
                by=SYSTEM,
                now=now,
                recipients=[brand.contact[1]],
            )
