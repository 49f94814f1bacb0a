"""The addresses a brand is reached at: opened, closed, opened again, found by nobody's guess."""

import pytest

from app.channels.errors import AddressTaken
from app.channels.operations import close_inbox, open_inbox
from app.channels.queries import find_inbox_by_address, get_inbox, list_inboxes
from tenants.db import db
from tenants.errors import NotFound
from tests.factories.cast import World
from tests.factories.conversations import an_inbox, moment


def test_an_address_is_opened_once_in_any_spelling(world: World):
    inbox_id, acme = an_inbox(world, "Acme"), world.workspaces["Acme"]
    with db.transaction(world.system_scope("Acme")):
        assert [inbox.id for inbox in list_inboxes(acme)] == [inbox_id]
        with pytest.raises(AddressTaken) as refusal:
            open_inbox(workspace_id=acme, address=" HELP@acme.example", name="x", now=moment())
        assert refusal.value.field == "address"


def test_a_closed_address_receives_nothing_and_may_be_opened_again(world: World):
    inbox_id, acme = an_inbox(world, "Acme"), world.workspaces["Acme"]
    with db.transaction(world.system_scope("Acme")):
        close_inbox(get_inbox(inbox_id), now=moment())
    with db.system():
        assert find_inbox_by_address("help@acme.example") is None
    with db.transaction(world.system_scope("Acme")):
        assert list_inboxes(acme) == []
        again = open_inbox(workspace_id=acme, address="help@acme.example", name="B", now=moment())
        assert (again.id, again.closed_at) == (inbox_id, None)
    with db.system():
        found = find_inbox_by_address("Help@Acme.example")
        assert found is not None
        assert found.id == inbox_id


def test_an_address_two_brands_claim_belongs_to_neither(world: World):
    for brand in ("Acme", "Cedar"):
        with db.transaction(world.system_scope(brand)):
            open_inbox(
                workspace_id=world.workspaces[brand],
                address="both@shared.example",
                name=brand,
                now=moment(),
            )
    with db.system():
        assert find_inbox_by_address("both@shared.example") is None


def test_mallory_neither_opens_nor_finds_an_inbox_of_another_agency(world: World):
    inbox_id, acme = an_inbox(world, "Acme"), world.workspaces["Acme"]
    with db.transaction(world.scope("Mallory")):
        with pytest.raises(NotFound):
            get_inbox(inbox_id)
        with pytest.raises(NotFound):
            open_inbox(workspace_id=acme, address="m@evil.example", name="m", now=moment())
        assert list_inboxes(acme) == []
