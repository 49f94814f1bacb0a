"""Weekly samples of the demo's weeks, reviewed by people who agree most of the time."""

import random
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.quality.answers import Answer
from app.quality.criteria import Criterion, read_criteria
from app.quality.models import Review, ScorecardVersion
from app.quality.operations.drawing import draw_week
from app.quality.operations.reviewing import publish_review
from app.quality.weeks import Period
from app.runtime.demo.brands import BRANDS
from tenants.context import Actor, Scope
from tenants.db import db

_COMMENTS = (
    "Clear next step and a date; the shopper did not have to ask again.",
    "Warm without being long. Good use of the order record.",
    "Correct, though the second paragraph repeats the first.",
    "Right answer. The macro shows a little: one personal sentence would help.",
)
_LEFT_TO_DO = 3


def review_history(scopes: dict[str, Scope], *, now: datetime) -> int:
    """Draw the weeks that are over and publish the reviews but for a few of the last week's."""
    chance = random.Random(7)  # noqa: S311 - the same scores in every demo
    published = 0
    for brand in BRANDS:
        zone = ZoneInfo(brand.zone)
        today = now.astimezone(zone).date()
        this_monday = today - timedelta(days=today.weekday())
        (workspace_id,) = scopes[brand.slug].workspace_ids
        for weeks_ago in range(8, 0, -1):
            monday = this_monday - timedelta(weeks=weeks_ago)
            period = Period(monday, monday + timedelta(days=7))
            drawn_at = datetime.combine(period.until, time(8), tzinfo=zone).astimezone(now.tzinfo)
            at = min(drawn_at, now)
            with db.transaction(scopes[brand.slug]):
                draw_week(workspace_id=workspace_id, period=period, now=at)
                left = _LEFT_TO_DO if weeks_ago == 1 else 0
                published += _review(chance, min(at + timedelta(days=1), now), left=left)
    return published


def _review(chance: random.Random, now: datetime, *, left: int) -> int:
    waiting = db.session.scalars(
        sa.select(Review)
        .where(Review.state == "drawn", Review.reviewer_id.is_not(None))
        .order_by(Review.id)
    ).all()
    done = waiting[: max(0, len(waiting) - left)]
    for review in done:
        version = _version(review.scorecard_version_id)
        reviewer = Actor("member", review.reviewer_id, review.reviewer_name or "")
        answers = {
            criterion.code: _answer(criterion, version.root_causes, chance)
            for criterion in read_criteria(version.criteria)
        }
        comment = chance.choice(_COMMENTS)
        publish_review(review, answers=answers, comment=comment, by=reviewer, now=now)
    return len(done)


def _version(version_id: UUID) -> ScorecardVersion:
    return db.session.scalars(
        sa.select(ScorecardVersion).where(ScorecardVersion.id == version_id)
    ).one()


def _answer(criterion: Criterion, causes: list[str], chance: random.Random) -> Answer:
    """Mostly full marks; now and then a point less, and rarely a weak one with its cause."""
    lower = 0 if criterion.critical else chance.choices((0, 1, 2), (70, 24, 6))[0]
    value = max(1, criterion.scale - min(lower, criterion.scale - 1))
    weak = (value - 1) / (criterion.scale - 1) < 0.5
    return Answer(value=value, root_cause=causes[0] if weak else None)
