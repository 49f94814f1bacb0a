"""The conversation page: the story, the brand, and what this person may do."""

from app.conversations.models import ConversationSettings
from tenants.db import db
from tests.browser import Browser, Person
from tests.factories.cast import World
from tests.factories.conversations import (
    a_conversation,
    a_promise,
    ago,
    leo_closes,
    leo_replies,
    read,
    sam_writes,
)


def text_of(person: Person, path: str) -> str:
    """The page, which must be there."""
    answer = person.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def test_the_story_is_told_in_order_with_events_between_messages(
    browser: Browser, world: World
) -> None:
    """Messages of both sides, and who claimed."""
    conversation_id = a_conversation(world, "Acme", text="Where is it?", now=ago(hours=2))
    leo = browser.sign_in("leo@northwind.example")
    leo.post(f"/conversations/{conversation_id}/assignment")
    leo_replies(world, "Acme", conversation_id, "On its way.", now=ago(minutes=-1), then="stay")

    page = text_of(leo, f"/conversations/{conversation_id}")

    places = [page.index(words) for words in ("Where is it?", "Leo claimed this", "On its way.")]
    assert places == sorted(places)
    assert "Reply as Acme" in page


def test_the_page_shows_the_brands_rules_and_the_contacts_past_at_that_brand_only(
    browser: Browser, world: World
) -> None:
    """Nothing crosses, although it is the same address."""
    with db.transaction(world.system_scope("Acme")) as session:
        session.add(
            ConversationSettings(
                workspace_id=world.workspaces["Acme"],
                signature="The Acme team",
                policy={"voice": "Warm and short", "returns": "30 days"},
            )
        )
    a_conversation(world, "Acme", subject="Earlier at Acme", now=ago(days=5))
    a_conversation(world, "Birch", subject="Secret at Birch", now=ago(days=5))
    conversation_id = a_conversation(world, "Acme", now=ago(minutes=5))

    path = f"/conversations/{conversation_id}?view=mine"
    page = text_of(browser.sign_in("leo@northwind.example"), path)

    assert "Warm and short" in page
    assert "30 days" in page
    assert "Earlier at Acme" in page
    assert "Secret at Birch" not in page


def test_service_levels_stand_beside_it_paused_while_the_shopper_is_waited_for(
    browser: Browser, world: World
) -> None:
    """First response met, resolution paused."""
    a_promise(world, "Acme")
    conversation_id = a_conversation(world, "Acme", now=ago(minutes=30))
    leo_replies(world, "Acme", conversation_id, now=ago(minutes=10), then="pending")

    page = text_of(browser.sign_in("leo@northwind.example"), f"/conversations/{conversation_id}")

    assert "Met" in page
    assert "Paused at" in page
    assert "Waiting for shopper" in page


def test_who_comes_second_sees_the_conversation_and_who_was_first(
    browser: Browser, world: World
) -> None:
    """409, and no dead end."""
    conversation_id = a_conversation(world, "Acme", now=ago(minutes=5))
    path = f"/conversations/{conversation_id}/assignment"
    assert browser.sign_in("leo@northwind.example").post(path).status_code == 303

    answer = browser.sign_in("lin@northwind.example").post(path)

    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "Leo claimed this conversation first." in page
    assert "Leo has this conversation." in page
    assert read(world, "Acme", conversation_id).assignee_name == "Leo"


def test_status_changes_lead_back_to_the_conversation_in_its_place_of_the_queue(
    browser: Browser, world: World
) -> None:
    """Wait, take up again, close, reopen, release."""
    conversation_id = a_conversation(world, "Acme", now=ago(minutes=5))
    leo = browser.sign_in("leo@northwind.example")
    leo.post(f"/conversations/{conversation_id}/assignment")
    steps = {
        "pending": "pending",
        "pending/removal": "open",
        "closure": "closed",
        "closure/removal": "open",
        "assignment/removal": "open",
    }

    for path, status in steps.items():
        answer = leo.post(f"/conversations/{conversation_id}/{path}?view=mine")
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/conversations/{conversation_id}?view=mine"
        assert read(world, "Acme", conversation_id).status == status
    assert read(world, "Acme", conversation_id).assignee_id is None


def test_a_closed_conversation_offers_reopening_and_no_reply(
    browser: Browser, world: World
) -> None:
    """One thing to do."""
    conversation_id = a_conversation(world, "Acme", now=ago(minutes=5))
    leo_closes(world, "Acme", conversation_id, now=ago(minutes=1))

    page = text_of(browser.sign_in("leo@northwind.example"), f"/conversations/{conversation_id}")

    assert "This conversation is closed." in page
    assert "Reopen" in page
    assert "Reply as Acme" not in page


def test_what_strangers_write_is_text(browser: Browser, world: World) -> None:
    """In subject, name, message: shown, never run."""
    trap = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    conversation_id = a_conversation(
        world, "Acme", subject=trap, text=trap, name=trap, topic=trap, now=ago(minutes=5)
    )
    sam_writes(world, "Acme", conversation_id, trap, now=ago(minutes=3))
    leo = browser.sign_in("leo@northwind.example")

    for path in ("/queue", f"/conversations/{conversation_id}"):
        page = text_of(leo, path)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    drafted = text_of(leo, f"/conversations/{conversation_id}/escalation")
    assert "<script>alert" not in drafted


def test_a_reviewer_reads_and_can_do_nothing(browser: Browser, world: World) -> None:
    """Quinn leads QA; she neither claims nor replies."""
    conversation_id = a_conversation(world, "Acme", now=ago(minutes=5))
    quinn = browser.sign_in("quinn@northwind.example")

    page = text_of(quinn, f"/conversations/{conversation_id}")

    assert "You can read this conversation." in page
    assert "Add a note" not in page
    assert quinn.post(f"/conversations/{conversation_id}/assignment").status_code == 403
