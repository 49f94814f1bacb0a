"""What strangers sent leaves as a download, or in a page that can do nothing."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.conversations.models import Attachment, Message
from tenants.blobs import put_blob
from tenants.db import db, new_id
from tenants.ledger import list_events_of
from tests.browser import Browser, Person
from tests.factories.cast import World
from tests.factories.conversations import a_conversation, ago


@pytest.fixture
def conversation_id(world: World) -> UUID:
    """A conversation of Acme with one message."""
    return a_conversation(world, "Acme", now=ago(minutes=5))


@pytest.fixture
def leo(browser: Browser) -> Person:
    """L1 for every brand of Northwind."""
    return browser.sign_in("leo@northwind.example")


def a_file(world: World, data: bytes = b"hello", **columns: Any) -> UUID:
    """A file of the only message of Acme."""
    with db.transaction(world.system_scope("Acme")) as session:
        file = Attachment(
            id=new_id(),
            workspace_id=world.workspaces["Acme"],
            message_id=session.scalars(sa.select(Message.id)).one(),
            digest=put_blob(data),
            size_bytes=len(data),
            **{"filename": "photo.png", "content_type": "image/png"} | columns,
        )
        session.add(file)
        return file.id


def set_html(world: World, html: str) -> UUID:
    """The mail had this (already cleaned) HTML; returns the message's id."""
    with db.transaction(world.system_scope("Acme")) as session:
        message = session.scalars(sa.select(Message)).one()
        message.body_html = html
        return message.id


def test_an_attachment_is_a_download_with_its_own_name(
    world: World, leo: Person, conversation_id: UUID
) -> None:
    """Attachment, nosniff, sandbox; and the taking is written down."""
    file_id = a_file(world, filename="Fotó ☂.png")

    answer = leo.get(f"/conversations/{conversation_id}/attachments/{file_id}")

    assert answer.data == b"hello"
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''Fot%C3%B3%20%E2%98%82.png" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    with db.transaction(world.system_scope("Acme")):
        events = list_events_of(file_id, workspace_id=world.workspaces["Acme"])
    assert [(event.kind, event.actor_name) for event in events] == [
        ("attachment.downloaded", "Leo")
    ]


@pytest.mark.parametrize(
    "content_type", ["text/html", "image/svg+xml", "text/xml", "application/javascript", "x", ""]
)
def test_what_a_browser_could_run_is_sent_as_bytes(
    world: World, leo: Person, conversation_id: UUID, content_type: str
) -> None:
    """Whatever the mail claimed."""
    file_id = a_file(world, content_type=content_type)

    answer = leo.get(f"/conversations/{conversation_id}/attachments/{file_id}")

    assert answer.headers["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("filename", "saved_as"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\invoice.pdf", "invoice.pdf"),
        ("in\r\nSet-Cookie: a=b\r\nvoice.pdf", "inSet-Cookie: a=bvoice.pdf"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("...", "attachment"),
    ],
)
def test_a_hostile_file_name_is_made_harmless(
    world: World, leo: Person, conversation_id: UUID, filename: str, saved_as: str
) -> None:
    """No path, no header of its own, no letters that read backwards."""
    file_id = a_file(world, filename=filename)

    answer = leo.get(f"/conversations/{conversation_id}/attachments/{file_id}")

    assert saved_as in answer.headers["Content-Disposition"]
    assert "Set-Cookie: a" not in str(answer.headers).replace(saved_as, "")


def test_a_file_that_was_held_back_is_shown_but_not_served(
    world: World, leo: Person, conversation_id: UUID
) -> None:
    """The agent sees that there was one."""
    file_id = a_file(world, filename="invoice.exe", is_blocked=True)

    page = leo.get(f"/conversations/{conversation_id}").get_data(as_text=True)
    assert "invoice.exe" in page
    assert f"/attachments/{file_id}" not in page
    assert leo.get(f"/conversations/{conversation_id}/attachments/{file_id}").status_code == 409


def test_a_file_is_found_under_its_own_conversation_only(
    world: World, leo: Person, conversation_id: UUID
) -> None:
    """Parent and child belong together."""
    file_id = a_file(world)
    other = a_conversation(world, "Birch", now=ago(minutes=5))

    assert leo.get(f"/conversations/{other}/attachments/{file_id}").status_code == 404
    assert leo.get(f"/conversations/{conversation_id}/attachments/{new_id()}").status_code == 404


def test_a_mail_as_designed_is_framed_without_scripts_and_without_our_origin(
    world: World, leo: Person, conversation_id: UUID
) -> None:
    """Text is shown by default; the frame is sandboxed by the page and by its own headers."""
    message_id = set_html(world, "<p>Hello <b>there</b></p>")

    page = leo.get(f"/conversations/{conversation_id}").get_data(as_text=True)
    assert "<b>there</b>" not in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page

    answer = leo.get(f"/conversations/{conversation_id}/messages/{message_id}/html")
    assert "<b>there</b>" in answer.get_data(as_text=True)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "script-src" not in policy


def test_pictures_in_a_mail_come_from_the_mail_itself(
    world: World, leo: Person, conversation_id: UUID
) -> None:
    """Embedded as data; what nobody carries stays without address."""
    message_id = set_html(world, '<img src="cid:logo" alt="Logo"><img src="cid:gone" alt="Gone">')
    a_file(world, b"png bytes", content_id="<logo>", is_inline=True)

    path = f"/conversations/{conversation_id}/messages/{message_id}/html"
    page = leo.get(path).get_data(as_text=True)

    assert 'src="data:image/png;base64,cG5nIGJ5dGVz"' in page
    assert "cid:" not in page


def test_a_mail_without_html_has_no_such_page(
    world: World, leo: Person, conversation_id: UUID
) -> None:
    """Nor has the message of another conversation."""
    with db.transaction(world.system_scope("Acme")) as session:
        message_id = session.scalars(sa.select(Message.id)).one()
    assert (
        leo.get(f"/conversations/{conversation_id}/messages/{message_id}/html").status_code == 404
    )
    set_html(world, "<p>Hello</p>")
    other = a_conversation(world, "Birch", now=ago(minutes=5))
    assert leo.get(f"/conversations/{other}/messages/{message_id}/html").status_code == 404
