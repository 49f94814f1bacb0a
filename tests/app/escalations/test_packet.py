"""The packet: drafted from the record, complete before it goes."""

from uuid import UUID

import pytest

from app.conversations.operations.replying import add_note
from app.conversations.queries import get_conversation
from app.escalations.errors import PacketIncomplete
from app.escalations.operations import prefill_packet
from app.escalations.packet import Packet
from tenants.db import db
from tests.factories.cast import World
from tests.factories.conversations import (
    a_conversation,
    a_promise,
    leo_replies,
    member,
    moment,
    sam_writes,
)
from tests.factories.escalations import A_PACKET


def drafted(world: World, conversation_id: UUID, *, hours: float = 5) -> Packet:
    """The draft at a time."""
    with db.transaction(world.system_scope("Acme")):
        conversation = get_conversation(conversation_id)
        return prefill_packet(conversation, now=moment(hours=hours))


def test_the_draft_says_who_writes_about_which_order(world: World) -> None:
    """The latest order named counts."""
    conversation_id = a_conversation(world, "Acme", subject="Where is my order 1042?")
    sam_writes(world, "Acme", conversation_id, "Sorry, I meant order W26113.", now=moment(hours=1))

    assert drafted(world, conversation_id).identity == (
        "Sam Shopper <sam@shopper.example>\nOrder W26113"
    )


def test_the_draft_says_so_when_no_order_is_named(world: World) -> None:
    """Nothing is made up."""
    conversation_id = a_conversation(world, "Acme", subject="Hello", text="A question")

    assert drafted(world, conversation_id).identity.endswith("No order number in the conversation")


def test_the_draft_carries_wish_deeds_and_transcript(world: World) -> None:
    """Their wish in their words, our replies and notes; the transcript leaves notes out."""
    conversation_id = a_conversation(
        world, "Acme", subject="Parcel lost", text="Please send a new one.", topic="Delivery"
    )
    leo_replies(world, "Acme", conversation_id, "I ask the carrier.", now=moment(hours=1))
    with db.transaction(world.system_scope("Acme")):
        add_note(
            get_conversation(conversation_id),
            body="Carrier does not answer.",
            author=member(world, "Leo"),
            now=moment(hours=2),
        )
    sam_writes(world, "Acme", conversation_id, "Any news?", now=moment(hours=3))

    packet = drafted(world, conversation_id)

    assert packet.intent == "Parcel lost (Delivery)\nIn their words: “Any news?”"
    assert packet.actions_taken == (
        "1 Sept, 11:00 Leo replied: “I ask the carrier.”\n"
        "1 Sept, 12:00 Leo noted: “Carrier does not answer.”"
    )
    assert packet.transcript == (
        "1 Sept, 10:00 Sam Shopper:\nPlease send a new one.\n\n"
        "1 Sept, 11:00 Leo:\nI ask the carrier.\n\n"
        "1 Sept, 13:00 Sam Shopper:\nAny news?"
    )


def test_the_draft_names_what_makes_it_urgent(world: World) -> None:
    """A breach, a repeated contact of the same brand, and the tone."""
    a_promise(world, "Acme", first_response_minutes=60)
    a_conversation(world, "Acme", subject="Before", now=moment(days=-1))
    a_conversation(world, "Birch", subject="Another brand", now=moment(days=-1))
    conversation_id = a_conversation(world, "Acme", text="This is unacceptable, I am furious!")

    assert drafted(world, conversation_id).priority_cues == (
        "A service level is already breached\n"
        "Repeat contact: 1 earlier conversation\n"
        "Tone: furious, unacceptable"
    )


def test_a_fresh_calm_conversation_still_has_five_texts(world: World) -> None:
    """Every field is filled, so that nothing but the truth has to be typed."""
    packet = drafted(world, a_conversation(world, "Acme", text=""))

    packet.check_complete()
    assert packet.actions_taken == "No reply and no note yet."
    assert packet.priority_cues == "None seen."


@pytest.mark.parametrize(
    "field", ["identity", "intent", "actions_taken", "transcript", "priority_cues"]
)
def test_a_packet_without_one_of_its_fields_is_refused_at_that_field(field: str) -> None:
    """Blanks are nothing."""
    packet = Packet(**A_PACKET.to_json() | {field: " \n"})

    with pytest.raises(PacketIncomplete) as refusal:
        packet.check_complete()
    assert refusal.value.field == field
