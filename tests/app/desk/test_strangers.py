"""Mallory works for another agency, Lin for another brand: both get what a missing id gets."""

from uuid import UUID

import pytest
import sqlalchemy as sa

from app.conversations.models import Attachment, Conversation, Delivery, Message
from app.macros.operations import create_macro
from tenants.blobs import put_blob
from tenants.db import db, new_id
from tests.browser import Browser
from tests.factories.cast import BORN, World
from tests.factories.conversations import a_conversation, ago, leo_replies, read
from tests.factories.escalations import a_pod

GETS = ("", "/escalation", "/attachments/{file}", "/messages/{message}/html", "/macros/{macro}")
POSTS = (
    "/assignment",
    "/assignment/removal",
    "/pending",
    "/pending/removal",
    "/closure",
    "/closure/removal",
    "/messages",
    "/draft",
    "/deliveries/{delivery}/repetition",
    "/escalation",
    "/escalation/acceptance",
    "/escalation/hand-back",
)
FILLED = {
    **dict.fromkeys(("identity", "intent", "actions_taken", "transcript"), "x"),
    "priority_cues": "x",
    "reason": "Upset shopper",
    "mode": "note",
    "body": "x",
    "note": "x",
}


@pytest.fixture
def ids(world: World) -> dict[str, UUID]:
    """Everything of one escalated conversation of Birch that has an id in a URL."""
    conversation_id = a_conversation(world, "Birch", now=ago(minutes=30))
    leo_replies(world, "Birch", conversation_id, now=ago(minutes=20), then="stay")
    pod_id = a_pod(world, "Birch")
    with db.transaction(world.system_scope("Birch")) as session:
        session.execute(sa.update(Message).values(body_html="<p>Hello</p>"))
        message_id = session.scalars(sa.select(Message.id).limit(1)).one()
        file = Attachment(
            id=new_id(),
            message_id=message_id,
            filename="a.txt",
            content_type="text/plain",
            size_bytes=1,
            digest=put_blob(b"x"),
        )
        session.add(file)
        workspace_id = world.workspaces["Birch"]
        macro = create_macro(workspace_id=workspace_id, name="M", body="x", now=BORN)
        session.flush()
        delivery_id = session.scalars(sa.select(Delivery.id)).one()
    return {
        "conversation": conversation_id,
        "message": message_id,
        "file": file.id,
        "macro": macro.id,
        "delivery": delivery_id,
        "pod": pod_id,
    }


@pytest.mark.parametrize("email", ["mallory@southgate.example", "lin@northwind.example"])
def test_a_stranger_gets_404_everywhere_and_changes_nothing(
    browser: Browser, world: World, ids: dict[str, UUID], email: str
) -> None:
    """The same bytes as for an id that does not exist."""
    stranger = browser.sign_in(email)
    before = read(world, "Birch", ids["conversation"]).version
    missing = dict.fromkeys(ids, new_id())

    for method, paths in (("GET", GETS), ("POST", POSTS)):
        for path in paths:
            answers = []
            for known in (ids, missing):
                url = f"/conversations/{known['conversation']}" + path.format(**known)
                form = FILLED | {"pod": str(known["pod"])}
                answers.append(stranger.post(url, form) if method == "POST" else stranger.get(url))
            assert [answer.status_code for answer in answers] in ([404, 404], [403, 403]), path
            assert answers[0].data == answers[1].data, path

    assert read(world, "Birch", ids["conversation"]).version == before
    with db.transaction(world.system_scope("Birch")) as session:
        assert session.scalars(sa.select(Conversation.team)).all() == ["l1"]


def test_the_same_paths_answer_for_who_works_there(
    browser: Browser, world: World, ids: dict[str, UUID]
) -> None:
    """Else the 404s above would prove nothing."""
    max_ = browser.sign_in("max@northwind.example")
    for path in GETS:
        url = f"/conversations/{ids['conversation']}" + path.format(**ids)
        assert max_.get(url).status_code == 200, path
    assert max_.post(f"/conversations/{ids['conversation']}/assignment").status_code == 303
    assert read(world, "Birch", ids["conversation"]).assignee_name == "Max"


def test_the_queue_of_a_stranger_shows_nothing(browser: Browser, ids: dict[str, UUID]) -> None:
    """Also when the brand is named in the address."""
    mallory = browser.sign_in("mallory@southgate.example")
    for query in ("view=all", f"view=all&brand={ids['conversation']}"):
        page = mallory.get(f"/queue?{query}").get_data(as_text=True)
        assert "Where is my order" not in page
