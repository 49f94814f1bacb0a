"""Closed conversations, samples and reviews, committed; each call is one transaction of its own."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from app.conversations.models import Conversation
from app.quality.answers import Answer
from app.quality.default_scorecard import CRITERIA
from app.quality.formulas import Stream
from app.quality.models import Review, Sample
from app.quality.operations.assigning import assign_reviewer
from app.quality.operations.drawing import draw_sample
from app.quality.operations.reviewing import publish_review
from app.quality.schemas import typed_values
from tenants.db import db
from tenants.members.operations import add_member, assign_workspace_role
from tenants.permissions import Role
from tests.factories.cast import BORN, PASSWORD, World
from tests.factories.conversations import a_conversation, leo_replies, member

MONDAY = date(2026, 9, 14)
NEXT_MONDAY = date(2026, 9, 21)
WEDNESDAY = datetime(2026, 9, 16, 10, 0, tzinfo=UTC)
AFTER = datetime(2026, 9, 21, 6, 0, tzinfo=UTC)
A_REPLY = (
    "Hello Sam, your parcel left Hamburg this morning. It will reach you tomorrow before noon."
)


def a_closed_conversation(
    world: World,
    brand: str = "Acme",
    *,
    by: str = "Leo",
    at: datetime = WEDNESDAY,
    text: str = A_REPLY,
    **opened: object,
) -> UUID:
    """Sam asked, somebody claimed, answered and closed."""
    conversation_id = a_conversation(world, brand, now=at - timedelta(hours=1), **opened)  # type: ignore[arg-type]
    with db.transaction(world.system_scope(brand)) as session:
        session.execute(
            sa.update(Conversation)
            .where(Conversation.id == conversation_id)
            .values(assignee_id=world.members[by], assignee_name=by)
        )
    leo_replies(world, brand, conversation_id, text, now=at, then="close", by=by)
    return conversation_id


def a_sample(
    world: World,
    brand: str = "Acme",
    *,
    stream: Stream = "random",
    seed: int | None = 7,
    now: datetime = AFTER,
    first: date = MONDAY,
    until: date = NEXT_MONDAY,
) -> Sample:
    """The week's sample of a brand, drawn."""
    with db.transaction(world.system_scope(brand)):
        sample = draw_sample(
            workspace_id=world.workspaces[brand],
            period_from=first,
            period_until=until,
            stream=stream,
            now=now,
            seed=seed,
        )
        assert sample.candidates is not None  # deferred: read while the transaction is open
        return sample


def hire_reviewer(world: World, name: str, brand: str) -> None:
    """One more person who may score this brand's reviews."""
    email = f"{name.lower()}@northwind.example"
    with db.transaction(replace(world.system_scope(brand), agency_wide=True)):
        hired = add_member(email=email, name=name, now=BORN, password=PASSWORD)
        assign_workspace_role(
            hired, Role.QA_REVIEWER, workspace_id=world.workspaces[brand], now=BORN
        )
        world.members[name], world.emails[name] = hired.id, email
    world.agency_of[name] = world.agency_of[brand]
    world.hosts[email] = "northwind.localhost"


def reviews_of(world: World, brand: str = "Acme", sample: Sample | None = None) -> list[Review]:
    """The reviews of a brand, or of one of its samples, detached."""
    with db.transaction(world.system_scope(brand)) as session:
        statement = sa.select(Review).order_by(Review.id)
        if sample is not None:
            statement = statement.where(Review.sample_id == sample.id)
        return list(session.scalars(statement))


def a_review(world: World, brand: str = "Acme", *, reviewer: str = "Quinn") -> Review:
    """One drawn conversation of Leo's, waiting for its reviewer."""
    a_closed_conversation(world, brand)
    sample = a_sample(world, brand)
    review = reviews_of(world, brand, sample)[0]
    if review.reviewer_id != world.members[reviewer]:
        with db.transaction(world.system_scope(brand)) as session:
            found = session.scalars(sa.select(Review).where(Review.id == review.id)).one()
            assign_reviewer(found, to=member(world, reviewer), now=AFTER)
    return review


def all_rated(share: float = 1.0, **changed: Answer) -> dict[str, Answer]:
    """Every criterion of the default scorecard at this share of its scale, but for some."""
    rated = {
        criterion.code: Answer(value=1 + round(share * (criterion.scale - 1)), root_cause="Rush")
        for criterion in CRITERIA
    }
    return {**rated, **changed}


def publish(
    world: World,
    review: Review,
    answers: Mapping[str, Answer],
    *,
    brand: str = "Acme",
    by: str = "Quinn",
    now: datetime = AFTER,
    comment: str = "",
) -> Review:
    """The reviewer makes the score final; the review as it is then, detached."""
    with db.transaction(world.system_scope(brand)) as session:
        found = session.scalars(sa.select(Review).where(Review.id == review.id)).one()
        publish_review(found, answers=answers, comment=comment, by=member(world, by), now=now)
        return found


def typed(answers: Mapping[str, Answer], comment: str = "") -> dict[str, object]:
    """The same as a form sends it."""
    return {**typed_values(answers, comment).to_dict(flat=False)}
