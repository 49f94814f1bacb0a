"""The ledger is written with the change, cannot be altered, and is read in commit order."""

import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from app.contacts.models import Contact
from tenants.db import db
from tenants.ledger import Event, advance, list_events_of, read_next, record
from tests.factories.cast import World

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def write_contact(world: World, email: str) -> Contact:
    contact = Contact(email=email, name=email, created_at=NOW)
    db.session.add(contact)
    record("contact.tested", contact, at=NOW, data={"email": email})
    return contact


def drain(reader: str) -> list[str]:
    with db.system():
        batch = read_next(reader)
        advance(reader, batch)
        return [e.data["email"] for e in batch.events if e.kind == "contact.tested"]


def test_an_event_names_who_what_and_where(world: World):
    with db.transaction(world.scope("Lin")):
        contact = write_contact(world, "sam@shop.example")
        events = list_events_of(contact.id, workspace_id=world.workspaces["Acme"])

    assert [(e.kind, e.actor_name, e.subject_type) for e in events] == [
        ("contact.tested", "Lin", "contact")
    ]


def test_an_event_vanishes_with_its_change(world: World):
    with pytest.raises(RuntimeError), db.transaction(world.system_scope("Acme")):
        write_contact(world, "gone@shop.example")
        raise RuntimeError

    assert "gone@shop.example" not in drain("test")


@pytest.mark.parametrize("change", ["update", "delete"])
def test_nobody_alters_the_ledger(world: World, change: str):
    statement = sa.update(Event).values(kind="forged") if change == "update" else sa.delete(Event)

    with (
        pytest.raises(sa.exc.ProgrammingError, match="permission denied"),
        db.transaction(world.system_scope("Acme")) as session,
    ):
        session.execute(statement)


def test_an_earlier_transaction_that_commits_late_is_not_skipped(world: World):
    drain("test")
    opened, may_commit = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with db.transaction(world.system_scope("Acme")):
            write_contact(world, "slow@shop.example")
            opened.set()
            may_commit.wait(10)

    slow = threading.Thread(target=slow_writer)
    slow.start()
    opened.wait(10)
    with db.transaction(world.system_scope("Birch")):
        write_contact(world, "quick@shop.example")

    seen_while_open = drain("test")
    may_commit.set()
    slow.join()

    assert seen_while_open == []
    assert drain("test") == ["slow@shop.example", "quick@shop.example"]


def test_a_workspace_does_not_read_the_events_of_the_agency_or_of_another(world: World):
    with db.transaction(world.system_scope("Acme")) as session:
        seen = set(session.scalars(sa.select(Event.workspace_id)))

    assert seen == {world.workspaces["Acme"]}
