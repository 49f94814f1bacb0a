"""Escalating, accepting, answering and handing back, in the browser."""

from uuid import UUID

import pytest

from app.reactions import REACTIONS
from tenants.reacting import react_once
from tests.browser import Browser, Person
from tests.factories.cast import World
from tests.factories.conversations import a_conversation, ago, read
from tests.factories.escalations import A_PACKET, a_pod, leo_escalates, read_escalation
from tests.factories.work import run_due_jobs

WHY = "Needs somebody who knows this client"


@pytest.fixture
def conversation_id(world: World) -> UUID:
    """A conversation of Acme about order 1042."""
    return a_conversation(world, "Acme", now=ago(minutes=30))


@pytest.fixture
def pod_id(world: World) -> UUID:
    """Acme's pod, in which Pia works."""
    return a_pod(world, "Acme")


@pytest.fixture
def leo(browser: Browser) -> Person:
    """L1 for every brand of Northwind."""
    return browser.sign_in("leo@northwind.example")


@pytest.fixture
def pia(browser: Browser) -> Person:
    """Of Acme's pod."""
    return browser.sign_in("pia@northwind.example")


def form_of(pod_id: UUID) -> dict[str, str]:
    """A complete packet, as the form sends it."""
    return {"pod": str(pod_id), "reason": WHY, **A_PACKET.to_json()}


def test_the_form_comes_filled_from_the_record(
    leo: Person, conversation_id: UUID, pod_id: UUID
) -> None:
    """All five fields."""
    page = leo.get(f"/conversations/{conversation_id}/escalation").get_data(as_text=True)

    assert f'value="{pod_id}"' in page
    assert "Sam Shopper &lt;sam@shopper.example&gt;\nOrder 1042</textarea>" in page
    assert "In their words: “It should have come on Monday.”</textarea>" in page
    assert "No reply and no note yet.</textarea>" in page
    assert "None seen.</textarea>" in page


def test_l1_escalates_the_pod_accepts_answers_and_closes(
    world: World, leo: Person, pia: Person, conversation_id: UUID, pod_id: UUID
) -> None:
    """The whole way, with the packet before the eyes of the pod."""
    path = f"/conversations/{conversation_id}"
    assert leo.post(f"{path}/escalation", form_of(pod_id)).status_code == 303

    seen = pia.get(path).get_data(as_text=True)
    assert "Wants the lost parcel replaced" in seen
    assert "Leo escalated this to Acme pod" in seen
    assert pia.post(f"{path}/escalation/acceptance").status_code == 303
    assert "Reply as Acme" in pia.get(path).get_data(as_text=True)
    answer = {"mode": "reply", "body": "A new one is on its way.", "then": "close"}
    assert pia.post(f"{path}/messages", answer).status_code == 303
    react_once(REACTIONS, seen=lambda _: None)
    run_due_jobs()

    conversation = read(world, "Acme", conversation_id)
    assert (conversation.status, conversation.team) == ("closed", "l1")
    story = pia.get(path).get_data(as_text=True)
    for words in ("Leo escalated to Acme pod", "Pia accepted for the pod", "Pia closed this"):
        assert words in story


def test_l1_reads_along_but_does_not_answer(
    world: World, leo: Person, conversation_id: UUID, pod_id: UUID
) -> None:
    """Nor claim it back; notes are welcome."""
    path = f"/conversations/{conversation_id}"
    leo_escalates(world, "Acme", conversation_id, pod_id, now=ago(minutes=5))

    page = leo.get(path).get_data(as_text=True)
    assert "Acme pod has this now. You can read along and leave notes." in page
    assert "Reply as Acme" not in page
    refused = leo.post(f"{path}/messages", {"mode": "reply", "body": "Me first"})
    assert refused.status_code == 409
    assert "Me first" in refused.get_data(as_text=True)
    for change in ("assignment", "pending", "closure"):
        assert leo.post(f"{path}/{change}").status_code == 409, change
    note = leo.post(f"{path}/messages", {"mode": "note", "body": "The shopper called again."})
    assert note.status_code == 303


