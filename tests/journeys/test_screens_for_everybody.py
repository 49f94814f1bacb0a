"""The main screens as everybody gets them: by day and by night, wide and on a phone."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Literal
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.browser import Browser as Clients
from tests.factories.cast import World
from tests.factories.conversations import a_conversation, a_promise, ago
from tests.factories.escalations import a_pod, leo_escalates
from tests.factories.openings import choose_all
from tests.factories.reports import a_history, a_report, reviews_of_weeks
from tests.factories.reviews import a_review, reviews_of
from tests.factories.work import run_due_jobs
from tests.journeys.people import People
from themes.assets import vendor_file

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AGENCY, PORTAL = "northwind.localhost", "portal.northwind.localhost"
LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = (
    (1440, "light"),
    (1440, "dark"),
    (390, "light"),
    (390, "dark"),
)
AXE = vendor_file("axe.js").read_text()
STEPS = ("brand", "look", "channels", "service", "tier", "check")


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def screens(world: World, browser: Clients) -> dict[tuple[str, str], list[str]]:
    """Paths by who opens them, on which host; each screen has something to show."""
    conversation, escalated = conversations(world, browser)
    today = ago().date()
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=6)
    a_history(world, "Acme", first=first, until=monday, conversations=90)
    reviews_of_weeks(world, "Acme", [monday - timedelta(weeks=weeks) for weeks in (3, 2, 1)])
    report = a_report(world, first=monday - timedelta(weeks=4), until=monday, now=ago())
    run_due_jobs()
    published = next(review for review in reviews_of(world) if review.is_published)
    ana = browser.sign_in("ana@northwind.example")
    opening = f"/openings/{choose_all(ana, world)}"
    review = a_review(world, "Birch")
    client = f"/clients/{world.workspaces['Acme']}"
    return {
        ("leo", AGENCY): [
            "/queue?view=pool",
            "/queue?view=mine",
            f"/conversations/{conversation}",
            f"/conversations/{conversation}/escalation",
            f"/conversations/{escalated}",
        ],
        ("ana", AGENCY): [
            "/clients",
            client,
            f"{client}/look",
            *(f"{opening}/{step}" for step in STEPS),
            "/reports",
            "/reports/new",
            f"/reports/{report}",
        ],
        ("quinn", AGENCY): [
            "/quality",
            f"/quality/reviews/{review.id}",
            f"/quality/reviews/{published.id}",
        ],
        ("cleo", PORTAL): ["/overview", "/documents"],
    }


def conversations(world: World, browser: Clients) -> tuple[UUID, UUID]:
    """One that Leo has, and one that is with the pod; others wait."""
    a_promise(world, "Acme")
    a_promise(world, "Birch", first_response_minutes=30)
    a_conversation(world, "Birch", subject="Wrong size", name="Kim", now=ago(minutes=45))
    conversation = a_conversation(world, "Acme", subject="Parcel lost", now=ago(minutes=20))
    escalated = a_conversation(world, "Acme", subject="Charged twice", now=ago(hours=2))
    leo_escalates(world, "Acme", escalated, a_pod(world, "Acme"), now=ago(hours=1))
    leo = browser.sign_in("leo@northwind.example")
    assert leo.post(f"/conversations/{conversation}/assignment").status_code == 303
    return conversation, escalated


def test_main_screens_can_be_used_by_everybody_and_never_scroll_sideways(
    browsers: Browser, port: int, screens: dict[tuple[str, str], list[str]]
):
    people = People(browsers, port)
    found = {}
    for (name, host), paths in screens.items():
        page = people.sign_in(f"{name}@northwind.example", host, reduced_motion="reduce")
        for width, scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            for path in paths:
                if faults := faults_of(page, path):
                    found[path, width, scheme] = faults
    assert found == {}


def faults_of(page: Page, path: str) -> list[str]:
    """What a person who cannot see, tell colours apart or use a mouse would stumble over."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, path
    sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.evaluate(AXE)
    violations = page.evaluate("axe.run()")["violations"]
    return [
        *([f"{sideways} px too wide"] if sideways > 0 else []),
        *(f"{each['id']}: {each['nodes'][0]['html']}" for each in violations),
    ]
