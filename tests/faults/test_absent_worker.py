"""Work that nobody has begun is not worn out by waiting, nor is work under way given away."""

import pytest
import redis
import sqlalchemy as sa

from app.config import Settings
from tenants import dispatcher
from tenants.db import db
from tenants.jobs import MAX_ATTEMPTS, Job
from tests.app.conversations.mail_server import MailServer
from tests.factories.cast import World
from tests.factories.mail import an_inbox
from tests.faults.processes import Installation
from tests.faults.scenes import (
    answer_shoppers,
    arrive,
    delivery_states,
    job_states,
    mail_states,
    numbered_mail,
    sent_to,
)

pytestmark = pytest.mark.slow


def let_time_pass(*, past_the_lease: bool) -> None:
    """As if what was handed out had been handed out an hour ago."""
    an_hour_ago = sa.func.now() - sa.func.make_interval(0, 0, 0, 0, 1)
    late = {"lease_until": an_hour_ago} if past_the_lease else {}
    with db.system() as session:
        session.execute(
            sa.update(Job).where(Job.state == "sent").values(sent_at=an_hour_ago, **late)
        )


def test_mail_waits_for_a_worker_however_long_there_is_none(
    world: World, installation: Installation
):
    an_inbox(world, "Acme")
    arrive(numbered_mail(1))
    for _ in range(MAX_ATTEMPTS + 1):
        dispatcher.dispatch_once()
        let_time_pass(past_the_lease=True)
    dispatcher.dispatch_once()
    assert job_states() == {"sent": 1}

    installation.start("worker", "mail")

    installation.wait_until(lambda: mail_states(world)["filed"] == 1, "the mail is filed at last")


def test_a_flush_in_the_middle_of_a_hand_over_leaves_its_outcome_known(
    world: World, installation: Installation, mail_server: MailServer, connected: Settings
):
    answer_shoppers(world, 1)
    dispatcher.dispatch_once()

    def flush() -> None:
        mail_server.on_data = None
        redis.Redis.from_url(connected.redis_url).flushall()
        let_time_pass(past_the_lease=False)
        dispatcher.dispatch_once()

    mail_server.on_data = flush
    installation.start("worker", "mail")

    installation.wait_until(lambda: job_states() == {"done": 1}, "the reply has left")
    assert sent_to(mail_server).total() == 1
    assert delivery_states(world) == {"accepted": 1}
