"""A mail whose filing gave up is not forgotten: it goes where a lead sees it."""

import pytest
import sqlalchemy as sa

from app.inbound.models import RawMail
from app.inbound.operations import store_mail
from app.inbound.recipients import find_destination
from app.inbound.sweeps import quarantine_given_up
from tenants.db import db
from tests.factories.cast import World
from tests.factories.mail import ARRIVED, a_mail, an_inbox


@pytest.fixture
def stored(world: World) -> World:
    """One mail, taken in long ago and never filed."""
    an_inbox(world, "Acme")
    destination = find_destination("support@acme.example")
    assert destination is not None
    store_mail(
        a_mail(),
        to=destination,
        envelope_from="sam@shop.example",
        envelope_to="support@acme.example",
        source="smtp",
        arrived_at=ARRIVED.replace(year=2025),
    )
    return world


def outcome(world: World) -> tuple[str, str | None]:
    with db.transaction(world.system_scope("Acme")) as session:
        mail = session.scalars(sa.select(RawMail)).one()
        return mail.state, mail.reason


def test_what_no_job_is_left_for_is_quarantined(stored: World, owner: sa.Connection):
    owner.exec_driver_sql("UPDATE job SET state = 'dead'")
    owner.commit()

    quarantine_given_up()

    assert outcome(stored) == ("quarantined", "unprocessable")


def test_what_still_waits_for_its_turn_is_left_alone(stored: World):
    quarantine_given_up()

    assert outcome(stored) == ("stored", None)
