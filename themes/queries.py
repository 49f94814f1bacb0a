"""The current look of a brand or of the agency, and how it looked before."""

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from tenants.db import db
from tenants.errors import NotFound
from themes.models import AgencyTheme, ThemeVersion
from themes.tokens import Theme


def get_current_theme(workspace_id: UUID) -> Theme:
    """The theme last published for this brand. Raises: NotFound."""
    return _theme(get_current_version(workspace_id))


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
    return _theme(version)


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
    versions = db.session.scalars(
        sa.select(ThemeVersion)
        .ext(distinct_on(ThemeVersion.workspace_id))
        .order_by(ThemeVersion.workspace_id, ThemeVersion.number.desc())
    )
    return {version.workspace_id: Theme.from_json(version.tokens) for version in versions}


def get_agency_theme() -> Theme:
    """The theme last published for the agency in scope. Raises: NotFound."""
    return _theme(
        db.session.scalar(sa.select(AgencyTheme).order_by(AgencyTheme.number.desc()).limit(1))
    )


def _theme(version: ThemeVersion | AgencyTheme | None) -> Theme:
    if version is None:
        raise NotFound
    return Theme.from_json(version.tokens)
