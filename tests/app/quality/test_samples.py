"""A week's samples: drawn once, drawn again alike, from conversations that can be reviewed."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from app.quality.models import Review, Sample
from app.quality.operations.drawing import draw_now, draw_sample, list_drawn
from app.quality.sweeps import draw_weekly_samples
from app.quality.weeks import Period, last_week, week_so_far
from tenants.db import db
from tenants.ledger import Event
from tests.factories.cast import World
from tests.factories.conversations import (
    a_conversation,
    a_promise,
    ago,
    leo_closes,
    leo_replies,
)
from tests.factories.escalations import a_pod, leo_escalates, pia_accepts
from tests.factories.reviews import (
    A_REPLY,
    AFTER,
    MONDAY,
    NEXT_MONDAY,
    WEDNESDAY,
    a_closed_conversation,
    a_sample,
    hire_reviewer,
    reviews_of,
)


def drawn_by(sample: Sample) -> list[object]:
    return [each.candidate.id for each in list_drawn(sample)]


def test_the_same_seed_draws_the_same_list_again(world: World):
    for hour in range(12):
        a_closed_conversation(world, at=WEDNESDAY + timedelta(hours=hour))
    sample = a_sample(world, seed=7)
    first = drawn_by(sample)
    a_closed_conversation(world, at=WEDNESDAY)  # closed later, stands in no frame of that draw

    with db.transaction(world.system_scope("Acme")) as session:
        again = session.scalars(sa.select(Sample)).one()
        assert drawn_by(again) == first
    assert sorted(first) == sorted(
        review.conversation_id for review in reviews_of(world, sample=sample)
    )


def test_another_seed_draws_another_list(world: World):
    for hour in range(12):
        a_closed_conversation(world, at=WEDNESDAY + timedelta(hours=hour))
    sample = a_sample(world, seed=7)
    first = drawn_by(sample)

    assert any(drawn_by(_with_seed(sample, seed)) != first for seed in range(8, 16))


def _with_seed(sample: Sample, seed: int) -> Sample:
    return Sample(
        workspace_id=sample.workspace_id,
        stream=sample.stream,
        frame=sample.frame,
        candidates=sample.candidates,
        seed=seed,
    )


def test_a_second_draw_answers_with_the_first_sample(world: World):
    a_closed_conversation(world)
    first = a_sample(world, seed=7)
    a_closed_conversation(world)

    second = a_sample(world, seed=8)

    assert (second.id, second.seed) == (first.id, 7)
    assert len(reviews_of(world)) == 1
    with db.transaction(world.system_scope("Acme")) as session:
        drawn = session.scalars(sa.select(Event.kind).where(Event.kind == "sample.drawn")).all()
    assert len(drawn) == 1


def test_the_week_is_the_clients_own(world: World):
    """Acme is in Berlin: its Monday begins on Sunday at 22:00 UTC."""
    sunday_night = datetime(2026, 9, 13, 22, 30, tzinfo=UTC)
    inside = a_closed_conversation(world, at=sunday_night)
    a_closed_conversation(world, at=sunday_night - timedelta(hours=1))
    a_closed_conversation(world, at=sunday_night + timedelta(weeks=1))

    sample = a_sample(world)

    assert [review.conversation_id for review in reviews_of(world, sample=sample)] == [inside]


def test_what_cannot_be_reviewed_is_left_out_and_counted(world: World):
    a_closed_conversation(world)
    a_closed_conversation(world, text="Done.")
    a_conversation(world, "Acme", now=WEDNESDAY)
    unanswered = a_conversation(world, "Acme", now=WEDNESDAY)
    leo_closes(world, "Acme", unanswered, now=WEDNESDAY)

    sample = a_sample(world)

    assert sample.eligible_count == 1
    assert sample.frame["excluded"] == {"few_words": 1, "one_sided": 1}


def test_an_escalated_conversation_is_reviewed_once_for_each_agent_who_answered(world: World):
    conversation_id = a_conversation(world, "Acme", now=WEDNESDAY)
    leo_replies(world, "Acme", conversation_id, A_REPLY, now=WEDNESDAY, then="stay")
    pod_id = a_pod(world, "Acme")
    leo_escalates(world, "Acme", conversation_id, pod_id, now=WEDNESDAY)
    pia_accepts(world, "Acme", conversation_id, now=WEDNESDAY)
    leo_replies(world, "Acme", conversation_id, A_REPLY, now=WEDNESDAY, then="close", by="Pia")

    sample = a_sample(world, stream="targeted")

    reviews = reviews_of(world, sample=sample)
    assert {review.reviewee_name for review in reviews} == {"Leo", "Pia"}
    assert all("escalated" in review.draw_reasons for review in reviews)


def test_the_targeted_stream_says_why_and_leaves_out_what_chance_drew(world: World):
    a_promise(world, "Acme", first_response_minutes=5)
    late = a_closed_conversation(world)
    a_sample(world)

    assert a_sample(world, stream="targeted").drawn_count == 0
    also_late = a_closed_conversation(world, at=WEDNESDAY + timedelta(weeks=1))
    week = {"first": NEXT_MONDAY, "until": date(2026, 9, 28)}
    sample = a_sample(world, stream="targeted", now=AFTER + timedelta(weeks=1), **week)

    (review,) = reviews_of(world, sample=sample)
    assert review.conversation_id == also_late != late
    assert set(review.draw_reasons) == {"new_hire", "sla_breach"}


def test_an_early_draw_takes_nobody_their_chance_twice(world: World):
    early = a_closed_conversation(world, at=WEDNESDAY)
    a_sample(world, until=date(2026, 9, 17), now=WEDNESDAY)
    late = a_closed_conversation(world, at=WEDNESDAY + timedelta(days=2))

    rest = a_sample(world)

    assert [review.conversation_id for review in reviews_of(world, sample=rest)] == [late]
    assert rest.eligible_count == 1
    assert early in {review.conversation_id for review in reviews_of(world)}


def test_what_the_targeted_stream_drew_stays_in_the_random_frame(world: World):
    a_closed_conversation(world)
    a_sample(world, stream="targeted", until=date(2026, 9, 17), now=WEDNESDAY)

    assert a_sample(world).eligible_count == 1


def test_the_sweep_draws_last_week_once_for_every_brand(world: World):
    closed_at = ago(days=7)
    a_closed_conversation(world, "Acme", at=closed_at)
    a_closed_conversation(world, "Birch", at=closed_at)

    draw_weekly_samples()
    draw_weekly_samples()

    for brand in ("Acme", "Birch", "Cedar"):
        with db.transaction(world.system_scope(brand)) as session:
            samples = session.scalars(sa.select(Sample)).all()
        assert sorted(sample.stream for sample in samples) == ["random", "targeted"]
    assert len(reviews_of(world, "Acme")) == len(reviews_of(world, "Birch")) == 1
    assert reviews_of(world, "Cedar") == []


def test_a_sample_can_be_drawn_before_the_week_is_over(world: World):
    a_closed_conversation(world, at=ago())

    with db.transaction(world.system_scope("Acme")):
        assert draw_now(workspace_id=world.workspaces["Acme"], now=datetime.now(UTC)) == 1
    with db.transaction(world.system_scope("Acme")):
        assert draw_now(workspace_id=world.workspaces["Acme"], now=datetime.now(UTC)) == 0


def test_weeks_begin_on_monday_where_the_client_is():
    sunday_in_berlin_monday_in_auckland = datetime(2026, 9, 20, 20, 0, tzinfo=UTC)

    week = last_week(sunday_in_berlin_monday_in_auckland, "Europe/Berlin")
    assert week == Period(date(2026, 9, 7), date(2026, 9, 14))
    week = last_week(sunday_in_berlin_monday_in_auckland, "Pacific/Auckland")
    assert week == Period(date(2026, 9, 14), date(2026, 9, 21))


def test_an_early_draw_on_a_sunday_does_not_stand_for_the_whole_week():
    sunday = datetime(2026, 9, 20, 12, 0, tzinfo=UTC)

    early = week_so_far(sunday, "Europe/Berlin")

    assert early == Period(date(2026, 9, 15), date(2026, 9, 21))
    assert early != last_week(sunday + timedelta(days=1), "Europe/Berlin")


def test_reviews_are_spread_over_the_reviewers(world: World):
    hire_reviewer(world, "Rae", "Acme")
    for hour in range(4):
        a_closed_conversation(world, at=WEDNESDAY + timedelta(hours=hour), by="Leo")
        a_closed_conversation(world, at=WEDNESDAY + timedelta(hours=hour), by="Lin")

    a_sample(world)

    reviewers = Counter(review.reviewer_name for review in reviews_of(world))
    assert reviewers.keys() == {"Quinn", "Rae"}
    assert max(reviewers.values()) - min(reviewers.values()) <= 1


def test_a_review_is_never_given_to_the_reviewee(world: World):
    """Mallory is the only reviewer of her agency, and answers its conversations too."""
    a_closed_conversation(world, "Cedar", by="Mallory")

    a_sample(world, "Cedar")

    (review,) = reviews_of(world, "Cedar")
    assert review.reviewee_name == "Mallory"
    assert review.reviewer_id is None


def test_a_draw_belongs_to_its_workspace(world: World):
    a_closed_conversation(world, "Acme")
    a_closed_conversation(world, "Birch")

    with db.transaction(world.system_scope("Acme")) as session:
        draw_sample(
            workspace_id=world.workspaces["Acme"],
            period_from=MONDAY,
            period_until=NEXT_MONDAY,
            stream="random",
            now=AFTER,
        )
        assert session.scalar(sa.select(sa.func.count()).select_from(Review)) == 1
    assert reviews_of(world, "Birch") == []
