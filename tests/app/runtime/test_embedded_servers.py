"""PostgreSQL and Redis of our own: started, found again, recovered, and closed to strangers."""

import os
import shutil
import signal
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from app.config import Settings
from app.runtime.embedded import embedded_servers, servers_running, start_servers, stop_servers
from app.runtime.errors import CannotStart
from app.runtime.postgresql import PostgreSQL
from app.runtime.reach import private_folder
from app.runtime.roles import prepare_server, script


@pytest.fixture
def settings() -> Iterator[Settings]:
    """An installation that names no servers, in a short folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="lv-"))
    settings = Settings.from_environ({"APP_ENV": "test", "VAR_DIR": str(folder)})
    yield settings
    stop_servers(list(embedded_servers(settings).values()))
    shutil.rmtree(folder)


def remember(settings: Settings) -> None:
    with psycopg.connect(settings.owner_database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        connection.execute("GRANT SELECT ON kept TO livery_app")
    redis.Redis.from_url(settings.redis_url).set("kept", "yes")


def answer_kept(settings: Settings) -> int:
    with psycopg.connect(settings.database_url) as connection:
        row = connection.execute("SELECT answer FROM kept").fetchone()
        assert row is not None
        return int(row[0])


def test_data_is_there_at_the_second_start(settings: Settings) -> None:
    started = start_servers(settings)
    assert len(started) == 2
    remember(settings)
    stop_servers(started)
    with servers_running(settings):
        assert answer_kept(settings) == 42
        assert redis.Redis.from_url(settings.redis_url).get("kept") == b"yes"
    assert not any(server.is_up() for server in embedded_servers(settings).values())


def test_servers_that_run_already_are_used_and_left_running(settings: Settings) -> None:
    start_servers(settings)
    remember(settings)
    with servers_running(settings):
        assert answer_kept(settings) == 42
    assert all(server.is_up() for server in embedded_servers(settings).values())


def test_a_database_killed_with_9_is_recovered(settings: Settings) -> None:
    start_servers(settings)
    remember(settings)
    process_id = int((settings.var_dir / "pg" / "postmaster.pid").read_text().split()[0])
    os.kill(process_id, signal.SIGKILL)
    assert [type(server) for server in start_servers(settings)] == [PostgreSQL]
    assert answer_kept(settings) == 42


def test_the_roles_own_nothing_and_pass_no_wall(settings: Settings) -> None:
    start_servers(settings)
    with psycopg.connect(settings.owner_database_url) as connection:
        roles = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication"
            " FROM pg_roles WHERE rolname LIKE 'livery%' ORDER BY 1"
        ).fetchall()
        members = connection.execute(
            "SELECT 1 FROM pg_auth_members WHERE member::regrole::text LIKE 'livery%'"
        ).fetchall()
    nothing = (False, False, False, False, False)
    assert roles == [("livery_app", *nothing), ("livery_system", *nothing)]
    assert members == []


@pytest.mark.parametrize("statement", ["CREATE TABLE mine ()", "CREATE TEMP TABLE mine ()"])
def test_the_application_may_create_no_table(settings: Settings, statement: str) -> None:
    start_servers(settings)
    with (
        psycopg.connect(settings.database_url) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


def test_nobody_else_on_the_machine_can_reach_the_servers(settings: Settings) -> None:
    start_servers(settings)
    for folder in ("pg", "redis"):
        mode = stat.S_IMODE((settings.var_dir / folder).stat().st_mode)
        assert mode == 0o700
    with psycopg.connect(settings.owner_database_url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert redis.Redis.from_url(settings.redis_url).config_get("port") == {"port": "0"}


def test_redis_keeps_what_it_took_and_throws_nothing_away(settings: Settings) -> None:
    start_servers(settings)
    found = redis.Redis.from_url(settings.redis_url).config_get("*")
    assert found["appendonly"] == "yes"
    assert found["appendfsync"] == "everysec"
    assert found["maxmemory-policy"] == "noeviction"


@pytest.mark.skipif(os.geteuid() != 0, reason="started as an ordinary user")
def test_started_by_root_the_database_runs_as_somebody_else(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    server = PostgreSQL(home / "var" / "pg", durable=False)
    try:
        server.start()
        process_id = int((home / "var" / "pg" / "postmaster.pid").read_text().split()[0])
        assert Path(f"/proc/{process_id}").stat().st_uid != 0
        others = stat.S_IMODE(home.stat().st_mode) & 0o007
        assert others == stat.S_IXOTH, "passable, and no more than that"
    finally:
        server.stop()


def test_a_path_too_long_for_a_socket_and_with_blanks_works(tmp_path: Path) -> None:
    folder = tmp_path / f"a path with blanks and {'length ' * 20}"
    server = PostgreSQL(folder / "pg", durable=False)
    try:
        assert server.start()
        assert server.is_up()
        assert server.sockets != server.data
        assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
    finally:
        server.stop()
        shutil.rmtree(server.sockets)


def test_a_folder_somebody_else_made_is_not_trusted(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "place").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CannotStart, match="belongs to somebody else"):
        private_folder(tmp_path / "place")


def test_data_of_a_version_we_do_not_carry_is_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "pg"
    data.mkdir()
    (data / "PG_VERSION").write_text("12\n")
    with pytest.raises(CannotStart, match="made by PostgreSQL 12"):
        PostgreSQL(data).start()
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


def test_a_server_is_prepared_twice_without_harm_and_takes_passwords(settings: Settings) -> None:
    start_servers(settings)
    passwords = {"livery_app": "o'clock", "livery_system": "two"}
    prepare_server(settings.owner_database_url, passwords=passwords)
    with psycopg.connect(settings.owner_database_url) as connection:
        stored = connection.execute(
            "SELECT rolpassword FROM pg_authid WHERE rolname = 'livery_app'"
        ).fetchone()
    assert stored is not None
    assert stored[0].startswith("SCRAM-SHA-256$")


def test_the_script_for_doing_it_by_hand_is_the_same_sql(settings: Settings) -> None:
    text = script("postgresql://postgres:secret@db/desk")
    assert 'CREATE ROLE "livery_app" LOGIN NOSUPERUSER' in text
    assert 'CREATE DATABASE "desk"' in text
    assert "secret" not in text
