"""People sign in on their own host, with a session kept on the server."""

from dataclasses import replace

import pytest
import redis
import sqlalchemy as sa

from app import create_app
from app.config import Settings
from tenants.db import db
from tenants.members.models import MemberSession
from tests.browser import Browser
from tests.factories.cast import PASSWORD, World
from tests.servers import Cluster, RedisServer

AGENCY_HOST = "northwind.localhost"


def test_a_member_signs_in_and_out(browser: Browser):
    leo = browser.sign_in("leo@northwind.example")
    assert leo.get("/sign-in").status_code == 303

    leo.post("/sign-out")

    assert leo.get("/sign-in").status_code == 200


def test_a_replayed_cookie_is_worth_nothing_after_sign_out(browser: Browser):
    leo = browser.sign_in("leo@northwind.example")
    stolen = leo.client.get_cookie("sid", domain=AGENCY_HOST)
    assert stolen is not None
    leo.post("/sign-out")
    leo.client.set_cookie("sid", stolen.value, domain=AGENCY_HOST)

    assert leo.get("/sign-in").status_code == 200


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("leo@northwind.example", "wrong"),
        ("nobody@northwind.example", PASSWORD),
        ("mallory@southgate.example", PASSWORD),
        ("leo@northwind.example", PASSWORD.upper()),
    ],
)
def test_a_wrong_pair_is_refused_without_saying_which(browser: Browser, email: str, password: str):
    answer = browser.anonymous(AGENCY_HOST).post("/sign-in", {"email": email, "password": password})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "This address and password do not match." in page
    assert email in page
    assert password not in page


def test_empty_fields_are_named(browser: Browser):
    answer = browser.anonymous(AGENCY_HOST).post("/sign-in", {"email": "", "password": ""})

    assert answer.status_code == 422
    assert "Enter your mail address." in answer.get_data(as_text=True)
    assert "Enter your password." in answer.get_data(as_text=True)


def test_only_the_hash_of_a_session_is_stored(browser: Browser, world: World):
    leo = browser.sign_in("leo@northwind.example")
    cookie = leo.client.get_cookie("sid", domain=AGENCY_HOST)
    assert cookie is not None

    with db.system() as session:
        hashes = list(session.scalars(sa.select(MemberSession.token_hash)))

    assert len(hashes) == 1
    assert cookie.value not in hashes
    assert cookie.http_only


def test_a_session_of_one_host_is_nobody_on_another(browser: Browser):
    leo = browser.sign_in("leo@northwind.example")
    cookie = leo.client.get_cookie("sid", domain=AGENCY_HOST)
    assert cookie is not None
    elsewhere = browser.anonymous("portal.northwind.localhost")
    elsewhere.client.set_cookie("sid", cookie.value, domain="portal.northwind.localhost")

    assert elsewhere.get("/sign-in").status_code == 200


def test_an_unknown_host_is_told_nothing(browser: Browser):
    answer = browser.anonymous("nobody.example").get("/sign-in")

    assert (answer.status_code, answer.data) == (404, b"Not found.\n")


def test_a_form_without_its_token_is_refused(browser: Browser):
    person = browser.anonymous(AGENCY_HOST)

    answer = person.client.post(
        "/sign-in",
        data={"email": "leo@northwind.example", "password": PASSWORD},
        base_url=f"http://{AGENCY_HOST}",
    )

    assert answer.status_code == 400
    assert "out of date" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\tevil",
    ],
)
def test_the_way_on_never_leads_to_another_site(browser: Browser, wanted: str):
    answer = browser.anonymous(AGENCY_HOST).post(
        "/sign-in",
        {"email": "leo@northwind.example", "password": PASSWORD, "next": wanted},
    )

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_guessing_is_slowed_down(browser: Browser):
    person = browser.anonymous(AGENCY_HOST)
    wrong = {"email": "leo@northwind.example", "password": "guess"}
    answers = [person.post("/sign-in", wrong).status_code for _ in range(12)]

    assert answers.count(429) == 2


def test_blanks_around_an_address_buy_no_further_guesses(browser: Browser):
    person = browser.anonymous(AGENCY_HOST)
    answers = [
        person.post(
            "/sign-in", {"email": " " * blanks + "Leo@northwind.example", "password": "guess"}
        ).status_code
        for blanks in range(12)
    ]

    assert answers.count(429) == 2


def test_guesses_at_another_agency_lock_nobody_out_here(browser: Browser):
    mallory = browser.anonymous("southgate.localhost")
    wrong = {"email": "leo@northwind.example", "password": "guess"}
    assert [mallory.post("/sign-in", wrong).status_code for _ in range(11)][-1] == 429

    browser.sign_in("leo@northwind.example")


@pytest.mark.parametrize("email", ["leo\x00@northwind.example", "\x00", "l\ufffdo@x.example"])
def test_an_address_nobody_can_type_is_a_wrong_one(browser: Browser, email: str):
    answer = browser.anonymous(AGENCY_HOST).post("/sign-in", {"email": email, "password": "\x00x"})

    assert answer.status_code == 422


def test_without_redis_nobody_signs_in(browser: Browser, settings: Settings):
    client = redis.Redis.from_url(settings.redis_url)
    client.config_set("maxclients", 1)
    try:
        answer = browser.anonymous(AGENCY_HOST).post(
            "/sign-in", {"email": "leo@northwind.example", "password": PASSWORD}
        )
    finally:
        client.config_set("maxclients", 10000)
        client.close()

    assert answer.status_code == 429


def test_tries_are_counted_over_a_socket_too(
    cluster: Cluster, database: str, settings: Settings, redis_server: RedisServer, world: World
):
    over_socket = replace(settings, redis_url=redis_server.socket_url)
    browser = Browser(create_app(over_socket), world)

    browser.sign_in("leo@northwind.example")
    person = browser.anonymous(AGENCY_HOST)
    wrong = {"email": "leo@northwind.example", "password": "guess"}
    assert [person.post("/sign-in", wrong).status_code for _ in range(11)][-1] == 429


def test_a_deactivated_member_is_out_at_once(browser: Browser, world: World):
    from tenants.context import SYSTEM, Scope  # noqa: PLC0415
    from tenants.members.models import Member  # noqa: PLC0415

    leo = browser.sign_in("leo@northwind.example")
    with db.transaction(Scope(world.agencies["Northwind"], frozenset(), SYSTEM)) as session:
        session.execute(
            sa.update(Member)
            .where(Member.id == world.members["Leo"])
            .values(deactivated_at=sa.func.now())
        )

    assert leo.get("/sign-in").status_code == 200
