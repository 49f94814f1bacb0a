"""The queue: what belongs to each view, in which order, page by page."""

import pytest

from app.conversations.operations.closing import set_pending
from app.conversations.queries import get_conversation
from app.l1_pool import queries
from app.l1_pool.counts import count_queue
from app.l1_pool.operations import claim_next
from app.l1_pool.queries import View, list_queue
from tenants.db import db
from tenants.permissions import Permission
from tests.factories.cast import World
from tests.factories.conversations import a_conversation, a_promise, member, moment
from tests.factories.escalations import a_pod, leo_escalates

NOW = moment(hours=1)


def subjects(world: World, name: str, view: View, brand: str | None = None) -> list[str]:
    """The first page as this member sees it."""
    with db.transaction(world.scope(name, Permission.CONVERSATIONS_READ)):
        page = list_queue(
            view,
            member_id=world.members[name],
            now=NOW,
            workspace_id=world.workspaces[brand] if brand else None,
        )
        return [row.subject for row in page.rows]


def test_the_pool_shows_all_brands_of_the_agent_soonest_due_first(world: World) -> None:
    """What has no due time comes last."""
    a_conversation(world, "Birch", subject="no promise", now=moment())
    a_promise(world, "Acme", first_response_minutes=200)
    a_conversation(world, "Acme", subject="later", now=moment(minutes=5))
    a_conversation(world, "Acme", subject="sooner", now=moment(minutes=1))

    assert subjects(world, "Leo", View.POOL) == ["sooner", "later", "no promise"]
    assert subjects(world, "Lin", View.POOL) == ["sooner", "later"]
    assert subjects(world, "Leo", View.POOL, "Birch") == ["no promise"]
    assert subjects(world, "Mallory", View.POOL) == []


def test_each_conversation_stands_in_the_views_it_belongs_to(world: World) -> None:
    """And the counts agree with the lists."""
    a_promise(world, "Acme", first_response_minutes=70)
    pod_id = a_pod(world, "Acme")
    mine = a_conversation(world, "Acme", subject="mine", now=moment(minutes=-60))
    with db.transaction(world.scope("Leo", Permission.CONVERSATIONS_CLAIM)):
        claimed = claim_next(by=member(world, "Leo"), now=NOW)
        assert claimed is not None
        assert claimed.id == mine
    a_conversation(world, "Acme", subject="at risk", now=moment(minutes=15))
    a_conversation(world, "Acme", subject="calm", now=moment(minutes=55))
    waiting = a_conversation(world, "Acme", subject="waiting", now=moment())
    with db.transaction(world.system_scope("Acme")):
        set_pending(get_conversation(waiting), by=member(world, "Leo"), now=NOW)
    escalated = a_conversation(world, "Acme", subject="escalated", now=moment(minutes=58))
    leo_escalates(world, "Acme", escalated, pod_id, now=NOW)

    seen = {view: subjects(world, "Leo", view) for view in View}

    assert seen == {
        View.POOL: ["at risk", "calm"],
        View.MINE: ["mine"],
        View.AT_RISK: ["mine", "at risk"],
        View.WAITING: ["waiting"],
        View.ESCALATED: ["escalated"],
        View.ALL: ["mine", "at risk", "escalated", "calm"],
    }
    with db.transaction(world.scope("Leo", Permission.CONVERSATIONS_READ)):
        counts = count_queue(member_id=world.members["Leo"], now=NOW)
    assert counts.by_view == {view: len(rows) for view, rows in seen.items()}
    assert counts.open_by_brand == {world.workspaces["Acme"]: 4}


def test_pages_follow_each_other_without_gap_or_repeat(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also from rows with a due time to rows without, and among equal due times."""
    monkeypatch.setattr(queries, "PAGE_SIZE", 3)
    a_promise(world, "Acme")
    for number in range(5):
        a_conversation(world, "Acme", subject=f"due {number}", now=moment(minutes=number // 2))
        a_conversation(world, "Birch", subject=f"undue {number}", now=moment())

    pages: list[list[str]] = []
    after = None
    with db.transaction(world.scope("Leo", Permission.CONVERSATIONS_READ)):
        while not pages or after:
            page = list_queue(View.ALL, member_id=world.members["Leo"], now=NOW, after=after)
            pages.append([row.subject for row in page.rows])
            after = page.next

    assert [len(page) for page in pages] == [3, 3, 3, 1]
    in_order = [subject for page in pages for subject in page]
    assert in_order[:5] == [f"due {number}" for number in range(5)]
    assert sorted(in_order[5:]) == [f"undue {number}" for number in range(5)]
