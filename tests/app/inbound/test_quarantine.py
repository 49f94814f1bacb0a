"""The quarantine: seen by leads, released or discarded once, nobody else's."""

import pytest

from app.inbound.models import RawMail
from tests.browser import Browser
from tests.factories.cast import World
from tests.factories.mail import a_mail, an_inbox, receive

RAW = b"Subject: <script>alert(1)</script>\r\nFrom: postmaster@mx.example\r\n\r\n"


@pytest.fixture
def waiting(browser: Browser, world: World) -> RawMail:
    an_inbox(world, "Acme")
    return receive(world, b"\r\n")


def test_a_manager_sees_what_waits_and_why(browser: Browser, waiting: RawMail):
    max_ = browser.sign_in("max@northwind.example")

    page = max_.get("/quarantine").get_data(as_text=True)
    assert "The mail is empty" in page
    assert max_.get(f"/quarantine/{waiting.id}").status_code == 200


def test_an_empty_quarantine_says_so(browser: Browser):
    page = browser.sign_in("max@northwind.example").get("/quarantine").get_data(as_text=True)

    assert "Nothing in quarantine" in page


def test_a_mail_is_discarded_once(browser: Browser, waiting: RawMail):
    max_ = browser.sign_in("max@northwind.example")

    assert max_.post(f"/quarantine/{waiting.id}/discard").status_code == 303
    assert max_.post(f"/quarantine/{waiting.id}/discard").status_code == 409
    assert "Nothing in quarantine" in max_.get("/quarantine").get_data(as_text=True)


def test_releasing_what_still_cannot_be_read_says_so_and_keeps_it(
    browser: Browser, waiting: RawMail
):
    max_ = browser.sign_in("max@northwind.example")

    answer = max_.post(f"/quarantine/{waiting.id}/release")

    assert answer.status_code == 409
    assert "still cannot be read" in answer.get_data(as_text=True)
    assert max_.get(f"/quarantine/{waiting.id}").status_code == 200


def test_the_source_is_a_download_and_never_a_page(browser: Browser, waiting: RawMail):
    answer = browser.sign_in("max@northwind.example").get(f"/quarantine/{waiting.id}/source")

    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "sandbox"


def test_an_agent_has_no_quarantine(browser: Browser, waiting: RawMail):
    assert browser.sign_in("leo@northwind.example").get("/quarantine").status_code == 403


@pytest.mark.parametrize("path", ["", "/source"])
def test_mallory_gets_what_a_missing_mail_gives(browser: Browser, waiting: RawMail, path: str):
    mallory = browser.sign_in("mallory@southgate.example")
    missing = "01890000-0000-7000-8000-000000000000"

    foreign = mallory.get(f"/quarantine/{waiting.id}{path}")
    nothing = mallory.get(f"/quarantine/{missing}{path}")

    assert foreign.status_code == nothing.status_code == 404
    assert foreign.data == nothing.data


def test_a_filed_mail_cannot_be_discarded(browser: Browser, world: World):
    an_inbox(world, "Acme")
    filed = receive(world, a_mail())

    answer = browser.sign_in("max@northwind.example").post(f"/quarantine/{filed.id}/discard")

    assert answer.status_code == 409


@pytest.mark.parametrize("cursor", ["x", "2026-01-01~x", "~", "2026-13-01~1"])
def test_a_broken_cursor_is_not_found(browser: Browser, cursor: str):
    answer = browser.sign_in("max@northwind.example").get(f"/quarantine?before={cursor}")

    assert answer.status_code == 404
