"""Opens a client, step by step: done once, taken up again after a crash, stopped by a refusal."""

from dataclasses import replace
from uuid import UUID

from app.provisioning.models import Opening
from app.provisioning.queries import get_opening, get_step, lock_opening
from app.provisioning.steps.order import STEPS, Step
from tenants.context import Scope
from tenants.db import db, utc_now
from tenants.errors import DomainError
from tenants.jobs import job, step
from tenants.ledger import record

CRASHED = "Something went wrong on our side. It is tried again by itself in a moment."


@job("live", in_steps=True)
def apply_opening(opening_id: UUID) -> None:
    """Take every step that is not done yet; a refused one waits for a person."""
    with step():
        # An opening is the agency's own work, also where the agency has a single client so far.
        agency = replace(db.scope, workspace_ids=frozenset(), agency_wide=True)
    with db.transaction(agency):
        scope = agency.opening(get_opening(opening_id).new_workspace_id)
    for each in STEPS:
        with step():  # holds on to the lease, or gives way to who holds it now
            pass
        if not _take(each, opening_id, scope):
            return
    with db.transaction(scope):
        _finish(lock_opening(opening_id))


def _take(each: Step, opening_id: UUID, scope: Scope) -> bool:
    """Whether the step is done, now or before."""
    try:
        _look_around(each, opening_id, scope)
        with db.transaction(scope):
            opening = lock_opening(opening_id)
            row = get_step(opening_id, each.name)
            if row.state == "done":
                return True
            now = utc_now()
            each.ensure(opening, now=now)
            row.state, row.attempts, row.error, row.done_at = "done", row.attempts + 1, None, now
    except DomainError as refusal:
        _note_failure(each, opening_id, scope, reason=refusal.message)
        return False
    except Exception:
        _note_failure(each, opening_id, scope, reason=CRASHED)
        raise
    return True


def _look_around(each: Step, opening_id: UUID, scope: Scope) -> None:
    if each.before is None:
        return
    with db.transaction(scope):
        opening = get_opening(opening_id)
    with db.system():
        each.before(opening)


def _note_failure(each: Step, opening_id: UUID, scope: Scope, *, reason: str) -> None:
    with db.transaction(scope):
        lock_opening(opening_id)
        row = get_step(opening_id, each.name)
        row.state, row.attempts, row.error = "failed", row.attempts + 1, reason


def _finish(opening: Opening) -> None:
    if opening.state == "applying":
        now = utc_now()
        opening.state, opening.opened_at = "open", now
        record(
            "opening.applied", opening, at=now, data={"workspace": str(opening.new_workspace_id)}
        )
