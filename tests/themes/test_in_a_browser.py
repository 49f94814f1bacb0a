"""What only a browser shows: contrast and names, keys, small screens, no complaints."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from tests.themes.gallery.app import PAGES, create_gallery
from themes.assets import vendor_file

pytestmark = pytest.mark.browser
COLOURS = {"pale yellow": "#fff3b0", "red": "#d6001c", "black": "#000000"}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
POLICY += "font-src 'self'; connect-src 'self'; form-action 'self'"
HARMLESS = "does not conform to the required format"  # a wrong colour shown again in its picker


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def one_brand() -> Iterator[str]:
    yield from served("#0f6b5c")


def served(colour: str) -> Iterator[str]:
    app = create_gallery(colour)
    app.after_request(
        lambda answer: answer.headers.update({"Content-Security-Policy": POLICY}) or answer
    )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def opened(chromium: Browser, *, width: int = 1440, height: int = 900, **look: object) -> Page:
    page = chromium.new_context(
        viewport={"width": width, "height": height}, has_touch=width < 760, **look
    ).new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on(
        "console",
        lambda said: (
            page.complaints.append(said.text)
            if said.type in {"error", "warning"} and HARMLESS not in said.text
            else None
        ),
    )
    return page


@pytest.mark.parametrize(
    ("colour", "width", "scheme"),
    [
        ("pale yellow", 1440, "light"),
        ("pale yellow", 390, "dark"),
        ("red", 1440, "dark"),
        ("red", 390, "light"),
        ("black", 1440, "light"),
        ("black", 1440, "dark"),
    ],
)
def test_every_page_can_be_used_by_everybody(
    chromium: Browser, colour: str, width: int, scheme: str
):
    page = opened(chromium, width=width, color_scheme=scheme, bypass_csp=True)
    serving = contextmanager(served)(COLOURS[colour])
    found = {}
    with serving as any_brand:
        for name in PAGES:
            page.goto(f"{any_brand}/{name}")
            page.add_script_tag(path=vendor_file("axe.js"))
            for one in page.evaluate("axe.run()")["violations"]:
                found[name, one["id"]] = [node["html"] for node in one["nodes"]]
    assert found == {}
    page.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_complains_about_nothing_under_the_content_policy(
    chromium: Browser, one_brand: str, name: str
):
    page = opened(chromium)
    page.goto(f"{one_brand}/{name}", wait_until="networkidle")
    assert page.complaints == []
    page.context.close()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("width", "zoom"), [(390, 1), (320, 1), (1024, 1), (720, 2)])
def test_nothing_scrolls_sideways(
    chromium: Browser, one_brand: str, name: str, width: int, zoom: int
):
    page = opened(chromium, width=width)
    page.goto(f"{one_brand}/{name}")
    page.evaluate(f"document.documentElement.style.fontSize = '{zoom * 100}%'")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.context.close()


def test_a_long_language_from_right_to_left_keeps_the_layout(chromium: Browser, one_brand: str):
    page = opened(chromium)
    page.goto(f"{one_brand}/desk")
    page.evaluate("document.documentElement.dir = 'rtl'")
    rail = page.locator(".rail").bounding_box()
    context = page.locator(".pane--context").bounding_box()
    assert rail["x"] > context["x"]
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.context.close()


def test_what_is_touched_is_large_enough_on_a_phone(chromium: Browser, one_brand: str):
    page = opened(chromium, width=390, height=844)
    for name in ("desk", "sign_in", "console"):
        page.goto(f"{one_brand}/{name}")
        small = page.evaluate(
            """[...document.querySelectorAll(
                 'button, .list-row, .input, .select, .views a, .rail a, .frame__nav a')]
               .filter(one => one.checkVisibility() && !one.closest('table, .breadcrumbs'))
               .map(one => [one.outerHTML.slice(0, 90), one.getBoundingClientRect().height])
               .filter(([, height]) => height < 43.5)"""
        )
        assert small == [], name
    page.context.close()


def test_j_and_k_walk_the_list_and_never_while_typing(chromium: Browser, one_brand: str):
    page = opened(chromium)
    page.goto(f"{one_brand}/desk")
    at = "[...document.querySelectorAll('[data-list-row]')].indexOf(document.activeElement)"
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate(at) == 2
    page.keyboard.press("k")
    assert page.evaluate(at) == 1
    page.keyboard.press("r")
    page.keyboard.type("just a k and a j?")
    assert page.locator(".composer__text").input_value() == "just a k and a j?"
    page.context.close()


def test_a_question_mark_lists_every_key_of_the_page(chromium: Browser, one_brand: str):
    page = opened(chromium)
    page.goto(f"{one_brand}/desk")
    page.keyboard.press("?")
    keys = page.locator("#shortcuts kbd").all_inner_texts()
    assert {"/", "e", "r", "?"} <= set(keys)
    page.keyboard.press("Escape")
    assert page.locator("#shortcuts[open]").count() == 0
    page.context.close()


def test_a_note_cannot_be_mistaken_for_a_reply(chromium: Browser, one_brand: str):
    page = opened(chromium)
    page.goto(f"{one_brand}/desk")
    before = page.locator(".composer").evaluate("one => getComputedStyle(one).backgroundColor")
    page.get_by_text("Note", exact=True).click()
    composer = page.locator(".composer")
    page.wait_for_function("document.querySelector('.composer').dataset.mode === 'note'")
    assert composer.evaluate("one => getComputedStyle(one).backgroundColor") != before
    assert page.locator(".composer__text").get_attribute("placeholder") == (
        "Write a note for your team"
    )
    page.context.close()


def test_what_was_typed_survives_a_reload(chromium: Browser, one_brand: str):
    page = opened(chromium)
    page.goto(f"{one_brand}/desk")
    page.locator(".composer__text").fill("Half a sentence")
    page.get_by_text("Draft kept in this browser").wait_for()
    page.reload()
    assert page.locator(".composer__text").input_value() == "Half a sentence"
    page.context.close()


def test_a_form_is_sent_once_however_often_it_is_clicked(chromium: Browser, one_brand: str):
    page = opened(chromium)
    sent = []
    page.route("**/x", lambda route: (sent.append(route.request), None)[1])
    page.goto(f"{one_brand}/wizard")
    page.get_by_role("button", name="Save and go on").dblclick()
    page.wait_for_timeout(100)
    assert len(sent) == 1
    page.context.close()


def test_a_dialog_opens_closes_and_gives_the_focus_back(chromium: Browser, one_brand: str):
    page = opened(chromium)
    page.goto(f"{one_brand}/components")
    opener = page.get_by_role("button", name="Open dialog")
    opener.click()
    assert page.locator("#d1[open]").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#d1[open]").count() == 0
    assert opener.evaluate("one => one === document.activeElement")
    page.context.close()


def test_context_slides_over_on_a_small_desk(chromium: Browser, one_brand: str):
    page = opened(chromium, width=1024)
    page.goto(f"{one_brand}/desk")
    assert not page.locator("#context").is_visible()
    page.locator("[data-toggle-pane=context]").click()
    page.locator("#context.is-open").wait_for()
    page.keyboard.press("Escape")
    page.locator("#context").wait_for(state="hidden")
    page.context.close()


def test_nothing_moves_for_who_asked_for_stillness(chromium: Browser, one_brand: str):
    page = opened(chromium, reduced_motion="reduce")
    page.goto(f"{one_brand}/components")
    longest = page.evaluate(
        """Math.max(...[...document.querySelectorAll('*')].map(one => {
             const look = getComputedStyle(one);
             return Math.max(
               parseFloat(look.transitionDuration), parseFloat(look.animationDuration));
           }))"""
    )
    assert longest < 0.001
    page.context.close()


@pytest.fixture
def live(chromium: Browser, one_brand: str) -> Iterator[Page]:
    page = opened(chromium)
    page.goto(f"{one_brand}/live")
    yield page
    page.context.close()


def test_a_list_is_filtered_as_one_types_and_the_address_follows(live: Page):
    live.locator("textarea").fill("half a sentence")
    live.locator("input[name=q]").type("shoe")
    live.get_by_text("Found shoe").wait_for()
    assert live.url.endswith("/live?q=shoe")
    assert live.locator("textarea").input_value() == "half a sentence"


def test_a_link_loads_into_its_part_and_back_goes_back(live: Page):
    live.locator("#open").click()
    live.get_by_text("Found opened").wait_for()
    assert live.url.endswith("?q=opened")
    assert live.get_by_role("heading", name="Live parts").is_visible()
    live.go_back()
    live.get_by_text("Found everything").wait_for()


def test_a_form_replaces_its_own_part(live: Page):
    before = live.url
    live.get_by_role("button", name="Add").click()
    live.locator("output", has_text="1").wait_for()
    live.get_by_role("button", name="Add").click()
    live.locator("output", has_text="2").wait_for()
    assert live.url == before
    assert live.locator("h1").count() == 1  # the answer was a whole page


def test_a_part_asks_again_until_it_is_done_and_when_it_is_told(live: Page):
    live.get_by_text("3 ticks").wait_for()
    live.evaluate("document.body.dispatchEvent(new Event('something-happened'))")
    live.get_by_text("Found heard").wait_for()


def test_a_crash_shows_a_toast_and_never_lands_in_a_part(live: Page):
    live.locator("#break").click()
    live.get_by_text("Something went wrong on our side").wait_for()
    assert live.locator("#break").is_visible()
    assert live.get_by_text("a page nobody should see").count() == 0
