"""`livery doctor` finds what is wrong with an installation, and says what to do."""

import json
from dataclasses import replace

import psycopg
import pytest
from click.testing import CliRunner

from app.cli import cli
from app.config import Settings
from app.runtime.database_checks import database_findings, judge_version
from app.runtime.findings import Finding
from app.runtime.migrations import migrate


def levels(findings: list[Finding]) -> dict[str, str]:
    """The worst level by name."""
    order = ["ok", "warn", "fail"]
    found: dict[str, str] = {}
    for finding in findings:
        found[finding.name] = max(found.get(finding.name, "ok"), finding.level, key=order.index)
    return found


@pytest.mark.parametrize(
    ("number", "level"),
    [(140_019, "fail"), (150_013, "fail"), (150_014, "ok"), (170_005, "fail"), (180_004, "ok")],
)
def test_old_and_leaking_versions_are_refused(number: int, level: str) -> None:
    assert judge_version(number).level == level


def test_a_migrated_database_with_its_roles_is_well(settings: Settings) -> None:
    migrate(settings.owner_database_url)
    findings = list(database_findings(settings))
    assert levels(findings) == dict.fromkeys(
        ["roles", "database", "migrations", "walls", "queue"], "ok"
    )


def test_the_owner_in_the_place_of_the_application_fails(settings: Settings) -> None:
    findings = list(database_findings(replace(settings, database_url=settings.owner_database_url)))
    assert levels(findings)["roles"] == "fail"


def test_a_wall_taken_down_fails(settings: Settings) -> None:
    migrate(settings.owner_database_url)
    with psycopg.connect(settings.owner_database_url) as connection:
        connection.execute("ALTER TABLE contact NO FORCE ROW LEVEL SECURITY")
    (walls,) = [one for one in database_findings(settings) if one.name == "walls"]
    assert walls.level == "fail"
    assert "contact: RLS not enabled and forced" in walls.message


def test_a_migration_that_has_not_run_fails(settings: Settings) -> None:
    migrate(settings.owner_database_url)
    with psycopg.connect(settings.owner_database_url) as connection:
        connection.execute("DELETE FROM alembic_version")
    (migrations,) = [one for one in database_findings(settings) if one.name == "migrations"]
    assert migrations.level == "fail"
    assert "livery db migrate" in migrations.advice


def test_work_that_waits_for_long_fails(settings: Settings) -> None:
    migrate(settings.owner_database_url)
    with psycopg.connect(settings.owner_database_url) as connection:
        connection.execute(
            "INSERT INTO job (agency_id, agency_wide, actor_kind, actor_name, queue, function,"
            " args, state, attempts, available_at) VALUES (gen_random_uuid(), true, 'system', 'x',"
            " 'mail', 'x', '[]', 'due', 0, now() - interval '10 minutes')"
        )
    (queue,) = [one for one in database_findings(settings) if one.name == "queue"]
    assert queue.level == "fail"
    assert "oldest for 10 minutes" in queue.message


def test_a_stopped_installation_is_told_how_to_start(tmp_path: object) -> None:
    environ = {"APP_ENV": "test", "VAR_DIR": str(tmp_path), "CATCHER_PORT": "1", "WEB_PORT": "2"}
    result = CliRunner().invoke(cli, ["doctor", "--json"], env=environ)
    assert result.exit_code == 1
    findings = {finding["name"]: finding for finding in json.loads(result.output)}
    assert findings["database"]["level"] == "fail"
    assert findings["redis"]["advice"] == "Start it with: livery up."
    assert findings["web"]["level"] == "warn"
    assert findings["pdf"]["level"] == "ok"


def test_wrong_settings_are_findings_like_any_other() -> None:
    result = CliRunner().invoke(cli, ["doctor"], env={"WEB_PORT": "no"})
    assert result.exit_code == 1
    assert "WEB_PORT is 'no'" in result.output
