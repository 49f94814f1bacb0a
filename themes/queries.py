"""The current look of a brand or of the agency, and how it looked before."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from tenants.db import db
from tenants.errors import NotFound
from themes.models import AgencyTheme, ThemeVersion
from themes.tokens import Theme

# A version never changes, so its tokens are read and checked once. Which version is current, and
# whether it may be seen at all, is asked of the database every time.
_kept: dict[UUID, Theme] = {}
_MOST_KEPT = 4096


def get_current_theme(workspace_id: UUID) -> Theme:
    """The theme last published for this brand. Raises: NotFound."""
    version = get_current_version(workspace_id)
    return _theme(version.id, version.tokens)


def get_current_version(workspace_id: UUID) -> ThemeVersion:
    """The same as a row: what a report records as the look it was made in. Raises: NotFound."""
    version = db.session.scalar(
        sa.select(ThemeVersion)
        .where(ThemeVersion.workspace_id == workspace_id)
        .order_by(ThemeVersion.number.desc())
        .limit(1)
    )
    if version is None:
        raise NotFound
    return version


def get_theme_version(version_id: UUID) -> Theme:
    """A theme as it was published then. Raises: NotFound."""
    version = db.session.scalar(sa.select(ThemeVersion).where(ThemeVersion.id == version_id))
    if version is None:
        raise NotFound
    return _theme(version.id, version.tokens)


def list_theme_versions(workspace_id: UUID) -> list[ThemeVersion]:
    """Everything published for this brand, newest first."""
    return list(
        db.session.scalars(
            sa.select(ThemeVersion)
            .where(ThemeVersion.workspace_id == workspace_id)
            .order_by(ThemeVersion.number.desc())
        )
    )


def list_current_themes() -> Mapping[UUID, Theme]:
    """The current theme of each brand in scope, by workspace."""
    current = db.session.execute(
        sa.select(ThemeVersion.workspace_id, ThemeVersion.id)
        .ext(distinct_on(ThemeVersion.workspace_id))
        .order_by(ThemeVersion.workspace_id, ThemeVersion.number.desc())
    ).all()
    themes = _themes({version_id for _, version_id in current})
    return {workspace_id: themes[version_id] for workspace_id, version_id in current}


def get_agency_theme() -> Theme:
    """The theme last published for the agency in scope. Raises: NotFound."""
    version = db.session.execute(
        sa.select(AgencyTheme.id, AgencyTheme.tokens).order_by(AgencyTheme.number.desc()).limit(1)
    ).one_or_none()
    if version is None:
        raise NotFound
    return _theme(version.id, version.tokens)


def _themes(version_ids: Collection[UUID]) -> dict[UUID, Theme]:
    """The themes of these versions; only those not kept yet are read."""
    themes = {each: theme for each in version_ids if (theme := _kept.get(each))}
    missing = [each for each in version_ids if each not in themes]
    if missing:
        unread = sa.select(ThemeVersion.id, ThemeVersion.tokens).where(ThemeVersion.id.in_(missing))
        themes |= {row.id: _theme(row.id, row.tokens) for row in db.session.execute(unread)}
    return themes


def _theme(version_id: UUID, tokens: Mapping[str, Any]) -> Theme:
    theme = _kept.get(version_id)
    if theme is None:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        theme = _kept[version_id] = Theme.from_json(tokens)
    return theme
