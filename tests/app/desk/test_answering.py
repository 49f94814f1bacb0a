"""Replies and notes from the composer: what is refused keeps what was typed."""

from uuid import UUID

import pytest
import sqlalchemy as sa

from app.conversations.models import Conversation, Delivery, Draft, Message
from app.macros.operations import create_macro
from tenants.db import db
from tests.browser import Browser, Person
from tests.factories.cast import BORN, World
from tests.factories.conversations import a_conversation, ago, leo_replies, read, sam_writes


@pytest.fixture
def leo(browser: Browser) -> Person:
    """L1 for every brand of Northwind."""
    return browser.sign_in("leo@northwind.example")


@pytest.fixture
def claimed(world: World, leo: Person) -> UUID:
    """A conversation of Acme that Leo has."""
    conversation_id = a_conversation(world, "Acme", now=ago(minutes=5))
    leo.post(f"/conversations/{conversation_id}/assignment")
    return conversation_id


def said_by_us(world: World, brand: str = "Acme") -> list[tuple[str, bool]]:
    """What agents wrote, and whether it is a note."""
    with db.transaction(world.system_scope(brand)) as session:
        rows = session.execute(
            sa.select(Message.body_text, Message.is_note)
            .where(Message.author_kind == "agent")
            .order_by(Message.created_at)
        )
        return [(row.body_text, row.is_note) for row in rows]


def a_macro(world: World, brand: str, body: str) -> UUID:
    """A ready answer."""
    with db.transaction(world.system_scope(brand)) as session:
        workspace_id = world.workspaces[brand]
        macro = create_macro(workspace_id=workspace_id, name="Where is it", body=body, now=BORN)
        session.flush()
        return macro.id


def test_a_reply_is_sent_as_the_brand_and_waits_for_the_shopper(
    world: World, leo: Person, claimed: UUID
) -> None:
    """Stored, queued for delivery, pending."""
    form = {"mode": "reply", "body": "  On its way.\r\n", "then": "pending"}
    answer = leo.post(f"/conversations/{claimed}/messages", form)

    assert answer.status_code == 303
    assert said_by_us(world) == [("On its way.", False)]
    assert read(world, "Acme", claimed).status == "pending"
    with db.transaction(world.system_scope("Acme")) as session:
        assert session.scalars(sa.select(Delivery.state)).all() == ["queued"]


def test_send_and_close_closes(world: World, leo: Person, claimed: UUID) -> None:
    """In one step."""
    form = {"mode": "reply", "body": "Done.", "then": "close"}
    leo.post(f"/conversations/{claimed}/messages", form)

    assert read(world, "Acme", claimed).status == "closed"


def test_one_press_of_the_button_sent_twice_is_one_reply(
    world: World, leo: Person, claimed: UUID
) -> None:
    """Double click, retry after a lost connection."""
    form = {"mode": "reply", "body": "On its way.", "client_id": "press-1"}
    for _ in range(2):
        assert leo.post(f"/conversations/{claimed}/messages", form).status_code == 303

    assert said_by_us(world) == [("On its way.", False)]


def test_a_note_is_a_note_whatever_button_was_pressed(
    world: World, leo: Person, claimed: UUID
) -> None:
    """The mode decides: nothing internal leaves by a slip."""
    form = {"mode": "note", "body": "Shopper was rude.", "then": "close"}
    leo.post(f"/conversations/{claimed}/messages", form)

    assert said_by_us(world) == [("Shopper was rude.", True)]
    assert read(world, "Acme", claimed).status == "open"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("   ", "Write something first."),
        ("Order {{ order.number }} is on its way", "{{ order.number }} is not filled in."),
        ("Greetings from Birch", "This names Birch, but you are writing as Acme."),
    ],
)
def test_a_refused_reply_stands_in_the_composer_with_the_reason(
    world: World, leo: Person, claimed: UUID, body: str, sentence: str
) -> None:
    """422 at the field; nothing was sent, nothing is lost."""
    form = {"mode": "reply", "body": body, "then": "pending"}
    answer = leo.post(f"/conversations/{claimed}/messages", form)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert body in page
    assert said_by_us(world) == []


def test_an_unknown_mode_or_next_step_is_refused(world: World, leo: Person, claimed: UUID) -> None:
    """As is a number of messages that is none."""
    for wrong in ({"mode": "shout"}, {"then": "explode"}, {"seen": "many"}, {"macro_id": "x"}):
        form = {"mode": "reply", "body": "Hello", "then": "pending"} | wrong
        assert leo.post(f"/conversations/{claimed}/messages", form).status_code == 422
    assert said_by_us(world) == []


def test_a_reply_written_past_a_new_message_is_held_up(
    world: World, leo: Person, claimed: UUID
) -> None:
    """The shopper wrote meanwhile: read it first."""
    seen = read(world, "Acme", claimed).message_count
    sam_writes(world, "Acme", claimed, "It arrived!", now=ago(minutes=1))

    form = {"mode": "reply", "body": "Still looking.", "seen": str(seen)}
    answer = leo.post(f"/conversations/{claimed}/messages", form)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "wrote again while you were writing" in page
    assert "It arrived!" in page
    assert "Still looking." in page
    assert said_by_us(world) == []


