"""A brand's macros: written, listed, filled in for a conversation, put away."""

import pytest

from app.conversations.queries import get_conversation
from app.macros.errors import BadMacro, MacroNameTaken
from app.macros.models import Macro
from app.macros.operations import archive_macro, change_macro, create_macro
from app.macros.queries import get_macro, list_macros, macro_context
from app.macros.rendering import render_macro
from tenants.db import db
from tenants.errors import NotFound
from tests.factories.cast import World
from tests.factories.conversations import a_conversation, moment, sam_writes

BODY = "Hi {{ contact.first_name }}, order {{ order.number }} is on its way. {{ brand.name }}"


def write(world: World, brand: str, name: str = "On its way", body: str = BODY) -> Macro:
    return create_macro(
        workspace_id=world.workspaces[brand], name=name, body=body, topic="wismo", now=moment()
    )


def test_a_macro_is_filled_in_from_the_conversation(world: World):
    conversation_id = a_conversation(
        world, "Acme", subject="Where is it?", text="Hello, order no. A-1042 has not come."
    )
    sam_writes(world, "Acme", conversation_id, "I have waited 14 days!", now=moment(hours=1))
    with db.transaction(world.system_scope("Acme")):
        macro = write(world, "Acme")
        context = macro_context(get_conversation(conversation_id), agent_name="Leo")
        rendered = render_macro(macro, context)
    assert rendered.text == "Hi Sam, order A-1042 is on its way. Acme"
    assert rendered.missing == []


def test_what_the_conversation_does_not_tell_is_missing(world: World):
    conversation_id = a_conversation(world, "Acme", subject="Hello", text="Hi!", name="")
    with db.transaction(world.system_scope("Acme")):
        context = macro_context(get_conversation(conversation_id), agent_name="Leo")
        assert render_macro(write(world, "Acme"), context).missing == [
            "contact.first_name",
            "order.number",
        ]


def test_a_list_holds_one_brands_macros_without_those_put_away(world: World):
    with db.transaction(world.scope("Ana")):
        kept, gone, foreign = (
            write(world, "Acme"),
            write(world, "Acme", "Old"),
            write(world, "Birch"),
        )
        archive_macro(gone, now=moment())
        assert [macro.id for macro in list_macros(world.workspaces["Acme"])] == [kept.id]
        assert get_macro(gone.id).archived_at == moment()
        assert [macro.id for macro in list_macros(world.workspaces["Birch"])] == [foreign.id]


def test_macros_of_the_topic_come_first(world: World):
    with db.transaction(world.system_scope("Acme")):
        write(world, "Acme", "B of the topic")
        create_macro(
            workspace_id=world.workspaces["Acme"], name="A", body="x", topic="sizes", now=moment()
        )
        names = [macro.name for macro in list_macros(world.workspaces["Acme"], topic="wismo")]
    assert names == ["B of the topic", "A"]


@pytest.mark.parametrize(
    ("name", "body", "field"),
    [
        ("", BODY, "name"),
        ("x" * 121, BODY, "name"),
        ("On its way", "", "body"),
        ("On its way", "{% if %}", "body"),
        ("On its way", "Hi {{ customer.name }}", "body"),
    ],
)
def test_a_wrong_macro_is_refused_at_its_field(world: World, name: str, body: str, field: str):
    with db.transaction(world.system_scope("Acme")), pytest.raises(BadMacro) as refusal:
        write(world, "Acme", name, body)
    assert refusal.value.field == field


def test_two_macros_of_one_brand_cannot_share_a_name(world: World):
    with db.transaction(world.system_scope("Acme")):
        write(world, "Acme")
        other = write(world, "Acme", "Other")
        with pytest.raises(MacroNameTaken):
            write(world, "Acme")
        with pytest.raises(MacroNameTaken):
            change_macro(other, name="On its way", body=BODY, topic=None, now=moment())
        change_macro(other, name="Other", body="New words", topic=None, now=moment())
        assert get_macro(other.id).body == "New words"


def test_mallory_neither_reads_nor_writes_macros_of_another_agency(world: World):
    with db.transaction(world.system_scope("Acme")):
        macro = write(world, "Acme")
        db.session.flush()
        macro_id = macro.id
    with db.transaction(world.scope("Mallory")):
        with pytest.raises(NotFound):
            get_macro(macro_id)
        with pytest.raises(NotFound):
            write(world, "Acme", "Mine")
        assert list_macros(world.workspaces["Acme"]) == []
