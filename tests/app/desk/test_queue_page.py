"""The queue in the browser."""

import re

from tests.browser import Browser
from tests.factories.cast import World
from tests.factories.conversations import a_conversation, a_promise, ago, read
from tests.factories.escalations import a_pod, leo_escalates


def test_the_queue_shows_brand_subject_contact_wait_and_time_left(
    browser: Browser, world: World
) -> None:
    """Over all brands of the agent, soonest due first."""
    a_promise(world, "Acme", first_response_minutes=120)
    a_promise(world, "Birch", first_response_minutes=30)
    a_conversation(world, "Acme", subject="Parcel lost", topic="Delivery", now=ago(minutes=20))
    a_conversation(world, "Birch", subject="Wrong size", name="Kim", now=ago(minutes=45))

    page = browser.sign_in("leo@northwind.example").get("/queue").get_data(as_text=True)

    assert page.index("Wrong size") < page.index("Parcel lost")
    assert "Sam Shopper · Delivery" in page
    assert re.search(r"\d+ min late", page)
    assert re.search(r"1 h \d+ min left", page)
    for brand in ("Acme", "Birch"):
        assert f'data-brand="{world.workspaces[brand]}"' in page


def test_an_agent_sees_no_brand_they_do_not_serve(browser: Browser, world: World) -> None:
    """Not its conversations, not its name, not its count."""
    a_conversation(world, "Birch", subject="Wrong size", now=ago(minutes=5))

    page = browser.sign_in("lin@northwind.example").get("/queue?view=all").get_data(as_text=True)

    assert "Wrong size" not in page
    assert "Birch" not in page
    assert "Nothing is open" in page


def test_the_brand_filter_narrows_the_view_and_stays_in_its_links(
    browser: Browser, world: World
) -> None:
    """A row opened from it leads back to it."""
    a_conversation(world, "Acme", subject="Parcel lost", now=ago(minutes=5))
    a_conversation(world, "Birch", subject="Wrong size", now=ago(minutes=5))
    path = f"/queue?view=pool&brand={world.workspaces['Acme']}"

    page = browser.sign_in("leo@northwind.example").get(path).get_data(as_text=True)

    assert "Parcel lost" in page
    assert "Wrong size" not in page
    assert f"?view=pool&amp;brand={world.workspaces['Acme']}" in page


def test_an_unreadable_view_brand_or_page_is_the_usual_one(browser: Browser, world: World) -> None:
    """A mangled link shows work, not an error."""
    a_conversation(world, "Acme", subject="Parcel lost", now=ago(minutes=5))
    leo = browser.sign_in("leo@northwind.example")

    for query in ("view=nonsense", "brand=nonsense", "after=nonsense", "after=x~y", "after=~~"):
        answer = leo.get(f"/queue?{query}")
        assert answer.status_code == 200
        assert "Parcel lost" in answer.get_data(as_text=True)


def test_claim_next_opens_what_is_due_soonest(browser: Browser, world: World) -> None:
    """And says so when there is nothing."""
    conversation_id = a_conversation(world, "Acme", now=ago(minutes=5))
    leo = browser.sign_in("leo@northwind.example")

    answer = leo.post("/queue/claims")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/conversations/{conversation_id}?view=mine"
    assert read(world, "Acme", conversation_id).assignee_name == "Leo"

    assert leo.post("/queue/claims").headers["Location"] == "/queue?view=pool"
    assert "The pool is empty" in leo.get("/queue?view=pool").get_data(as_text=True)


def test_a_pod_agent_begins_with_the_pods_work(browser: Browser, world: World) -> None:
    """Without choosing a view."""
    pod_id = a_pod(world, "Acme")
    conversation_id = a_conversation(world, "Acme", subject="Parcel lost", now=ago(minutes=9))
    a_conversation(world, "Acme", subject="Still with L1", now=ago(minutes=9))
    leo_escalates(world, "Acme", conversation_id, pod_id, now=ago(minutes=5))

    page = browser.sign_in("pia@northwind.example").get("/queue").get_data(as_text=True)

    assert "Parcel lost" in page
    assert "Still with L1" not in page


def test_htmx_gets_the_rows_alone(browser: Browser, world: World) -> None:
    """For the quiet refresh."""
    a_conversation(world, "Acme", subject="Parcel lost", now=ago(minutes=5))
    leo = browser.sign_in("leo@northwind.example")

    fragment = leo.get("/queue", headers={"HX-Request": "true"}).get_data(as_text=True)

    assert fragment.lstrip().startswith('<div class="rows')
    assert "Parcel lost" in fragment
    assert "<html" not in fragment


def test_everybody_begins_where_their_work_is(browser: Browser) -> None:
    """The console for who runs the agency, the queue for agents, quality for reviewers."""
    homes = {"ana": "/clients", "max": "/clients", "leo": "/queue", "lin": "/queue"}
    homes |= {"pia": "/queue", "quinn": "/quality"}

    for name, home in homes.items():
        answer = browser.sign_in(f"{name}@northwind.example").get("/")
        assert (answer.status_code, answer.headers["Location"]) == (303, home), name
