"""How many statements a page costs: few, and the same for one row as for many."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from app.l1_pool.counts import forget_counts
from tests.browser import Browser
from tests.factories.cast import World
from tests.factories.conversations import a_conversation, a_promise, ago, leo_replies, sam_writes

# Two of each are the look: themes of host and brands. What the door asks to know the member comes
# on top, on every page: who it is, and which roles in which workspaces.
LIST, CONVERSATION, DOOR = 5, 12, 2


@contextmanager
def counted(role: str = "livery_app") -> Iterator[list[str]]:
    """The statements of one role, as they are sent."""
    sent: list[str] = []

    def count(*args: object) -> None:
        connection, statement = args[0], str(args[2])
        assert isinstance(connection, sa.Connection)
        is_scope = statement.startswith("SET LOCAL")
        if connection.engine.url.username == role and not is_scope:
            sent.append(statement)

    event.listen(sa.Engine, "before_cursor_execute", count)
    try:
        yield sent
    finally:
        event.remove(sa.Engine, "before_cursor_execute", count)


@pytest.mark.parametrize("size", [1, 12])
def test_pages_stay_within_their_budget(browser: Browser, world: World, size: int) -> None:
    """Whatever the number of rows, messages and events."""
    a_promise(world, "Acme")
    ids = [a_conversation(world, "Acme", now=ago(minutes=40)) for _ in range(size)]
    for number in range(size):
        leo_replies(world, "Acme", ids[0], now=ago(minutes=30 - number), then="stay")
        sam_writes(world, "Acme", ids[0], now=ago(minutes=29.5 - number))
    leo = browser.sign_in("leo@northwind.example")

    # What a theme says is read when it is first shown; later pages ask which one is current.
    leo.get("/queue?view=all")
    forget_counts(world.members["Leo"])
    with counted() as of_list, counted("livery_system") as of_door:
        assert leo.get("/queue?view=all").status_code == 200
    with counted() as of_conversation:
        assert leo.get(f"/conversations/{ids[0]}?view=all").status_code == 200

    assert len(of_door) <= DOOR, "\n".join(of_door)
    assert len(of_list) <= LIST, "\n".join(of_list)
    assert len(of_conversation) <= CONVERSATION, "\n".join(of_conversation)
