"""What reports read: the random stream is the score, the targeted one stands beside it."""

from datetime import timedelta

import pytest

from app.quality.answers import Answer
from app.quality.queries.facts import QualityFacts, quality_facts
from tenants.db import db
from tests.factories.cast import World
from tests.factories.reviews import (
    AFTER,
    WEDNESDAY,
    a_closed_conversation,
    a_sample,
    all_rated,
    publish,
    reviews_of,
)


def facts_of(world: World, brand: str = "Acme") -> QualityFacts:
    with db.transaction(world.system_scope(brand)):
        return quality_facts(
            world.workspaces[brand],
            starts_at=AFTER - timedelta(days=30),
            ends_at=AFTER + timedelta(days=1),
        )


def test_without_reviews_there_is_no_score(world: World):
    facts = facts_of(world)

    assert facts.score is None
    assert facts.by_agents.score is None
    assert facts.criteria == []
    assert (facts.sample.eligible, facts.sample.drawn) == (0, 0)


def test_a_targeted_review_never_moves_the_score(world: World):
    for hour in range(6):
        a_closed_conversation(world, at=WEDNESDAY + timedelta(hours=hour))
    at_random = reviews_of(world, sample=a_sample(world))
    targeted = reviews_of(world, sample=a_sample(world, stream="targeted"))
    for review in at_random:
        publish(world, review, all_rated(tone=Answer(value=3)))
    before = facts_of(world)

    for review in targeted:
        publish(world, review, all_rated(0))
    after = facts_of(world)

    assert targeted
    assert before.score == after.score
    assert before.by_agents == after.by_agents
    assert before.criteria == after.criteria
    assert after.score is not None
    assert after.score.value == pytest.approx(92.5)
    assert after.targeted.scores is not None
    assert after.targeted.scores.value == 0


def test_a_score_comes_with_what_it_stands_on(world: World):
    for hour in range(6):
        a_closed_conversation(world, at=WEDNESDAY + timedelta(hours=hour))
    a_closed_conversation(world, text="Done.")
    drawn = reviews_of(world, sample=a_sample(world))
    for review in drawn:
        publish(world, review, all_rated(policy=Answer(value=2, root_cause="Policy unclear")))

    facts = facts_of(world)

    assert facts.score is not None
    assert facts.score.n == len(drawn) == 3
    assert not facts.score.is_enough
    low, high = facts.score.interval
    assert low < facts.score.value < high
    assert (facts.sample.eligible, facts.sample.drawn) == (6, 3)
    assert facts.sample.excluded == {"few_words": 1}
    policy = next(line for line in facts.criteria if line.code == "policy")
    assert (policy.mean, policy.n, policy.root_causes) == (0.25, 3, {"Policy unclear": 3})


def test_a_review_without_a_score_is_counted_and_stays_out_of_the_mean(world: World):
    a_closed_conversation(world)
    (review,) = reviews_of(world, sample=a_sample(world))
    publish(world, review, {code: Answer(is_not_applicable=True) for code in all_rated()})

    facts = facts_of(world)

    assert facts.score is None
    assert facts.unscored == 1
    assert facts.passed.n == 0


def test_agents_weigh_as_much_as_they_closed(world: World):
    for hour in range(3):
        a_closed_conversation(world, at=WEDNESDAY + timedelta(hours=hour), by="Leo")
    a_closed_conversation(world, by="Lin")
    for review in reviews_of(world, sample=a_sample(world)):
        share = 1.0 if review.reviewee_name == "Leo" else 0.0
        publish(world, review, all_rated(share, **_clean() if share == 0 else {}))

    facts = facts_of(world)

    assert facts.by_agents.score == pytest.approx(75)


def _clean() -> dict[str, Answer]:
    return {code: Answer(value=2) for code in ("privacy", "promise", "brand", "respect")}


def test_another_brands_reviews_are_not_in_it(world: World):
    a_closed_conversation(world, "Birch")
    (review,) = reviews_of(world, "Birch", a_sample(world, "Birch"))
    publish(world, review, all_rated(), brand="Birch")

    assert facts_of(world).score is None
    assert facts_of(world, "Birch").score is not None
