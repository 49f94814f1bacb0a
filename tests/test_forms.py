"""Every way to change something asks for the form's token, generated from the URL map."""

import re
from uuid import uuid4

from flask import Flask
from werkzeug.routing import Rule

from app.conversations.models import Draft
from tenants.db import db
from tests.browser import Browser
from tests.factories.cast import World
from tests.factories.conversations import a_conversation

SAFE = {"GET", "HEAD", "OPTIONS"}
PEOPLE = ("ana@northwind.example", "quinn@northwind.example")


def unsafe_routes(app: Flask) -> list[tuple[str, Rule]]:
    return [
        (method, rule)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - SAFE)
    ]


def test_only_a_signed_webhook_does_without_the_token(app: Flask):
    without = {
        rule.endpoint
        for _, rule in unsafe_routes(app)
        if getattr(app.view_functions[rule.endpoint], "without_form_token", False)
    }

    assert without == {"billing_webhooks.receive"}


def test_nothing_is_changed_without_the_token(app: Flask, browser: Browser):
    """By somebody signed in who may: the token is all that is missing."""
    people = [browser.sign_in(email) for email in PEOPLE]
    passed = []
    routes = [each for each in unsafe_routes(app) if each[1].endpoint != "billing_webhooks.receive"]
    assert len(routes) > 20

    for method, rule in routes:
        path = re.sub(r"<[^>]+>", str(uuid4()), rule.rule)
        statuses = {
            person.client.open(path, method=method, base_url=f"http://{person.host}").status_code
            for person in people
        }
        if 400 not in statuses or not statuses <= {400, 403}:
            passed.append((method, rule.rule, statuses))

    assert passed == []


def test_null_bytes_in_a_form_are_dropped(browser: Browser, world: World):
    conversation_id = a_conversation(world, "Acme")
    leo = browser.sign_in("leo@northwind.example")

    answer = leo.post(f"/conversations/{conversation_id}/draft", {"body": "On its\x00 way"})

    assert answer.status_code == 204
    with db.transaction(world.system_scope("Acme")) as session:
        assert [draft.body for draft in session.query(Draft)] == ["On its way"]
