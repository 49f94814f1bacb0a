"""Steps: ready answers, and the agency's scorecard."""

from datetime import datetime

import sqlalchemy as sa

from app.macros.models import Macro
from app.provisioning.blueprints.shelf import get_blueprint
from app.provisioning.models import Opening
from app.quality.operations.scorecards import ensure_default_scorecard
from billing.enforcement import require
from billing.entitlements import Key
from tenants.db import db
from tenants.ledger import record


def ensure_macros(opening: Opening, *, now: datetime) -> None:
    """The blueprint's ready answers, as far as the brand has none of that name.

    Raises: LimitReached beyond the tier's macros.
    """
    blueprint = get_blueprint(opening.blueprint, opening.blueprint_version)
    known = set(db.session.scalars(sa.select(Macro.name)))
    wanted = [macro for macro in blueprint.macros if macro.name not in known]
    if not wanted:
        return
    require(
        opening.new_workspace_id,
        Key.MACROS_MAX,
        wanted=len(wanted),
        used=lambda: len(known),
        now=now,
    )
    for text in wanted:
        macro = Macro(
            workspace_id=opening.new_workspace_id,
            name=text.name,
            topic=text.topic,
            body=text.body,
            created_at=now,
        )
        db.session.add(macro)
        record("macro.created", macro, at=now, data={"name": macro.name})


def ensure_scorecard(opening: Opening, *, now: datetime) -> None:  # noqa: ARG001 - a step's shape
    """The agency's own scorecard, made with its first client and shared by all."""
    ensure_default_scorecard(now)
