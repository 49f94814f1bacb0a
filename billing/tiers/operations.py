"""Making tiers and their versions."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from billing.defaults import CURRENCY, DEFAULT_TIERS, INTERVAL, SET_UP_FEE_MINOR
from billing.entitlements import Value, check_entitlements
from billing.tiers.models import Tier, TierVersion
from billing.tiers.queries import find_tier
from tenants.agencies.models import Agency
from tenants.db import db
from tenants.ledger import record


def seed_default_tiers(agency: Agency, *, now: datetime) -> list[TierVersion]:
    """Give a new agency its copies of the default tiers; those it has already stay as they are."""
    made = []
    for position, default in enumerate(DEFAULT_TIERS, start=1):
        if find_tier(default.code) is not None:
            continue
        tier = Tier(
            agency_id=agency.id,
            code=default.code,
            name=default.name,
            summary=default.summary,
            position=position,
        )
        db.session.add(tier)
        db.session.flush()  # the version names the tier
        made.append(
            add_tier_version(
                tier,
                price_minor=default.price_minor,
                set_up_fee_minor=SET_UP_FEE_MINOR,
                currency=CURRENCY,
                interval=INTERVAL,
                entitlements={str(key): value for key, value in default.entitlements.items()},
                now=now,
            )
        )
    return made


def add_tier_version(
    tier: Tier,
    *,
    price_minor: int,
    set_up_fee_minor: int,
    currency: str,
    interval: str,
    entitlements: Mapping[str, Value],
    now: datetime,
) -> TierVersion:
    """A new version, offered from now on; clients keep the one they have.

    Raises: InvalidEntitlements.
    """
    check_entitlements(entitlements)
    last = db.session.scalar(
        sa.select(sa.func.max(TierVersion.number)).where(TierVersion.tier_id == tier.id)
    )
    version = TierVersion(
        tier_id=tier.id,
        number=(last or 0) + 1,
        price_minor=price_minor,
        set_up_fee_minor=set_up_fee_minor,
        currency=currency,
        interval=interval,
        entitlements=dict(entitlements),
        effective_from=now,
        first_used_at=None,
    )
    db.session.add(version)
    db.session.flush()  # the ledger names it
    record(
        "tier_version.created",
        version,
        at=now,
        data={"tier": tier.code, "number": version.number, "price_minor": price_minor},
    )
    return version


def mark_used(version: TierVersion, *, now: datetime) -> None:
    """Freeze the version, once."""
    if version.first_used_at is None:
        version.first_used_at = now
