"""The desk without JavaScript: sign in, claim, answer; the mail still leaves."""

import pytest
from playwright.sync_api import expect

from tests.factories.cast import World
from tests.factories.conversations import SAM, a_conversation, ago
from tests.journeys.installation import Installation, wait_until
from tests.journeys.people import People

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_an_agent_claims_and_answers_without_scripts(
    world: World, installation: Installation, people: People
):
    a_conversation(world, "Acme", subject="Where is my parcel?", now=ago(minutes=5))
    leo = people.sign_in("leo@northwind.example", "northwind.localhost", java_script_enabled=False)

    leo.goto("/queue")
    leo.get_by_role("link", name="Where is my parcel?").click()
    leo.get_by_role("button", name="Claim", exact=True).click()
    leo.get_by_label("Your message").fill("It arrives today before six.")
    leo.get_by_role("button", name="Send", exact=True).click()

    expect(leo.get_by_text("Sent as Acme.")).to_be_visible()
    wait_until(installation.mails, what="the reply")
    (mail,) = installation.mails()
    assert f"Delivered-To: {SAM}".encode() in mail
    assert b"It arrives today before six." in mail
    people.check_quiet()
    installation.check_well()
