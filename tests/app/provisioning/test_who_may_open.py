"""Only people who run the agency open clients, and only their own."""

import pytest

from tests.browser import Browser
from tests.factories.cast import World
from tests.factories.openings import begin, choose, choose_all
from tests.factories.work import run_due_jobs

PAGES = (
    "", "/brand", "/look", "/channels", "/service", "/tier", "/check", "/making", "/preview",
    "/preview.css", f"/logo/{'0' * 64}.png",
)  # fmt: skip
POSTS = (
    "/brand", "/look", "/channels", "/service", "/tier", "/making", "/making/retry", "/discarding",
)  # fmt: skip


@pytest.mark.parametrize("name", ["lin", "leo", "pia", "quinn"])
def test_agents_open_no_clients(browser: Browser, world: World, name: str):
    person = browser.sign_in(f"{name}@northwind.example")

    assert person.post("/openings").status_code == 403


def test_a_client_opens_no_clients(browser: Browser):
    cleo = browser.sign_in("cleo@northwind.example")

    assert cleo.post("/openings").status_code == 404


def test_a_stranger_is_sent_to_the_door(browser: Browser):
    opening_id = begin(browser.sign_in("ana@northwind.example"))

    answer = browser.anonymous("northwind.localhost").get(f"/openings/{opening_id}/brand")

    assert answer.status_code == 303
    assert "/sign-in" in answer.headers["Location"]


def test_mallory_finds_nothing(browser: Browser, world: World):
    ana = browser.sign_in("ana@northwind.example")
    opening_id = choose_all(ana, world)
    mallory = browser.sign_in("mallory@southgate.example")
    begin(mallory)

    got = {page: mallory.get(f"/openings/{opening_id}{page}").status_code for page in PAGES}
    sent = {page: choose(mallory, opening_id, page.removeprefix("/")).status_code for page in POSTS}

    assert set(got.values()) == {404}, got
    assert set(sent.values()) <= {404, 422}, sent
    ana.post(f"/openings/{opening_id}/making")
    run_due_jobs()
    assert mallory.get(f"/openings/{opening_id}/making").status_code == 404
