"""The figures of the portal's first page: the last thirty days, at most a minute old."""

import time
from uuid import UUID

from app.reports.facts import Facts
from app.reports.periods import last_days, today_in
from app.reports.queries.facts import collect_facts
from tenants.db import utc_now
from tenants.workspaces.models import Workspace

DAYS = 30
_KEPT_SECONDS = 60.0
_MOST_KEPT = 200

_kept: dict[UUID, tuple[float, Facts]] = {}


def read_letter(workspace: Workspace) -> Facts:
    """The facts of the last days of a workspace in scope.

    Kept for a minute: a large client's take a second to count, and nobody judges by the minute.
    """
    kept = _kept.get(workspace.id)
    if kept and time.monotonic() - kept[0] < _KEPT_SECONDS:
        return kept[1]
    now = utc_now()
    period = last_days(today_in(workspace.time_zone, now=now), days=DAYS)
    facts = collect_facts(
        workspace.id, period_from=period.first, period_until=period.until, now=now
    )
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[workspace.id] = (time.monotonic(), facts)
    return facts
