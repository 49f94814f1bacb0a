"""The quality desk as people see it: reviewer, agent, manager, and somebody from elsewhere."""

import re

import pytest
import sqlalchemy as sa

from app.quality.answers import Answer
from app.quality.models import Review
from tenants.db import db
from tests.browser import Browser, Person
from tests.factories.cast import World
from tests.factories.conversations import ago
from tests.factories.reviews import (
    a_closed_conversation,
    a_review,
    all_rated,
    publish,
    reviews_of,
    typed,
)

QUINN, LEO, LIN, ANA, PIA = (
    f"{name}@northwind.example" for name in ("quinn", "leo", "lin", "ana", "pia")
)
MALLORY = "mallory@southgate.example"


def text_of(person: Person, path: str) -> str:
    answer = person.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def test_a_reviewer_finds_what_waits_and_opens_it(browser: Browser, world: World):
    review = a_review(world)
    quinn = browser.sign_in(QUINN)

    page = text_of(quinn, "/quality")
    assert f"/quality/reviews/{review.id}" in page
    assert "0 of 1 reviewed" in page
    assert "not enough reviews" in page

    bench = text_of(quinn, f"/quality/reviews/{review.id}")
    assert "It will reach you tomorrow before noon." in bench
    assert "Policy followed" in bench
    assert bench.count('type="radio"') == 4 * 6 + 4 + 3 + 4 * 3


def test_a_draft_is_kept_and_shows_the_score_so_far(browser: Browser, world: World):
    review = a_review(world)
    quinn = browser.sign_in(QUINN)
    path = f"/quality/reviews/{review.id}"

    saved = quinn.post(f"{path}/draft", typed({"tone": Answer(value=4, comment="Warm.")}))

    assert saved.status_code == 303
    bench = text_of(quinn, path)
    assert "Warm." in bench
    assert re.search(r'name="value-tone"\s+value="4"\s+checked', bench)
    assert "1 of 10 rated" in bench
    assert re.search(r"standing__score[^>]*>75<", bench)


def test_scripts_get_only_the_score_as_it_stands(browser: Browser, world: World):
    review = a_review(world)
    quinn = browser.sign_in(QUINN)

    answer = quinn.post(
        f"/quality/reviews/{review.id}/draft",
        typed({"tone": Answer(value=5)}),
        headers={"HX-Request": "true"},
    )

    assert answer.get_data(as_text=True).lstrip().startswith('<div class="standing"')


def test_publishing_incompletely_keeps_what_was_typed(browser: Browser, world: World):
    review = a_review(world)
    quinn = browser.sign_in(QUINN)
    answers = all_rated(tone=Answer(comment="Hm, <b>odd</b>"), policy=Answer(value=1))

    answer = quinn.post(f"/quality/reviews/{review.id}/publication", typed(answers, "In all fine"))

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Rate this, or mark it as not applicable." in page
    assert "Choose what caused this." in page
    assert "Hm, &lt;b&gt;odd&lt;/b&gt;" in page
    assert "In all fine" in page
    assert reviews_of(world)[0].answers == {}


def test_publishing_goes_on_and_shows_the_result(browser: Browser, world: World):
    review = a_review(world)
    quinn = browser.sign_in(QUINN)

    answer = quinn.post(
        f"/quality/reviews/{review.id}/publication", typed(all_rated(), "Well done")
    )

    assert (answer.status_code, answer.location) == (303, "/quality")
    page = text_of(quinn, f"/quality/reviews/{review.id}")
    assert "Well done" in page
    assert "not enough reviews yet (n = 1)" in page
    assert 'type="radio"' not in page
    assert "Published with 100 points." in page


def test_a_published_review_can_not_be_published_again(browser: Browser, world: World):
    review = a_review(world)
    publish(world, review, all_rated())
    quinn = browser.sign_in(QUINN)

    answer = quinn.post(f"/quality/reviews/{review.id}/publication", typed(all_rated(0)))

    assert answer.status_code == 409
    assert reviews_of(world)[0].score == 100


@pytest.mark.parametrize(
    "sent",
    [
        {"value-tone": "9"},
        {"value-tone": "five"},
        {"value-tone": "٣"},
        {"comment": "x" * 4001},
        {"comment-tone": "x" * 4001},
        {"quotes-tone": "not json"},
        {"quotes-tone": '{"message_id": "x", "text": "Hello"}'},
        {"quotes-tone": "[" * 100_000},
        {"quotes-tone": ['{"message_id": 1}'] * 11},
        {"cause-tone": "Weather"},
    ],
)
def test_a_draft_that_cannot_be_read_is_refused_at_its_field(
    browser: Browser, world: World, sent: dict[str, object]
):
    review = a_review(world)
    quinn = browser.sign_in(QUINN)

    answer = quinn.post(f"/quality/reviews/{review.id}/draft", sent)

    assert answer.status_code == 422
    assert "field__error" in answer.get_data(as_text=True)


