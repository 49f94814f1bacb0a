"""The workbench by keyboard: number keys rate, words of the transcript become evidence."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect, sync_playwright
from werkzeug.serving import make_server

from tests.factories.cast import PASSWORD, World
from tests.factories.reviews import a_review, reviews_of
from themes.assets import vendor_file

pytestmark = pytest.mark.browser

SELECT_WORDS = """() => {
  const text = document.querySelector(".message--agent .message__text").firstChild;
  const range = document.createRange();
  range.setStart(text, text.data.indexOf("your parcel"));
  range.setEnd(text, text.data.indexOf(" this morning"));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


@pytest.fixture
def quinn(app: Flask, world: World) -> Iterator[Page]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        origin = f"http://northwind.localhost:{server.server_port}"
        page = chromium.new_context(base_url=origin, bypass_csp=True).new_page()
        page.complaints = []  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.complaints.append(str(error)))  # type: ignore[attr-defined]
        page.goto("/sign-in")
        page.fill("[name=email]", "quinn@northwind.example")
        page.fill("[name=password]", PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        yield page
        chromium.close()
    server.shutdown()
    server.server_close()


def test_keys_rate_and_attach_and_the_draft_saves_itself(quinn: Page, world: World):
    review = a_review(world)
    quinn.goto(f"/quality/reviews/{review.id}")
    marked = quinn.locator("[data-current]")
    expect(marked).to_contain_text("Policy followed")

    quinn.evaluate(SELECT_WORDS)
    quinn.keyboard.press("e")
    quinn.keyboard.press("4")
    expect(marked).to_contain_text("Answer correct")
    quinn.keyboard.press("0")
    expect(marked).to_contain_text("Order and context")

    expect(quinn.locator(".standing__score")).to_have_text("75")
    expect(quinn.locator("#standing")).to_contain_text("2 of 10 rated")
    (saved,) = reviews_of(world)
    assert saved.state == "draft"
    assert saved.answers["policy"]["value"] == 4
    (quote,) = saved.answers["policy"]["quotes"]
    assert quote["text"] == "your parcel left Hamburg"
    assert saved.answers["answer"]["is_not_applicable"]
    assert quinn.complaints == []  # type: ignore[attr-defined]


def test_a_low_rating_asks_for_its_cause(quinn: Page, world: World):
    review = a_review(world)
    quinn.goto(f"/quality/reviews/{review.id}")
    cause = quinn.get_by_label("What caused it?").first
    expect(cause).to_be_hidden()

    quinn.keyboard.press("1")

    expect(cause).to_be_visible()
    expect(cause).to_be_focused()


@pytest.mark.parametrize("path", ["/quality", "/quality/mine", "/quality/reviews/{}"])
def test_everything_has_its_name_and_contrast(quinn: Page, world: World, path: str):
    review = a_review(world)
    quinn.goto(path.format(review.id))
    quinn.add_script_tag(path=vendor_file("axe.js"))

    found = quinn.evaluate("axe.run()")

    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []
