"""Finding openings and their steps."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from app.provisioning.models import Opening, OpeningStep
from tenants.db import db
from tenants.errors import NotFound


def get_opening(opening_id: UUID) -> Opening:
    """The opening, for people of the whole agency. Raises: NotFound."""
    opening = db.session.scalar(sa.select(Opening).where(Opening.id == opening_id))
    if opening is None or not db.scope.agency_wide:
        raise NotFound
    return opening


def lock_opening(opening_id: UUID) -> Opening:
    """The same, so that nobody else moves it along until the transaction ends. Raises: NotFound."""
    opening = db.session.scalar(
        sa.select(Opening)
        .where(Opening.id == opening_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if opening is None or not db.scope.agency_wide:
        raise NotFound
    return opening


def list_unfinished_openings() -> Sequence[Opening]:
    """What somebody began and nobody finished, newest first; untouched drafts are left out."""
    return db.session.scalars(
        sa.select(Opening)
        .where(Opening.state != "open", Opening.choices != {})
        .order_by(Opening.created_at.desc())
    ).all()


def find_untouched_opening(by_name: str) -> Opening | None:
    """A draft this person began without choosing anything yet."""
    return db.session.scalar(
        sa.select(Opening)
        .where(Opening.state == "draft", Opening.choices == {}, Opening.started_by_name == by_name)
        .limit(1)
    )


def list_steps(opening_id: UUID) -> Sequence[OpeningStep]:
    """The steps of applying, in order; empty before somebody asked for it."""
    return db.session.scalars(
        sa.select(OpeningStep)
        .where(OpeningStep.opening_id == opening_id)
        .order_by(OpeningStep.position)
    ).all()


def get_step(opening_id: UUID, name: str) -> OpeningStep:
    """One step by its name. Raises: NotFound."""
    found = db.session.scalar(
        sa.select(OpeningStep).where(OpeningStep.opening_id == opening_id, OpeningStep.name == name)
    )
    if found is None:
        raise NotFound
    return found
