"""Reviews: filled by somebody else, scored by the formulas, final once published."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.conversations.models import Message
from app.quality.answers import Answer, Quote
from app.quality.default_scorecard import CRITERIA, PASS_MARK, ROOT_CAUSES
from app.quality.errors import BadAnswers, NotYourReview, OwnReview, ReviewPublished
from app.quality.models import Review, Scorecard, ScorecardVersion
from app.quality.operations.assigning import assign_reviewer
from app.quality.operations.reviewing import save_draft
from app.quality.operations.scorecards import ensure_default_scorecard, revise_scorecard
from tenants.context import SYSTEM, Scope
from tenants.db import db, new_id
from tenants.errors import DomainError
from tenants.ledger import list_events_of
from tests.factories.cast import World
from tests.factories.conversations import member
from tests.factories.reviews import AFTER, a_review, all_rated, publish, reviews_of

NOT_APPLICABLE = Answer(is_not_applicable=True)
FAILED = Answer(value=1, root_cause="Rush")


def change(world: World, review: Review, act: Callable[[Review], None]) -> Review:
    with db.transaction(world.system_scope("Acme")) as session:
        found = session.scalars(sa.select(Review).where(Review.id == review.id)).one()
        act(found)
        return found


def a_message_of(world: World, review: Review) -> UUID:
    with db.transaction(world.system_scope("Acme")) as session:
        return session.scalars(
            sa.select(Message.id).where(
                Message.conversation_id == review.conversation_id, Message.author_kind == "agent"
            )
        ).one()


def test_the_score_is_the_weighted_mean_of_what_was_rated(world: World):
    review = a_review(world)
    answers = all_rated(policy=Answer(value=3), tone=Answer(value=4), clarity=Answer(value=2))
    answers["process"] = NOT_APPLICABLE

    published = publish(world, review, answers)

    # 25 half, 25 and 15 whole, 15 three quarters, 10 half; process and the critical ones weigh 0.
    assert published.score == pytest.approx(100 * (12.5 + 25 + 15 + 11.25 + 5) / 90)
    assert published.state == "published"
    assert not published.failed_critical


def test_a_critical_failure_zeroes_an_otherwise_perfect_review(world: World):
    published = publish(world, a_review(world), all_rated(brand=FAILED))

    assert published.score == 0
    assert published.failed_critical


def test_a_review_in_which_nothing_applies_has_no_score(world: World):
    published = publish(world, a_review(world), {each.code: NOT_APPLICABLE for each in CRITERIA})

    assert published.is_published
    assert published.score is None


def test_publishing_asks_for_every_criterion_and_for_the_cause_of_a_low_rating(world: World):
    review = a_review(world)
    answers = all_rated(tone=Answer(), policy=Answer(value=2))

    with pytest.raises(BadAnswers) as refusal:
        publish(world, review, answers)

    assert refusal.value.messages.keys() == {"value-tone", "cause-policy"}
    assert reviews_of(world)[0].state == "drawn"


def test_a_draft_may_be_incomplete_and_keeps_what_was_said(world: World):
    review = a_review(world)
    quote = Quote(a_message_of(world, review), "left  Hamburg\nthis morning")
    said = {"tone": Answer(value=2, comment="Cold.", quotes=(quote,))}

    draft = change(
        world,
        review,
        lambda found: save_draft(
            found, answers=said, comment="So far", by=member(world, "Quinn"), now=AFTER
        ),
    )

    assert (draft.state, draft.score, draft.comment) == ("draft", None, "So far")
    assert Answer.from_json(draft.answers["tone"]) == said["tone"]


@pytest.mark.parametrize(
    ("code", "answer", "field"),
    [
        ("tone", Answer(value=6), "value-tone"),
        ("process", Answer(value=3), "value-process"),
        ("tone", Answer(value=1, root_cause="Weather"), "cause-tone"),
        ("tone", Answer(value=5, quotes=(Quote(new_id(), "Hello"),)), "quotes-tone"),
    ],
)
def test_answers_that_do_not_fit_are_refused(world: World, code: str, answer: Answer, field: str):
    review = a_review(world)

    with pytest.raises(BadAnswers) as refusal:
        publish(world, review, all_rated(**{code: answer}))

    assert refusal.value.messages.keys() == {field}


def test_words_nobody_wrote_are_no_evidence(world: World):
    review = a_review(world)
    quote = Quote(a_message_of(world, review), "We do not care.")

    with pytest.raises(BadAnswers):
        publish(world, review, all_rated(tone=Answer(value=1, root_cause="Tone", quotes=(quote,))))


def test_the_reviewee_cannot_be_made_the_reviewer(world: World):
    review = a_review(world)
    leo = member(world, "Leo")

    with pytest.raises(OwnReview):
        change(world, review, lambda found: assign_reviewer(found, to=leo, now=AFTER))


def test_the_database_refuses_a_reviewee_as_reviewer_too(world: World):
    review = a_review(world)

    with pytest.raises(sa.exc.IntegrityError):
        change(world, review, lambda found: setattr(found, "reviewer_id", found.reviewee_id))


@pytest.mark.parametrize(("name", "refusal"), [("Leo", OwnReview), ("Max", NotYourReview)])
def test_only_its_reviewer_fills_a_review(world: World, name: str, refusal: type[DomainError]):
    with pytest.raises(refusal):
        publish(world, a_review(world), all_rated(), by=name)


def test_a_published_review_is_final(world: World):
    review = a_review(world)
    publish(world, review, all_rated())

    with pytest.raises(ReviewPublished):
        publish(world, review, all_rated(0))
    with pytest.raises(ReviewPublished):
        change(world, review, lambda it: assign_reviewer(it, to=member(world, "Max"), now=AFTER))

    assert reviews_of(world)[0].score == 100
    with db.transaction(world.system_scope("Acme")):
        events = list_events_of(review.id, workspace_id=review.workspace_id)
    assert [event.kind for event in events] == ["review.assigned", "review.published"]


def test_reassigning_keeps_what_was_filled_in_and_who_it_was_before(world: World):
    review = a_review(world)
    quinn, max_ = member(world, "Quinn"), member(world, "Max")
    said = {"tone": Answer(value=4)}
    change(world, review, lambda it: save_draft(it, answers=said, comment="", by=quinn, now=AFTER))

    taken = change(world, review, lambda it: assign_reviewer(it, to=max_, now=AFTER))

    assert taken.reviewer_name == "Max"
    assert taken.answers["tone"]["value"] == 4
    with db.transaction(world.system_scope("Acme")):
        events = list_events_of(review.id, workspace_id=review.workspace_id)
    assert events[-1].data == {"to": "Max", "before": "Quinn"}


def test_an_old_review_keeps_its_version_of_the_scorecard(world: World):
    review = a_review(world)
    agency = Scope(world.agencies["Northwind"], frozenset(), SYSTEM, agency_wide=True)
    with db.transaction(agency) as session:
        scorecard = session.scalars(sa.select(Scorecard)).one()
        revised = revise_scorecard(
            scorecard,
            criteria=[replace(CRITERIA[0], scale=2, weight=100)],
            root_causes=ROOT_CAUSES,
            pass_mark=PASS_MARK,
            now=AFTER + timedelta(days=1),
        )
        assert revised.number == 2

    published = publish(world, review, all_rated(policy=Answer(value=5)))

    assert published.scorecard_version_id != revised.id
    assert published.score == 100
    with db.transaction(agency):
        assert ensure_default_scorecard(AFTER).id == revised.id


def test_the_default_scorecard_is_made_once(world: World):
    agency = Scope(world.agencies["Northwind"], frozenset(), SYSTEM, agency_wide=True)
    with db.transaction(agency):
        first = ensure_default_scorecard(AFTER)
    with db.transaction(agency) as session:
        assert ensure_default_scorecard(AFTER).id == first.id
        assert session.scalar(sa.select(sa.func.count()).select_from(ScorecardVersion)) == 1
    weights = [each.weight for each in CRITERIA if not each.critical]
    assert sum(weights) == 100
