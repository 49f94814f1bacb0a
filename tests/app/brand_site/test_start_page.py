"""The brand's own start page: its name, its address, its hours, and nobody else's."""

from datetime import UTC, date, datetime

import pytest

from app.brand_site.hours import shown_hours
from app.sla.business_hours import Calendar, Period
from tests.browser import Browser
from tests.factories.cast import World
from tests.factories.conversations import a_promise, an_inbox

WEEK = ((Period(540, 720), Period(780, 1080)), *((Period(540, 1080),),) * 4, (), ())
CALENDAR = Calendar("Europe/Berlin", WEEK, holidays=frozenset({date(2026, 12, 25)}))


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (datetime(2026, 11, 23, 9, tzinfo=UTC), "Open today 09:00 to 12:00, 13:00 to 18:00"),
        (datetime(2026, 11, 23, 11, 30, tzinfo=UTC), "Closed now, open again today at 13:00"),
        (datetime(2026, 11, 23, 18, tzinfo=UTC), "Closed now, open again tomorrow at 09:00"),
        (datetime(2026, 11, 21, 10, tzinfo=UTC), "Closed now, open again on Monday at 09:00"),
        (datetime(2026, 12, 25, 10, tzinfo=UTC), "Closed now, open again on Monday at 09:00"),
    ],
)
def test_the_hours_are_said_as_of_now(now: datetime, words: str):
    shown = shown_hours(CALENDAR, now=now)

    assert shown.now == words
    assert [day.hours for day in shown.week if day.is_today] == [shown.week[now.weekday()].hours]


def test_the_page_is_the_brands_own(browser: Browser, world: World):
    a_promise(world, "Acme")
    an_inbox(world, "Acme")

    page = browser.anonymous("acme.localhost").get("/").get_data(as_text=True)

    assert "mailto:help@acme.example" in page
    assert "Open today" in page
    for other in ("Northwind", "Birch", "Livery", "Sign in"):
        assert other not in page


def test_a_brand_without_anything_yet_has_a_page(browser: Browser, world: World):
    page = browser.anonymous("birch.localhost").get("/")

    assert page.status_code == 200
    assert "You will be able to write to us here soon." in page.get_data(as_text=True)


def test_elsewhere_the_start_leads_to_the_days_work(browser: Browser):
    ana = browser.sign_in("ana@northwind.example")

    assert ana.get("/").headers["Location"] == "/clients"
    stranger = browser.anonymous("northwind.localhost").get("/")
    assert "/sign-in" in stranger.headers["Location"]


def test_an_unknown_host_says_nothing(browser: Browser):
    answer = browser.anonymous("nobody.localhost").get("/")

    assert answer.status_code == 404
    assert answer.get_data(as_text=True) == "Not found.\n"
