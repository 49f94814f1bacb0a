"""Publishing a look: a new version each time, live at once, seen by nobody else."""

from datetime import UTC, datetime

import pytest

from tenants.db import db
from tenants.errors import NotFound
from tenants.ledger import list_events_of
from tenants.permissions import Permission
from tests.factories.cast import World
from themes.logos import store_logo
from themes.operations import publish_agency_theme, publish_theme
from themes.queries import (
    get_agency_theme,
    get_current_theme,
    get_current_version,
    get_theme_version,
    list_current_themes,
    list_theme_versions,
)
from themes.tokens import Theme

NOW = datetime(2026, 9, 2, 9, 0, tzinfo=UTC)
SVG = (
    b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 4 2'><rect width='4' height='2'/></svg>"
)
RED = Theme(name="Acme", primary="#aa1122")


def test_a_published_theme_is_current_and_the_old_one_stays(world: World):
    acme = world.workspaces["Acme"]
    ana = world.scope("Ana", Permission.THEMES_EDIT)
    with db.transaction(ana):
        before = get_current_version(acme)
        version = publish_theme(acme, RED, by=ana.actor, now=NOW)
        assert version.number == before.number + 1
    with db.transaction(ana):
        assert get_current_theme(acme) == RED
        assert get_theme_version(before.id).primary == "#0f6b5c"
        assert [row.number for row in list_theme_versions(acme)] == [2, 1]
        events = list_events_of(version.id, workspace_id=acme)
        assert [(event.kind, event.actor_name) for event in events] == [("theme.published", "Ana")]


def test_each_brand_keeps_its_own_look(world: World):
    acme, birch = world.workspaces["Acme"], world.workspaces["Birch"]
    ana = world.scope("Ana", Permission.THEMES_EDIT)
    with db.transaction(ana):
        publish_theme(acme, RED, by=ana.actor, now=NOW)
    with db.transaction(ana):
        looks = list_current_themes()
        assert looks[acme].primary == "#aa1122"
        assert looks[birch].primary == "#b4451f"
        assert get_agency_theme().name == "Northwind"


def test_the_agencys_own_look_is_published_alike(world: World):
    ana = world.scope("Ana", Permission.THEMES_EDIT)
    with db.transaction(ana):
        publish_agency_theme(Theme(name="Northwind", primary="#222222"), by=ana.actor, now=NOW)
    with db.transaction(ana):
        assert get_agency_theme().primary == "#222222"


def test_mallory_finds_no_look_of_another_agency(world: World):
    acme = world.workspaces["Acme"]
    with db.transaction(world.scope("Ana", Permission.THEMES_EDIT)):
        version_id = get_current_version(acme).id
    with db.transaction(world.scope("Mallory", Permission.THEMES_EDIT)):
        with pytest.raises(NotFound):
            get_current_theme(acme)
        with pytest.raises(NotFound):
            get_theme_version(version_id)
        assert set(list_current_themes()) == {world.workspaces["Cedar"]}
        assert get_agency_theme().name == "Southgate"


def test_a_logo_is_kept_for_the_agency_that_uploaded_it(world: World):
    acme = world.workspaces["Acme"]
    ana = world.scope("Ana", Permission.THEMES_EDIT)
    with db.transaction(ana):
        look = Theme(name="Acme", primary="#aa1122", logo=store_logo(SVG))
        publish_theme(acme, look, by=ana.actor, now=NOW)
    with db.transaction(ana):
        stored = get_current_theme(acme)
        assert stored.logo is not None
        assert (stored.logo.width, stored.logo.height) == (320, 160)
