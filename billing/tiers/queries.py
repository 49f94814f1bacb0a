"""Finding tiers."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg

from billing.tiers.models import Tier, TierVersion
from tenants.db import db
from tenants.errors import NotFound


def list_current_tier_versions(*, now: datetime) -> Sequence[TierVersion]:
    """What the agency offers now: the newest effective version of each tier, smallest first."""
    newest = (
        sa.select(TierVersion)
        .where(TierVersion.effective_from <= now)
        .ext(pg.distinct_on(TierVersion.tier_id))
        .order_by(TierVersion.tier_id, TierVersion.number.desc())
    )
    versions = db.session.scalars(newest.options(orm.joinedload(TierVersion.tier))).all()
    return sorted(versions, key=lambda version: (version.tier.position, version.tier.code))


def get_tier_version(tier_version_id: UUID) -> TierVersion:
    """One version with its tier. Raises: NotFound."""
    version = db.session.scalar(
        sa.select(TierVersion)
        .where(TierVersion.id == tier_version_id)
        .options(orm.joinedload(TierVersion.tier))
    )
    if version is None:
        raise NotFound
    return version


def find_tier(code: str) -> Tier | None:
    """The tier by its word."""
    return db.session.scalar(sa.select(Tier).where(Tier.code == code))
