"""The deployment files fit the code, as far as can be seen without a container engine."""

import json
import re
from pathlib import Path

import click
import pytest
import yaml

from app.cli import COMMANDS, cli
from app.config import Settings
from app.runtime.processes import processes

ROOT = Path(__file__).parent.parent.parent.parent
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
OURS = {name: one for name, one in COMPOSE["services"].items() if one.get("image") == "desk"}
VALUES = {
    "BASE_DOMAIN": "desk.example",
    "MAIL_DOMAIN": "mail.desk.example",
    "APP_PASSWORD": "one",
    "SYSTEM_PASSWORD": "two",
    "OWNER_PASSWORD": "three",
    "SECRET_KEY": "s" * 32,
    "CREDENTIALS_KEY": "A" * 43 + "=",
    "SMTP_URL": "smtp://relay:25",
}


def filled(text: object) -> str:
    """A value as Compose would fill it in."""
    return re.sub(
        r"\$\{(\w+)(?::[-?]([^}]*))?\}",
        lambda match: VALUES.get(match[1], match[2] or ""),
        str(text),
    )


def is_command(words: list[str]) -> bool:
    command: click.Command = cli
    context = click.Context(cli)
    for index, word in enumerate(words):
        if not isinstance(command, click.Group):
            command.make_context(word, list(words[index:]))
            return True
        found = command.get_command(context, word)
        if found is None:
            return False
        command = found
    return not isinstance(command, click.Group)


@pytest.mark.parametrize("service", OURS)
def test_each_service_runs_a_command_that_exists(service: str) -> None:
    assert is_command(OURS[service]["command"])


def test_a_command_that_does_not_exist_would_be_noticed() -> None:
    assert not is_command(["labourer", "mail"])
    with pytest.raises(click.BadParameter):
        is_command(["worker", "letters"])


def test_compose_runs_every_process_the_supervisor_does() -> None:
    own = {"catcher"}  # a real installation delivers its mail
    wanted = {process.name for process in processes(Settings.from_environ({}))} - own
    assert wanted <= {" ".join(service["command"]) for service in OURS.values()}


@pytest.mark.parametrize("service", OURS)
def test_each_service_has_settings_the_application_accepts(service: str) -> None:
    environ = {name: filled(value) for name, value in OURS[service]["environment"].items()}
    settings = Settings.from_environ(environ)
    assert settings.is_production
    assert not settings.embedded_database
    assert not settings.embedded_redis


def test_only_migrations_know_the_owner() -> None:
    knowing = {
        name for name, service in OURS.items() if "OWNER_DATABASE_URL" in service["environment"]
    }
    assert knowing == {"roles", "migrate"}


def test_what_listens_has_a_health_check_that_is_a_command() -> None:
    for name, service in COMPOSE["services"].items():
        if "ports" in service:
            assert is_command(service["healthcheck"]["test"][4:]), name


def test_nothing_secret_is_written_down() -> None:
    text = (ROOT / "compose.yaml").read_text() + (ROOT / "Dockerfile").read_text()
    secrets = re.findall(r"^\s*\w*(?:PASSWORD|SECRET|KEY)\w*\s*[:=]\s*(.+)$", text, re.MULTILINE)
    assert len(secrets) >= 4
    assert all(secret.startswith("${") for secret in secrets)


def test_the_image_copies_only_what_is_there() -> None:
    allowed = (ROOT / ".dockerignore").read_text().splitlines()
    for line in (ROOT / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists(), source
                parents = [source, *map(str, Path(source).parents)]
                assert any(f"!{parent}" in allowed for parent in parents), source


def test_the_lock_files_name_no_address() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    for lock in ROOT.glob("requirements*.lock"):
        assert "://" not in lock.read_text(), lock.name


def test_the_guide_names_every_variable_the_settings_read() -> None:
    guide = (ROOT / "docs" / "deploy.md").read_text()
    read = re.findall(r'"([A-Z][A-Z_]{3,})"', (ROOT / "app" / "config.py").read_text())
    assert read
    assert [name for name in read if f"`{name}`" not in guide] == []


def test_every_command_has_a_sentence_of_help() -> None:
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        assert command.get_short_help_str(), name
    assert set(cli.list_commands(context)) <= set(COMMANDS)
