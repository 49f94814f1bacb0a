"""Giving an agency its scorecard, and changing what it asks from now on."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from app.quality import default_scorecard
from app.quality.criteria import Criterion
from app.quality.models import Scorecard, ScorecardVersion
from app.quality.queries.scorecards import find_latest_version
from tenants.db import db, new_id
from tenants.ledger import record


def ensure_default_scorecard(now: datetime) -> ScorecardVersion:
    """The latest version of the scorecard of the agency in scope; made once, whoever asks first."""
    scorecard = _lock_default(now)
    return find_latest_version(scorecard) or _add_version(
        scorecard,
        criteria=default_scorecard.CRITERIA,
        root_causes=default_scorecard.ROOT_CAUSES,
        pass_mark=default_scorecard.PASS_MARK,
        now=now,
    )


def revise_scorecard(
    scorecard: Scorecard,
    *,
    criteria: Sequence[Criterion],
    root_causes: Sequence[str],
    pass_mark: int,
    now: datetime,
) -> ScorecardVersion:
    """A new version, for reviews drawn from now on; those drawn before keep theirs.

    Needs a scope over the whole agency.
    """
    version = _add_version(
        scorecard, criteria=criteria, root_causes=root_causes, pass_mark=pass_mark, now=now
    )
    record("scorecard.revised", scorecard, at=now, data={"number": version.number})
    return version


def _add_version(
    scorecard: Scorecard,
    *,
    criteria: Sequence[Criterion],
    root_causes: Sequence[str],
    pass_mark: int,
    now: datetime,
) -> ScorecardVersion:
    latest = find_latest_version(scorecard)
    version = ScorecardVersion(
        id=new_id(),
        scorecard_id=scorecard.id,
        number=latest.number + 1 if latest else 1,
        criteria=[criterion.to_json() for criterion in criteria],
        root_causes=list(root_causes),
        pass_mark=pass_mark,
        created_at=now,
    )
    db.session.add(version)
    db.session.flush()  # reviews name it
    return version


def _lock_default(now: datetime) -> Scorecard:
    """Insert first; the loser of a race waits, and reads the winner's row."""
    db.session.execute(
        pg.insert(Scorecard)
        .values(
            agency_id=db.scope.agency_id,
            id=new_id(),
            name=default_scorecard.NAME,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["agency_id", "name"])
    )
    return db.session.scalars(
        sa.select(Scorecard).where(Scorecard.name == default_scorecard.NAME).with_for_update()
    ).one()
