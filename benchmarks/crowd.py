"""Databases with many brands and many conversations, made by SQL as the owner of the tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from app.channels.operations import open_inbox
from benchmarks.ground import Ground
from tenants.context import SYSTEM, Scope
from tenants.db import db, new_id
from tenants.workspaces.operations import open_workspace
from tests.factories.cast import BORN, World, build_world
from themes.operations import publish_theme
from themes.tokens import Theme

AGENT = "Leo"
_COLOURS = ("#0f6b5c", "#b4451f", "#1f4f8f", "#5b3a8c", "#7a5c00", "#8a1f4f")

# Ids in the order of time, as those of version 7 are.
_ORDERED_ID = """
CREATE FUNCTION pg_temp.ordered_id(n bigint) RETURNS uuid LANGUAGE sql AS $$
  SELECT overlay(gen_random_uuid()::text PLACING
    left(lpad(to_hex(1788000000000 + n), 12, '0'), 8) || '-'
    || right(to_hex(1788000000000 + n), 4) || '-7' FROM 1 FOR 15)::uuid
$$
"""
_BRANDS = """
CREATE TEMP TABLE brand AS
SELECT row_number() OVER (ORDER BY inbox.workspace_id) - 1 AS n,
       inbox.agency_id, inbox.workspace_id, inbox.id AS inbox_id
FROM inbox WHERE inbox.agency_id = %s
"""
_CONTACTS = """
INSERT INTO contact (agency_id, workspace_id, id, email, name, created_at)
SELECT agency_id, workspace_id, pg_temp.ordered_id(brand.n * 1000 + shopper),
       'shopper' || shopper || '@post.example', 'Shopper ' || shopper, now() - interval '90 days'
FROM brand, generate_series(1, 100) AS shopper
"""
# A few brands have most of the work. A quarter of the open ones is somebody's, one in twenty is the
# pod's or has no due time; a quarter as many are pending, nearly twice as many closed.
_CONVERSATIONS = """
INSERT INTO conversation (
  agency_id, workspace_id, id, number, contact_id, inbox_id, channel, subject, status, is_open,
  team, assignee_id, assignee_name, claimed_at, waiting_since, next_due_at, is_breached,
  last_message_at, message_count, is_automatic, created_at, closed_at, reopen_count, version)
SELECT brand.agency_id, brand.workspace_id, pg_temp.ordered_id(drawn.n), drawn.n, contact.id,
       brand.inbox_id, 'email', 'Where is my order ' || drawn.n || '?', drawn.status,
       drawn.status = 'open',
       CASE WHEN drawn.chance_team < 0.05 THEN 'pod' ELSE 'l1' END,
       CASE WHEN drawn.chance_assignee < 0.25 THEN gen_random_uuid() END,
       CASE WHEN drawn.chance_assignee < 0.25 THEN 'Somebody' END,
       CASE WHEN drawn.chance_assignee < 0.25 THEN drawn.created_at END,
       CASE WHEN drawn.status = 'open' THEN drawn.created_at END,
       CASE WHEN drawn.status = 'open' AND drawn.chance_due < 0.95
            THEN now() - interval '2 hours' + drawn.chance_due * interval '5 days' END,
       drawn.status = 'open' AND drawn.chance_due < 1 / 60.0,
       drawn.created_at, 1, false, drawn.created_at,
       CASE WHEN drawn.status = 'closed' THEN drawn.created_at END, 0, 1
FROM (
  SELECT n, floor(%(brands)s * random() * random())::int AS brand_n,
         1 + floor(100 * random())::int AS shopper,
         CASE WHEN n %% 12 < 4 THEN 'open' WHEN n %% 12 = 4 THEN 'pending' ELSE 'closed' END
           AS status,
         now() - random() * interval '30 days' AS created_at,
         random() AS chance_team, random() AS chance_assignee, random() AS chance_due
  FROM generate_series(0, %(open)s * 3 - 1) AS n
) AS drawn
JOIN brand ON brand.n = drawn.brand_n
JOIN contact ON contact.workspace_id = brand.workspace_id
            AND contact.email = 'shopper' || drawn.shopper || '@post.example'
"""
_AGENTS_OWN = """
UPDATE conversation SET assignee_id = %s, assignee_name = %s
WHERE (workspace_id, id) IN (
  SELECT workspace_id, id FROM conversation
  WHERE is_open AND team = 'l1' AND agency_id = %s ORDER BY id LIMIT 20)
"""


def build_empty(ground: Ground, name: str, *, brands: int) -> World:
    """The cast's agency with this many brands in all, each with a theme and an inbox."""
    ground.cluster.create(name)
    with ground.connected(name):
        world = build_world()
        for number in range(brands - 2):
            _open_brand(world, number)
        for brand in ("Acme", "Birch"):
            with db.transaction(world.system_scope(brand)):
                _open_inbox(world.workspaces[brand], brand.lower())
    return world


@contextmanager
def crowded(
    ground: Ground, empty: str, world: World, *, open_conversations: int, seed: int
) -> Iterator[str]:
    """A copy with this many open conversations; the same seed makes the same ones."""
    with ground.clone(empty) as database:
        _fill(ground, database, world, open_conversations, seed)
        yield database


def _fill(ground: Ground, database: str, world: World, open_conversations: int, seed: int) -> None:
    agency_id = world.agencies["Northwind"]
    with ground.owner(database) as connection:
        if open_conversations:
            connection.execute("SELECT setseed(%s)", [seed % 1000 / 1000])
            connection.execute(_ORDERED_ID)
            connection.execute(_BRANDS, [agency_id])
            connection.execute(_CONTACTS)
            brands = connection.execute("SELECT count(*) FROM brand").fetchone()
            assert brands is not None  # noqa: S101 - a count has a row
            connection.execute(_CONVERSATIONS, {"brands": brands[0], "open": open_conversations})
            connection.execute(_AGENTS_OWN, [world.members[AGENT], AGENT, agency_id])
        connection.execute("VACUUM (ANALYZE)")


def _open_brand(world: World, number: int) -> None:
    agency_id, workspace_id = world.agencies["Northwind"], new_id()
    name = f"Brand {number:03}"
    with db.transaction(Scope(agency_id, frozenset({workspace_id}), SYSTEM, agency_wide=True)):
        open_workspace(workspace_id, slug=f"brand-{number}", name=name, now=BORN)
        look = Theme(name=name, primary=_COLOURS[number % len(_COLOURS)])
        publish_theme(workspace_id, look, by=SYSTEM, now=BORN)
        _open_inbox(workspace_id, f"brand-{number}")


def _open_inbox(workspace_id: UUID, slug: str) -> None:
    address = f"support@{slug}.example"
    open_inbox(workspace_id=workspace_id, address=address, name=slug, now=BORN)
