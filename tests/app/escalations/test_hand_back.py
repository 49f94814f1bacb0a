"""What a pod does with it: accept, hand back with a note, or answer and close."""

from uuid import UUID

import pytest

from app.conversations.operations.closing import close, reopen
from app.conversations.queries import get_conversation, list_messages
from app.escalations.errors import AlreadyAccepted, EscalationEnded, NoteMissing
from app.escalations.models import Escalation
from app.escalations.queries import find_open_escalation
from app.escalations.reactions import end_escalation_of
from app.sla.queries import read_clocks
from tenants.db import db
from tests.factories.cast import World
from tests.factories.conversations import a_conversation, a_promise, member, moment, read
from tests.factories.escalations import (
    a_pod,
    leo_escalates,
    pia_accepts,
    pia_hands_back,
    read_escalation,
)

ESCALATED, ACCEPTED, LATER = moment(hours=1), moment(hours=1, minutes=10), moment(hours=2)


@pytest.fixture
def escalated(world: World) -> UUID:
    """A conversation of Acme that Leo gave to the pod."""
    a_promise(world, "Acme")
    conversation_id = a_conversation(world, "Acme")
    leo_escalates(world, "Acme", conversation_id, a_pod(world, "Acme"), now=ESCALATED)
    return conversation_id


def standings(world: World, conversation_id: UUID) -> dict[str, str]:
    """How each clock stands."""
    with db.transaction(world.system_scope("Acme")):
        clocks = read_clocks(conversation_id, now=LATER)
        return {clock.kind: clock.standing for clock in clocks}


def is_with_pod(world: World, conversation_id: UUID) -> Escalation | None:
    """The escalation that is going on, if one is."""
    with db.transaction(world.system_scope("Acme")):
        return find_open_escalation(get_conversation(conversation_id))


def test_who_accepts_has_it_and_the_accept_clock_is_met(world: World, escalated: UUID) -> None:
    """Within its target."""
    pia_accepts(world, "Acme", escalated, now=ACCEPTED)

    escalation = read_escalation(world, "Acme", escalated)
    assert (escalation.accepted_by_name, escalation.accepted_at) == ("Pia", ACCEPTED)
    conversation = read(world, "Acme", escalated)
    assert (conversation.team, conversation.assignee_name) == ("pod", "Pia")
    assert standings(world, escalated)["pod_accept"] == "met"


def test_the_second_of_the_pod_is_told_who_accepted_first(world: World, escalated: UUID) -> None:
    """As with claiming."""
    pia_accepts(world, "Acme", escalated, now=ACCEPTED)
    pia_accepts(world, "Acme", escalated, now=LATER)

    with pytest.raises(AlreadyAccepted, match="Pia accepted this first"):
        pia_accepts(world, "Acme", escalated, now=LATER, by="Max")
    assert read_escalation(world, "Acme", escalated).accepted_at == ACCEPTED


def test_handed_back_work_is_in_the_pool_again_with_the_pods_note(
    world: World, escalated: UUID
) -> None:
    """L1 reads it in the conversation; the shopper does not."""
    pia_accepts(world, "Acme", escalated, now=ACCEPTED)
    pia_hands_back(world, "Acme", escalated, note="Refund is fine.", now=LATER)

    conversation = read(world, "Acme", escalated)
    assert (conversation.team, conversation.assignee_id) == ("l1", None)
    with db.transaction(world.system_scope("Acme")):
        last = list_messages(conversation)[-1]
    assert (last.is_note, last.author_name, last.visible_text) == (True, "Pia", "Refund is fine.")
    assert is_with_pod(world, escalated) is None


def test_handing_back_unaccepted_work_gives_up_the_accept_clock(
    world: World, escalated: UUID
) -> None:
    """It was neither kept nor broken."""
    pia_hands_back(world, "Acme", escalated, note="Not ours.", now=ACCEPTED)

    assert standings(world, escalated)["pod_accept"] == "none"


def test_handing_back_needs_a_note_and_happens_once(world: World, escalated: UUID) -> None:
    """Without a word it would only bounce."""
    with pytest.raises(NoteMissing) as refusal:
        pia_hands_back(world, "Acme", escalated, note="  ", now=LATER)
    assert refusal.value.field == "note"
    pia_hands_back(world, "Acme", escalated, note="Done.", now=LATER)
    with pytest.raises(EscalationEnded):
        pia_hands_back(world, "Acme", escalated, note="Again.", now=LATER)


def test_closing_ends_the_escalation_and_running_the_reaction_twice_changes_nothing(
    world: World, escalated: UUID
) -> None:
    """Who closed it keeps it, should the shopper write again."""
    pia_accepts(world, "Acme", escalated, now=ACCEPTED)
    with db.transaction(world.system_scope("Acme")):
        close(get_conversation(escalated), by=member(world, "Pia"), now=LATER)

    for _ in range(2):
        with db.transaction(world.system_scope("Acme")):
            end_escalation_of(escalated)

    assert is_with_pod(world, escalated) is None
    conversation = read(world, "Acme", escalated)
    assert (conversation.team, conversation.assignee_name) == ("l1", "Pia")


def test_what_was_reopened_before_the_reaction_ran_stays_with_the_pod(
    world: World, escalated: UUID
) -> None:
    """The reaction looks at how things stand, not at why it was asked."""
    with db.transaction(world.system_scope("Acme")):
        close(get_conversation(escalated), by=member(world, "Pia"), now=LATER)
        reopen(get_conversation(escalated), by=member(world, "Pia"), now=LATER)
        end_escalation_of(escalated)

    assert is_with_pod(world, escalated) is not None