def test_a_null_byte_in_a_comment_is_dropped(browser: Browser, world: World):
    review = a_review(world)
    quinn = browser.sign_in(QUINN)
    sent = {"comment": "a\0b", "comment-tone": "c\0d"}

    assert quinn.post(f"/quality/reviews/{review.id}/draft", sent).status_code == 303
    assert reviews_of(world)[0].comment == "ab"


def test_an_agent_sees_their_own_reviews_once_published(browser: Browser, world: World):
    review = a_review(world)
    leo = browser.sign_in(LEO)
    path = f"/quality/reviews/{review.id}"

    assert leo.get("/quality").location == "/quality/mine"
    assert "No reviews yet" in text_of(leo, "/quality/mine")
    assert leo.get(path).status_code == 404

    publish(world, review, all_rated(), comment="Keep it up")
    assert path in text_of(leo, "/quality/mine")
    assert "Keep it up" in text_of(leo, path)


@pytest.mark.parametrize("somebody", [LIN, PIA])
def test_an_agent_does_not_see_the_reviews_of_others(browser: Browser, world: World, somebody: str):
    review = a_review(world)
    publish(world, review, all_rated())
    person = browser.sign_in(somebody)

    assert person.get(f"/quality/reviews/{review.id}").status_code == 404
    assert "No reviews yet" in text_of(person, "/quality/mine")


def test_the_owner_sees_results_and_who_is_on_it_but_does_not_score(browser: Browser, world: World):
    review = a_review(world)
    ana = browser.sign_in(ANA)
    path = f"/quality/reviews/{review.id}"

    assert "Quinn reviews this" in text_of(ana, path)
    assert ana.post(f"{path}/publication", typed(all_rated())).status_code == 403

    publish(world, review, all_rated(0.0))
    assert "A critical failure makes the score 0." in text_of(ana, path)


def test_a_review_of_nobody_is_taken_before_it_is_filled(browser: Browser, world: World):
    review = a_review(world)
    _unassign(world, review.id)
    quinn = browser.sign_in(QUINN)
    path = f"/quality/reviews/{review.id}"

    assert "Review this" in text_of(quinn, path)
    assert quinn.post(f"{path}/draft", typed(all_rated())).status_code == 409
    assert quinn.post(f"{path}/assignment").status_code == 303
    assert "Publish" in text_of(quinn, path)


def _unassign(world: World, review_id: object) -> None:
    with db.transaction(world.system_scope("Acme")) as session:
        session.execute(
            sa.update(Review)
            .where(Review.id == review_id)
            .values(reviewer_id=None, reviewer_name=None)
        )


def test_samples_are_drawn_at_the_press_of_a_button(browser: Browser, world: World):
    a_closed_conversation(world, "Acme", at=ago())
    a_closed_conversation(world, "Birch", at=ago())
    quinn = browser.sign_in(QUINN)

    assert quinn.post("/quality/samples").status_code == 303
    assert "2 conversations drawn for review." in text_of(quinn, "/quality")
    quinn.post("/quality/samples")
    assert "Nothing new to draw" in text_of(quinn, "/quality")
    assert len(reviews_of(world, "Acme")) == len(reviews_of(world, "Birch")) == 1


def test_an_agent_draws_no_samples(browser: Browser, world: World):
    leo = browser.sign_in(LEO)

    assert leo.post("/quality/samples").status_code == 403


@pytest.mark.parametrize("state", ["drawn", "published"])
def test_mallory_finds_nothing(browser: Browser, world: World, state: str):
    review = a_review(world)
    if state == "published":
        publish(world, review, all_rated())
    mallory = browser.sign_in(MALLORY)
    path = f"/quality/reviews/{review.id}"

    assert mallory.get(path).status_code == 404
    for action in ("assignment", "draft", "publication"):
        answer = mallory.post(f"{path}/{action}", typed(all_rated(0)))
        assert answer.status_code == 404
    assert mallory.get(f"/quality?after={review.id}").status_code == 404
    assert str(review.id) not in text_of(mallory, "/quality")
    assert reviews_of(world)[0].reviewer_name == "Quinn"
    assert reviews_of(world)[0].state == state
