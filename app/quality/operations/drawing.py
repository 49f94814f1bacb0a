"""Drawing samples: each closed conversation stands in one random frame, once."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.quality.formulas import Stream
from app.quality.models import Review, Sample
from app.quality.operations.assigning import assign_least_busy
from app.quality.operations.scorecards import ensure_default_scorecard
from app.quality.queries.frame import list_candidates, list_drawn_pairs, list_earlier_samples
from app.quality.queries.people import names_of
from app.quality.sampling import (
    Candidate,
    Reason,
    Targeted,
    draw_random,
    draw_targeted,
    eligible,
    target_rules,
)
from app.quality.weeks import Period, last_week, week_so_far
from billing.enforcement import find_entitlement
from billing.entitlements import Key
from tenants.db import db, new_id
from tenants.ledger import record
from tenants.workspaces.operations import lock_workspace
from tenants.workspaces.queries import get_workspace

STREAMS: tuple[Stream, ...] = ("random", "targeted")
RATE = 0.05
MINIMUM_PER_AGENT = 1
REVIEW_DAYS = 7

_WEEKS_PER_MONTH = 52 / 12
_SEED_BITS = 63  # a bigint


def draw_week(*, workspace_id: UUID, period: Period, now: datetime) -> list[Sample]:
    """Both streams of a period; what was drawn before is returned as it is."""
    return [
        draw_sample(
            workspace_id=workspace_id,
            period_from=period.first,
            period_until=period.until,
            stream=stream,
            now=now,
        )
        for stream in STREAMS
    ]


def draw_now(*, workspace_id: UUID, now: datetime) -> int:
    """Draw last week if that was not done yet, and the week so far; returns the new reviews."""
    zone = get_workspace(workspace_id).time_zone
    samples = draw_week(workspace_id=workspace_id, period=last_week(now, zone), now=now)
    running = week_so_far(now, zone)
    starts_at, ends_at = running.bounds(zone)
    if eligible(list_candidates(workspace_id, starts_at=starts_at, ends_at=ends_at)).candidates:
        samples += draw_week(workspace_id=workspace_id, period=running, now=now)
    return sum(sample.drawn_count for sample in samples if sample.drawn_at == now)


def draw_sample(
    *,
    workspace_id: UUID,
    period_from: date,
    period_until: date,
    stream: Stream,
    now: datetime,
    seed: int | None = None,
) -> Sample:
    """Draw one stream of a period, with a review for each conversation and agent drawn.

    Drawn once: asked again, it answers with the first sample. Draw the random stream first; the
    targeted one leaves out what that drew.
    """
    lock_workspace(workspace_id)
    existing = _find_sample(workspace_id, period_from, period_until, stream)
    if existing is not None:
        return existing
    period = Period(period_from, period_until)
    zone = get_workspace(workspace_id).time_zone
    starts_at, ends_at = period.bounds(zone)
    frame = eligible(list_candidates(workspace_id, starts_at=starts_at, ends_at=ends_at))
    candidates = _first_chances(frame.candidates, workspace_id, period, stream)
    rule = _rule(workspace_id, now)
    sample = Sample(
        id=new_id(),
        workspace_id=workspace_id,
        period_from=period_from,
        period_until=period_until,
        stream=stream,
        seed=secrets.randbits(_SEED_BITS) if seed is None else seed,
        frame={**rule, "excluded": {str(why): n for why, n in frame.excluded.items()}},
        candidates=[_to_json(candidate) for candidate in candidates],
        eligible_count=len(candidates),
        drawn_count=0,
        drawn_at=now,
    )
    drawn = list_drawn(sample)
    sample.drawn_count = len(drawn)
    db.session.add(sample)
    db.session.flush()  # the reviews name it
    record(
        "sample.drawn",
        sample,
        at=now,
        data={"stream": stream, "eligible": sample.eligible_count, "drawn": sample.drawn_count},
    )
    _open_reviews(sample, drawn, now)
    return sample


def list_drawn(sample: Sample) -> list[Targeted]:
    """What the sample's seed draws from its candidates: the same list, whenever it is asked."""
    candidates = [_from_json(each, sample.workspace_id) for each in sample.candidates]
    if sample.stream == "targeted":
        return draw_targeted(candidates, target_rules(sample.frame["rate"]), seed=sample.seed)
    drawn = draw_random(
        candidates,
        rate=sample.frame["rate"],
        minimum_per_agent=sample.frame["minimum_per_agent"],
        minimum_per_client=sample.frame["minimum_per_client"],
        seed=sample.seed,
    )
    return [Targeted(candidate, ()) for candidate in drawn]


def _find_sample(
    workspace_id: UUID, period_from: date, period_until: date, stream: Stream
) -> Sample | None:
    return db.session.scalar(
        sa.select(Sample).where(
            Sample.workspace_id == workspace_id,
            Sample.period_from == period_from,
            Sample.period_until == period_until,
            Sample.stream == stream,
        )
    )


def _first_chances(
    candidates: Sequence[Candidate], workspace_id: UUID, period: Period, stream: Stream
) -> list[Candidate]:
    """Those that stood in no earlier draw of the stream, such as one made early in the week.

    The random stream does not look at the targeted one: leaving out what looked like trouble would
    raise its score.
    """
    earlier = list_earlier_samples(workspace_id, period, stream)
    had_theirs = {
        (UUID(each["conversation"]), UUID(each["agent"]))
        for sample in earlier
        for each in sample.candidates
    }
    if stream == "targeted":
        had_theirs |= list_drawn_pairs(list_earlier_samples(workspace_id, period, "random"))
    return [each for each in candidates if (each.id, each.agent) not in had_theirs]


def _rule(workspace_id: UUID, now: datetime) -> dict[str, Any]:
    monthly = find_entitlement(workspace_id, Key.QA_REVIEWS_PER_MONTH, now=now).value
    return {
        "rate": RATE,
        "minimum_per_agent": MINIMUM_PER_AGENT,
        "minimum_per_client": ceil(int(monthly) / _WEEKS_PER_MONTH),  # type: ignore[arg-type]
    }


def _open_reviews(sample: Sample, drawn: Iterable[Targeted], now: datetime) -> None:
    drawn = list(drawn)
    version = ensure_default_scorecard(now)
    names = names_of({each.candidate.agent for each in drawn})
    reviews = [
        Review(
            id=new_id(),
            workspace_id=sample.workspace_id,
            conversation_id=each.candidate.id,
            sample_id=sample.id,
            scorecard_version_id=version.id,
            stream=sample.stream,
            draw_reasons=[str(reason) for reason in each.reasons],
            reviewee_id=each.candidate.agent,
            reviewee_name=names.get(each.candidate.agent, "Former member"),
            state="drawn",
            answers={},
            comment="",
            failed_critical=False,
            drawn_at=now,
            due_at=now + timedelta(days=REVIEW_DAYS),
        )
        for each in drawn
    ]
    assign_least_busy(reviews, workspace_id=sample.workspace_id, now=now)
    db.session.add_all(reviews)


def _to_json(candidate: Candidate) -> dict[str, Any]:
    return {
        "conversation": str(candidate.id),
        "agent": str(candidate.agent),
        "channel": candidate.channel,
        "topic": candidate.topic,
        "reasons": sorted(candidate.reasons),
    }


def _from_json(stored: Mapping[str, Any], workspace_id: UUID) -> Candidate:
    return Candidate(
        id=UUID(stored["conversation"]),
        workspace=workspace_id,
        agent=UUID(stored["agent"]),
        channel=stored["channel"],
        topic=stored["topic"],
        reasons=frozenset(map(Reason, stored["reasons"])),
    )
