"""Publishing a look: checked, stored as a new version, live with the transaction."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from tenants.context import Actor
from tenants.db import db
from tenants.ledger import record
from themes.errors import BadTheme
from themes.models import AgencyTheme, ThemeVersion
from themes.palette import check_contrast, palette_of
from themes.tokens import Theme


def publish_theme(workspace_id: UUID, theme: Theme, *, by: Actor, now: datetime) -> ThemeVersion:
    """Make this the look of the brand's pages, mails and documents from now on.

    Two people publishing at once: one wins the number, the other's transaction fails.
    Raises: BadTheme if a pair of colours could not be read.
    """
    _require_readable(theme)
    last = db.session.scalar(
        sa.select(sa.func.max(ThemeVersion.number)).where(ThemeVersion.workspace_id == workspace_id)
    )
    version = ThemeVersion(
        workspace_id=workspace_id,
        number=(last or 0) + 1,
        tokens=theme.to_json(),
        created_at=now,
        created_by=by.id,
    )
    db.session.add(version)
    db.session.flush()  # the ledger names the row
    record("theme.published", version, actor=by, at=now, data={"number": version.number})
    return version


def publish_agency_theme(theme: Theme, *, by: Actor, now: datetime) -> AgencyTheme:
    """The same for the agency in scope: its console, portal and mails.

    Raises: BadTheme.
    """
    _require_readable(theme)
    last = db.session.scalar(sa.select(sa.func.max(AgencyTheme.number)))
    version = AgencyTheme(
        agency_id=db.scope.agency_id,
        number=(last or 0) + 1,
        tokens=theme.to_json(),
        created_at=now,
        created_by=by.id,
    )
    db.session.add(version)
    db.session.flush()
    record("agency_theme.published", version, actor=by, at=now, data={"number": version.number})
    return version


def _require_readable(theme: Theme) -> None:
    unreadable = [check for check in check_contrast(palette_of(theme)) if not check.passed]
    if unreadable:
        pair = f"{unreadable[0].front} on {unreadable[0].back}"
        raise BadTheme(f"With this colour {pair} cannot be read.", field="primary")
