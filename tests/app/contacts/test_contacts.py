"""One address at one brand is one contact; at two brands it is two."""

import threading
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.contacts.models import Contact
from app.contacts.operations import find_or_create_contact
from app.contacts.queries import find_contact, get_contact
from tenants.db import db
from tenants.errors import NotFound
from tests.factories.cast import World
from tests.factories.conversations import moment


def meet(world: World, brand: str, email: str, name: str = "") -> Contact:
    with db.transaction(world.system_scope(brand)):
        return find_or_create_contact(
            workspace_id=world.workspaces[brand], email=email, name=name, now=moment()
        )


def test_the_same_address_in_any_spelling_is_one_contact(world: World):
    first = meet(world, "Acme", "Sam@Shopper.example", "Sam  Shopper")
    second = meet(world, "Acme", " sam@shopper.EXAMPLE ", "Somebody Else")
    assert first.id == second.id
    assert (second.email, second.name) == ("sam@shopper.example", "Sam Shopper")


def test_a_name_is_learned_when_it_first_comes(world: World):
    meet(world, "Acme", "sam@shopper.example")
    assert meet(world, "Acme", "sam@shopper.example", "Sam").name == "Sam"
    assert meet(world, "Acme", "sam@shopper.example").shown_name == "Sam"


def test_the_same_address_at_two_brands_is_two_contacts(world: World):
    assert (
        meet(world, "Acme", "sam@shopper.example").id
        != meet(world, "Birch", "sam@shopper.example").id
    )


def test_arrivals_at_once_get_the_same_contact(world: World):
    start = threading.Barrier(4)
    ids: list[UUID] = []

    def arrive() -> None:
        start.wait()
        ids.append(meet(world, "Acme", "sam@shopper.example", "Sam").id)

    threads = [threading.Thread(target=arrive) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 4
    assert len(set(ids)) == 1


def test_mallory_neither_finds_nor_makes_a_contact_of_another_agency(world: World):
    contact = meet(world, "Acme", "sam@shopper.example")
    acme = world.workspaces["Acme"]
    with db.transaction(world.scope("Mallory")):
        with pytest.raises(NotFound):
            get_contact(contact.id)
        with pytest.raises(NotFound):
            find_or_create_contact(workspace_id=acme, email="m@evil.example", name="", now=moment())
        assert find_contact(workspace_id=acme, email="sam@shopper.example") is None
    with db.transaction(world.system_scope("Acme")) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Contact)) == 1