def test_only_who_has_it_replies(world: World, leo: Person, browser: Browser) -> None:
    """Unclaimed: claim first. Somebody else's: theirs to answer. Notes are free."""
    conversation_id = a_conversation(world, "Acme", now=ago(minutes=5))
    path = f"/conversations/{conversation_id}/messages"
    lin = browser.sign_in("lin@northwind.example")

    unclaimed = lin.post(path, {"mode": "reply", "body": "Hello"})
    leo.post(f"/conversations/{conversation_id}/assignment")
    leos = lin.post(path, {"mode": "reply", "body": "Hello"})
    note = lin.post(path, {"mode": "note", "body": "I know this shopper."})

    assert (unclaimed.status_code, leos.status_code, note.status_code) == (409, 409, 303)
    assert "Leo has this conversation; only they answer it." in leos.get_data(as_text=True)
    assert said_by_us(world) == [("I know this shopper.", True)]


def test_a_macro_is_filled_in_and_says_what_nothing_fills(
    world: World, leo: Person, claimed: UUID
) -> None:
    """Known values are written, gaps stay visible and named."""
    body = (
        "Hi {{ contact.first_name }}, order {{ order.number }}. {{ brand.name }}, {{ agent.name }}"
    )
    macro_id = a_macro(world, "Acme", body)

    filled = leo.get(f"/conversations/{claimed}/macros/{macro_id}").get_json()
    assert filled == {"text": "Hi Sam, order 1042. Acme, Leo", "missing": []}

    other = a_conversation(world, "Acme", subject="Hello", text="A question", now=ago(minutes=4))
    gap = leo.get(f"/conversations/{other}/macros/{macro_id}").get_json()
    assert gap["missing"] == ["order.number"]
    assert "{{ order.number }}" in gap["text"]


def test_without_scripts_the_page_itself_inserts_the_macro(
    world: World, leo: Person, claimed: UUID
) -> None:
    """Below what was drafted before."""
    macro_id = a_macro(world, "Acme", "Hi {{ contact.first_name }}")
    leo.post(f"/conversations/{claimed}/draft", {"body": "Kept words"})

    page = leo.get(f"/conversations/{claimed}?macro={macro_id}").get_data(as_text=True)

    assert "Kept words\n\nHi Sam</textarea>" in page


def test_another_brands_macro_is_unknown_here(world: World, leo: Person, claimed: UUID) -> None:
    """Although Leo serves both: its words are not inserted, nor is a reply sent under its id."""
    foreign = a_macro(world, "Birch", "Hi {{ contact.first_name }}")

    assert leo.get(f"/conversations/{claimed}/macros/{foreign}").status_code == 404
    assert leo.get(f"/conversations/{claimed}?macro={foreign}").status_code == 404
    form = {"mode": "reply", "body": "Hello", "macro_id": str(foreign)}
    assert leo.post(f"/conversations/{claimed}/messages", form).status_code == 404
    assert said_by_us(world) == []


def test_a_draft_is_kept_per_agent_until_it_is_sent(
    world: World, leo: Person, browser: Browser, claimed: UUID
) -> None:
    """Saved, overwritten, seen by nobody else, gone after sending."""
    path = f"/conversations/{claimed}"
    for words in ("Half a", "Half a sentence"):
        assert leo.post(f"{path}/draft", {"body": words}).status_code == 204

    assert "Half a sentence</textarea>" in leo.get(path).get_data(as_text=True)
    lin = browser.sign_in("lin@northwind.example")
    assert "Half a sentence" not in lin.get(path).get_data(as_text=True)

    leo.post(f"{path}/messages", {"mode": "reply", "body": "A whole sentence."})
    with db.transaction(world.system_scope("Acme")) as session:
        assert session.scalars(sa.select(Draft.body)).all() == []


def test_what_may_not_have_arrived_is_sent_again_by_decision_only(
    world: World, leo: Person, claimed: UUID
) -> None:
    """Uncertain is shown with its reason; accepted is not offered and refused."""
    leo_replies(world, "Acme", claimed, now=ago(minutes=1), then="stay")
    set_state(world, "uncertain", "The connection was lost.")

    page = leo.get(f"/conversations/{claimed}").get_data(as_text=True)
    assert "It is not certain that this arrived. The connection was lost." in page
    with db.transaction(world.system_scope("Acme")) as session:
        delivery_id = session.scalars(sa.select(Delivery.id)).one()
    again = f"/conversations/{claimed}/deliveries/{delivery_id}/repetition"

    assert leo.post(again).status_code == 303
    assert leo.post(again).status_code == 409
    set_state(world, "accepted", None)
    assert "Send again" not in leo.get(f"/conversations/{claimed}").get_data(as_text=True)


def set_state(world: World, state: str, response: str | None) -> None:
    """As the mail server left it."""
    with db.transaction(world.system_scope("Acme")) as session:
        session.execute(sa.update(Delivery).values(state=state, last_response=response))


def test_a_conversation_of_another_brand_has_no_such_delivery(
    world: World, leo: Person, claimed: UUID
) -> None:
    """Ids are read together with the conversation they stand under."""
    leo_replies(world, "Acme", claimed, now=ago(minutes=1), then="stay")
    other = a_conversation(world, "Acme", now=ago(minutes=5))
    leo.post(f"/conversations/{other}/assignment")
    with db.transaction(world.system_scope("Acme")) as session:
        delivery_id = session.scalars(sa.select(Delivery.id)).one()
        assert session.scalars(sa.select(sa.func.count()).select_from(Conversation)).one() == 2

    answer = leo.post(f"/conversations/{other}/deliveries/{delivery_id}/repetition")
    assert answer.status_code == 404
