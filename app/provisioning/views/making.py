"""Before and after the choices: starting, checking, asking for it, watching it being made."""

from uuid import UUID

from flask import Response, flash, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.provisioning.blueprints.shelf import get_blueprint
from app.provisioning.choices import choices_of, missing_parts, theme_of
from app.provisioning.fit import misfits, staffed_hours
from app.provisioning.hours import week_in_words
from app.provisioning.models import Opening
from app.provisioning.operations import (
    ask_to_open,
    discard_opening,
    retry_opening,
    start_opening,
)
from app.provisioning.queries import get_opening, list_steps
from app.provisioning.steps.order import part_of, words_of
from app.provisioning.views.blueprint import LABELS, bp, page, to_part
from billing.tiers.models import TierVersion
from billing.tiers.queries import get_tier_version
from tenants.db import utc_now
from tenants.permissions import Permission, requires

_MENDED_IN_FORM = frozenset({"host", "calendar", "policy", "inbox", "reports", "people"})


@bp.post("")
@requires(Permission.WORKSPACES_OPEN)
def create() -> BaseResponse:
    """Begin to open a client."""
    return to_part("brand", start_opening(now=utc_now()))


@bp.get("/<uuid:opening_id>")
@requires(Permission.WORKSPACES_OPEN)
def show(opening_id: UUID) -> BaseResponse:
    """Where this opening stands: its next open step, or its making."""
    opening = get_opening(opening_id)
    if opening.state != "draft":
        return redirect(url_for(".show_progress", opening_id=opening.id), 303)
    return to_part(next(iter(missing_parts(opening)), "check"), opening)


@bp.post("/<uuid:opening_id>/discarding")
@requires(Permission.WORKSPACES_OPEN)
def discard(opening_id: UUID) -> BaseResponse:
    """Throw a draft away."""
    discard_opening(get_opening(opening_id), now=utc_now())
    flash("The draft is gone.")
    return redirect("/clients", 303)


@bp.get("/<uuid:opening_id>/check")
@requires(Permission.WORKSPACES_OPEN)
def show_check(opening_id: UUID) -> Response:
    """Step 6: everything once more, and what will be made."""
    opening = get_opening(opening_id)
    choices = choices_of(opening)
    version = _chosen_tier(opening)
    return page(
        "check.html",
        opening,
        at="check",
        choices=choices,
        theme_chosen=theme_of(opening),
        missing=[LABELS[part] for part in missing_parts(opening)],
        beyond=misfits(choices, version) if version else [],
        version=version,
        week=week_in_words(choices["channels"]["hours"]) if "channels" in choices else [],
        hours_a_week=staffed_hours(choices) if "channels" in choices else 0,
        plan=get_blueprint(opening.blueprint, opening.blueprint_version),
    )


@bp.post("/<uuid:opening_id>/making")
@requires(Permission.WORKSPACES_OPEN)
def create_making(opening_id: UUID) -> BaseResponse:
    """Have it made."""
    opening = get_opening(opening_id)
    ask_to_open(opening, now=utc_now())
    return redirect(url_for(".show_progress", opening_id=opening.id), 303)


@bp.get("/<uuid:opening_id>/making")
@requires(Permission.WORKSPACES_OPEN)
def show_progress(opening_id: UUID) -> BaseResponse:
    """The steps as they are done; a failed one says why."""
    opening = get_opening(opening_id)
    if opening.state == "draft":
        return to_part("check", opening)
    steps = list_steps(opening.id)
    failed = next((step for step in steps if step.state == "failed"), None)
    return page(
        "progress.html",
        opening,
        at="check",
        steps=[(words_of(step.name), step) for step in steps],
        done=sum(step.state == "done" for step in steps),
        failed=failed,
        mend_part=part_of(failed.name) if failed and failed.name in _MENDED_IN_FORM else None,
        fragment="steps",
    )


@bp.post("/<uuid:opening_id>/making/retry")
@requires(Permission.WORKSPACES_OPEN)
def create_retry(opening_id: UUID) -> BaseResponse:
    """Take up what a refusal stopped."""
    opening = get_opening(opening_id)
    retry_opening(opening)
    return redirect(url_for(".show_progress", opening_id=opening.id), 303)


def _chosen_tier(opening: Opening) -> TierVersion | None:
    tier = choices_of(opening).get("tier")
    return get_tier_version(UUID(tier["tier_version_id"])) if tier else None
