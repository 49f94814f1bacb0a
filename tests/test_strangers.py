"""Mallory, on every route that carries an id: what exists and what does not answer the same."""

import re
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from app.conversations.models import Attachment, Delivery, Message
from app.escalations.models import Pod
from app.macros.models import Macro
from app.provisioning.operations import start_opening
from app.reports.models import Report
from billing.accounts.operations import open_sandbox_account
from tenants.context import SYSTEM, Scope
from tenants.db import Base, db
from tenants.permissions import Permission, permission_of
from tests.browser import Browser, Person
from tests.factories.cast import BORN, World
from tests.factories.conversations import a_conversation, leo_replies, moment
from tests.factories.escalations import a_pod
from tests.factories.mail import a_mail, an_inbox, receive
from tests.factories.reviews import a_review

# Host names are public; a brand's mail and reports link to the agency's.
SHARED_IN_AN_AGENCY = {"host"}
NOBODYS = {"digest": "0" * 64, "name": "nothing.js", "page_id": str(uuid4())}


def routes_with_ids(app: Flask) -> list[tuple[str, Rule]]:
    return [
        (method, rule)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if any("<uuid:" in part for part in rule.rule.split("/"))
        and permission_of(app.view_functions[rule.endpoint]) is not Permission.PUBLIC
    ]


@pytest.fixture
def ids(world: World, browser: Browser) -> dict[str, UUID]:
    """One of everything that has an id in a URL, all of it Northwind's."""
    mail = receive_broken(world)
    conversation = a_conversation(world, "Acme")
    conversation_id = getattr(conversation, "id", conversation)
    leo_replies(world, "Acme", conversation_id, now=moment(hours=1))
    a_pod(world, "Acme")
    review = a_review(world)
    with db.transaction(world.scope("Ana", Permission.WORKSPACES_OPEN)):
        opening = start_opening(now=BORN)
        db.session.flush()
        opening_id = opening.id
        open_sandbox_account(now=BORN)
    with db.transaction(world.system_scope("Acme")) as session:
        message_id = session.scalars(sa.select(Message.id).limit(1)).one()
        attachment = Attachment(
            message_id=message_id,
            filename="receipt.pdf",
            content_type="application/pdf",
            size_bytes=3,
            digest="0" * 64,
        )
        macro = Macro(name="Where is it", body="On its way.", created_at=BORN)
        report = Report(
            period_from=BORN.date(),
            period_until=BORN.date(),
            fingerprint="f",
            facts={},
            recipients=[],
            asked_by_name="Ana",
            created_at=BORN,
        )
        session.add_all([attachment, macro, report])
        session.flush()
        return {
            "raw_mail_id": mail,
            "conversation_id": conversation_id,
            "workspace_id": world.workspaces["Acme"],
            "member_id": world.members["Leo"],
            "opening_id": opening_id,
            "review_id": review.id,
            "message_id": message_id,
            "attachment_id": attachment.id,
            "macro_id": macro.id,
            "report_id": report.id,
            "delivery_id": session.scalars(sa.select(Delivery.id).limit(1)).one(),
            "pod_id": session.scalars(sa.select(Pod.id).limit(1)).one(),
            "page_id": uuid4(),
        }


def receive_broken(world: World) -> UUID:
    an_inbox(world, "Acme", "broken@acme.example")
    return receive(world, b"\r\n", at="broken@acme.example").id


def path_of(rule: Rule, ids: dict[str, UUID]) -> str:
    unknown = rule.arguments - ids.keys() - NOBODYS.keys()
    assert not unknown, f"{rule.rule}: add one of {unknown} to the fixture"
    values = {name: str(ids.get(name, NOBODYS.get(name))) for name in rule.arguments}
    return re.sub(r"<(?:[a-z]+:)?([a-z_]+)>", lambda match: values[match[1]], rule.rule)


def ask(person: Person, method: str, path: str) -> tuple[int, bytes]:
    answer = person.get(path) if method == "GET" else person.send(method, path)
    return answer.status_code, answer.data


@pytest.fixture(params=["every wall", "row security alone"])
def walls(request: pytest.FixtureRequest) -> str:
    """What stands between her and the rows."""
    if request.param == "row security alone":
        request.getfixturevalue("no_orm_scope")
    return str(request.param)