def test_l1_cannot_accept_or_hand_back(
    world: World, leo: Person, conversation_id: UUID, pod_id: UUID
) -> None:
    """That is the pod's."""
    leo_escalates(world, "Acme", conversation_id, pod_id, now=ago(minutes=5))
    path = f"/conversations/{conversation_id}/escalation"

    assert leo.post(f"{path}/acceptance").status_code == 403
    assert leo.post(f"{path}/hand-back", {"note": "No"}).status_code == 403
    assert read_escalation(world, "Acme", conversation_id).accepted_at is None


def test_handing_back_shows_l1_the_pods_note(
    world: World, leo: Person, pia: Person, conversation_id: UUID, pod_id: UUID
) -> None:
    """Beside the conversation, and in it."""
    leo_escalates(world, "Acme", conversation_id, pod_id, now=ago(minutes=5))
    path = f"/conversations/{conversation_id}"
    pia.post(f"{path}/escalation/hand-back", {"note": "You may refund up to 140 euros."})

    page = leo.get(path).get_data(as_text=True)

    assert page.count("You may refund up to 140 euros.") == 2
    assert "Handed back by the pod" in page
    assert "Nobody has this yet. Claim it to reply." in page


def test_handing_back_without_a_word_is_refused_at_the_note(
    world: World, pia: Person, conversation_id: UUID, pod_id: UUID
) -> None:
    """And the dialog stays open."""
    leo_escalates(world, "Acme", conversation_id, pod_id, now=ago(minutes=5))

    for note in ("", "  \n "):
        path = f"/conversations/{conversation_id}/escalation/hand-back"
        answer = pia.post(path, {"note": note})
        assert answer.status_code == 422
        assert "Say what L1 needs to know to go on." in answer.get_data(as_text=True)
        assert "data-open" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "field", ["identity", "intent", "actions_taken", "transcript", "priority_cues", "reason"]
)
def test_an_empty_field_is_refused_where_it_stands_and_the_rest_is_kept(
    world: World, leo: Person, conversation_id: UUID, pod_id: UUID, field: str
) -> None:
    """422; nothing was handed over."""
    form = form_of(pod_id) | {field: "  "}
    answer = leo.post(f"/conversations/{conversation_id}/escalation", form)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in page
    kept = "Carrier asked; no scan for five days" if field == "intent" else A_PACKET.intent
    assert kept in page
    assert read(world, "Acme", conversation_id).team == "l1"


def test_another_brands_pod_or_none_is_refused(
    world: World, leo: Person, conversation_id: UUID, pod_id: UUID
) -> None:
    """Birch's pod does not exist for a conversation of Acme."""
    path = f"/conversations/{conversation_id}/escalation"
    foreign = a_pod(world, "Birch")

    assert leo.post(path, form_of(foreign)).status_code == 404
    assert leo.post(path, form_of(pod_id) | {"pod": "nonsense"}).status_code == 422
    assert read(world, "Acme", conversation_id).team == "l1"


def test_a_pod_nobody_works_in_is_refused_at_its_field(world: World, leo: Person) -> None:
    """Birch has a pod without people."""
    conversation_id = a_conversation(world, "Birch", now=ago(minutes=5))
    empty = a_pod(world, "Birch")

    answer = leo.post(f"/conversations/{conversation_id}/escalation", form_of(empty))

    assert answer.status_code == 409
    assert "Nobody works in Birch pod yet" in answer.get_data(as_text=True)


def test_a_brand_without_a_pod_says_so(leo: Person, world: World) -> None:
    """Instead of a form that leads nowhere."""
    conversation_id = a_conversation(world, "Birch", now=ago(minutes=5))

    page = leo.get(f"/conversations/{conversation_id}/escalation").get_data(as_text=True)

    assert "Birch has no pod" in page
