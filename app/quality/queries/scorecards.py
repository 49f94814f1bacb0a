"""Finding scorecards and their versions."""

from uuid import UUID

import sqlalchemy as sa

from app.quality.models import Scorecard, ScorecardVersion
from tenants.db import db


def get_scorecard_version(version_id: UUID) -> ScorecardVersion:
    """The version a review was drawn with; it is there as long as the review is."""
    return db.session.scalars(
        sa.select(ScorecardVersion).where(ScorecardVersion.id == version_id)
    ).one()


def find_latest_version(scorecard: Scorecard) -> ScorecardVersion | None:
    """The version new reviews are drawn with."""
    return db.session.scalar(
        sa.select(ScorecardVersion)
        .where(ScorecardVersion.scorecard_id == scorecard.id)
        .order_by(ScorecardVersion.number.desc())
        .limit(1)
    )
