"""Tests that read the code: what every view, URL and migration must have."""

import inspect
import re
from importlib import import_module
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from werkzeug.routing import Rule

import app.models  # noqa: F401 - every table
from app.schedule import SCHEDULE
from tenants.db import Base
from tenants.ledger import TransactionId
from tenants.migrating import downgrade, missing_revisions, upgrade
from tenants.permissions import ROLE_PERMISSIONS, Permission, Role, permission_of
from tests.servers import Cluster

SWEEPS = sorted((Path(__file__).parent.parent / "app").glob("*/sweeps.py"))
HOST_KINDS = {"agency", "portal", "brand", "any"}


def rules(app: Flask) -> list[Rule]:
    return list(app.url_map.iter_rules())


def test_every_view_names_its_one_permission(app: Flask):
    nameless = [
        rule.endpoint
        for rule in rules(app)
        if permission_of(app.view_functions[rule.endpoint]) is None
    ]

    assert nameless == []


def test_every_blueprint_answers_on_a_known_kind_of_host(app: Flask):
    kinds = {name: getattr(bp, "host_kind", None) for name, bp in app.blueprints.items()}

    assert {name: kind for name, kind in kinds.items() if kind not in HOST_KINDS} == {}


def test_the_clock_starts_every_sweep_there_is():
    """A sweep takes nothing: the clock has nothing to give."""
    modules = [import_module(f"app.{path.parent.name}.sweeps") for path in SWEEPS]
    there_are = {
        each
        for module in modules
        for name, each in inspect.getmembers(module, inspect.isfunction)
        if each.__module__ == module.__name__
        and not name.startswith("_")
        and not inspect.signature(each).parameters
    }

    assert len(SWEEPS) > 3
    assert {entry.sweep for entry in SCHEDULE} == there_are


def test_ids_in_urls_are_uuids(app: Flask):
    loose = [
        rule.rule
        for rule in rules(app)
        for argument in rule.arguments
        if argument.endswith("_id") and f"<uuid:{argument}>" not in rule.rule
    ]

    assert loose == []


def test_urls_are_kebab_case(app: Flask):
    allowed = re.compile(r"(/(_?[a-z0-9]+([-.][a-z0-9]+)*|<([a-z]+:)?[a-z_]+>(\.[a-z]+)?))*/?")

    assert [rule.rule for rule in rules(app) if not allowed.fullmatch(rule.rule)] == []


def test_views_that_change_something_are_never_reached_by_get(app: Flask):
    verbs = re.compile(r"\b(create|destroy|update|save|publish|close|claim)")
    wrong = [
        rule.endpoint
        for rule in rules(app)
        if "GET" in (rule.methods or set()) and verbs.match(rule.endpoint.rpartition(".")[2])
    ]

    assert wrong == []


def test_every_role_holds_something_and_every_permission_is_held():
    held = set().union(*ROLE_PERMISSIONS.values())

    assert set(ROLE_PERMISSIONS) == set(Role)
    assert set(Permission) - held == {
        Permission.FILES,
        Permission.PUBLIC,
        Permission.SIGNED_IN,
    }


def test_no_client_role_may_do_anything_of_the_agency():
    for role in Role:
        if role.is_client:
            assert ROLE_PERMISSIONS[role] == {Permission.PORTAL_READ}


@pytest.fixture
def empty_database(cluster: Cluster):
    name = "migrated_by_hand"
    cluster.drop(name)
    cluster.create(name, template="template1")
    yield cluster.owner_url(name)
    cluster.drop(name)


def engine(url: str) -> sa.Engine:
    return sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))


def test_migrations_go_up_and_down_and_up(empty_database: str):
    upgrade(empty_database)
    downgrade(empty_database, "base")
    upgrade(empty_database)

    made = engine(empty_database)
    with made.connect() as connection:
        assert missing_revisions(connection) == []
    made.dispose()


@pytest.mark.filterwarnings("ignore:Did not recognize type 'xid8'")
def test_models_and_migrations_agree(empty_database: str):
    upgrade(empty_database)

    made = engine(empty_database)
    with made.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": same_type, "compare_server_default": False}
        )
        assert compare_metadata(context, Base.metadata) == []
    made.dispose()


def same_type(
    _context: object, _column: object, _name: object, _found: object, model: object
) -> bool | None:
    """None leaves it to alembic; it knows no xid8."""
    return False if isinstance(model, TransactionId) else None


def test_ids_are_version_seven_and_in_order():
    from tenants.ids import new_id  # noqa: PLC0415

    made = [new_id() for _ in range(1000)]

    assert {value.version for value in made} == {7}
    assert len(set(made)) == 1000
    assert all(isinstance(value, UUID) for value in made)