# There she may do everything: on the one as agent and owner, on the other as a client.
@pytest.mark.parametrize("host", ["southgate.localhost", "portal.southgate.localhost"])
def test_a_member_of_another_agency_cannot_tell_what_exists(
    browser: Browser,
    ids: dict[str, UUID],
    owner: sa.Connection,
    host: str,
    walls: str,
):
    mallory = browser.sign_in("mallory@southgate.example", host=host)
    missing = {name: uuid4() for name in ids}
    before = rows(owner)
    routes = routes_with_ids(browser.app)
    assert len(routes) > 25

    told = []
    for method, rule in routes:
        real = ask(mallory, method, path_of(rule, ids))
        nothing = ask(mallory, method, path_of(rule, missing))
        if real != nothing or real[0] != 404:
            told.append((method, rule.rule, real[0], nothing[0]))

    assert told == [], walls
    assert rows(owner) == before


def test_row_security_alone_hides_every_row_of_every_table(
    ids: dict[str, UUID], world: World, owner: sa.Connection, no_orm_scope: None
):
    """Core statements, which no ORM scope ever touches; the foreign scope even names our brand."""
    northwind, acme = world.agencies["Northwind"], ids["workspace_id"]
    everything = frozenset(world.workspaces.values())
    stranger = Scope(world.agencies["Southgate"], everything, SYSTEM, agency_wide=True)
    neighbour = world.system_scope("Birch")
    asked = 0

    for table in Base.metadata.sorted_tables:
        agency = table.c.get("agency_id", table.c.id if table.name == "agency" else None)
        if agency is None:
            continue
        brand = table.c.id if table.name == "workspace" else table.c.get("workspace_id")
        for scope, theirs in ((stranger, agency == northwind), (neighbour, brand == acme)):
            if scope is neighbour and (brand is None or table.name in SHARED_IN_AN_AGENCY):
                continue
            count = sa.select(sa.func.count()).select_from(table).where(theirs)
            asked += bool(owner.scalar(count))
            with db.transaction(scope) as session:
                assert session.scalar(count) == 0, (table.name, scope)

    assert asked > 40, "too little is there to be hidden"


@pytest.mark.parametrize("person", ["lin@northwind.example", "cleo@northwind.example"])
def test_what_belongs_to_a_brand_not_assigned_does_not_exist(
    browser: Browser, app: Flask, world: World, person: str
):
    an_inbox(world, "Birch")
    mail = receive(world, a_mail(to="support@birch.example"), at="support@birch.example")
    someone = browser.sign_in(person)

    statuses = {
        ask(someone, method, path_of(rule, {"conversation_id": mail.conversation_id}))[0]
        for method, rule in routes_with_ids(app)
        if rule.arguments == {"conversation_id"}
    }

    assert statuses <= {403, 404}


def test_nobody_signed_in_reaches_nothing_with_an_id(
    browser: Browser, app: Flask, ids: dict[str, UUID]
):
    anonymous = browser.anonymous("northwind.localhost")

    answers = {
        ask(anonymous, method, path_of(rule, ids))[0] for method, rule in routes_with_ids(app)
    }

    assert answers <= {303, 401, 404}


def test_the_same_routes_do_answer_those_they_are_for(browser: Browser, ids: dict[str, UUID]):
    """The control: these ids are real, so a 404 above means something."""
    ana, leo = browser.sign_in("ana@northwind.example"), browser.sign_in("leo@northwind.example")

    assert ana.get(f"/clients/{ids['workspace_id']}").status_code == 200
    assert ana.get(f"/quarantine/{ids['raw_mail_id']}").status_code == 200
    assert ana.get(f"/openings/{ids['opening_id']}/brand").status_code == 200
    assert leo.get(f"/conversations/{ids['conversation_id']}").status_code == 200
    quinn = browser.sign_in("quinn@northwind.example")
    assert quinn.get(f"/quality/reviews/{ids['review_id']}").status_code == 200


def rows(owner: sa.Connection) -> dict[str, int]:
    """How many rows each table holds, whoever's; sessions aside, which asking may touch."""
    counts = {
        table: owner.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608
        for table in Base.metadata.tables
    }
    owner.rollback()
    return counts
