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
# on top, on every page.
LIST, CONVERSATION = 4, 11


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements of the application's role, as they are sent."""
    sent: list[str] = []

    def count(*args: object) -> None:
        connection, statement = args[0], str(args[2])
        assert isinstance(connection, sa.Connection)
        is_scope = statement.startswith("SET LOCAL")
        if connection.engine.url.username == "livery_app" and not is_scope:
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

    forget_counts(world.members["Leo"])
    with counted() as of_list:
        assert leo.get("/queue?view=all").status_code == 200
    with counted() as of_conversation:
        assert leo.get(f"/conversations/{ids[0]}?view=all").status_code == 200

    assert len(of_list) <= LIST, "\n".join(of_list)
    assert len(of_conversation) <= CONVERSATION, "\n".join(of_conversation)
