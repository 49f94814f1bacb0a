"""Settings are read from the environment, checked as a whole, and wrong ones told in sentences."""

import base64
from dataclasses import FrozenInstanceError

import pytest

from app.config import Settings, SettingsError

PRODUCTION = {
    "APP_ENV": "production",
    "DATABASE_URL": "postgresql://livery_app:one@db/desk",
    "SYSTEM_DATABASE_URL": "postgresql://livery_system:two@db/desk",
    "REDIS_URL": "redis://redis/0",
    "SMTP_URL": "smtp+starttls://user:three@relay:587",
    "SECRET_KEY": "f" * 32,
    "CREDENTIALS_KEY": base64.b64encode(bytes(32)).decode(),
    "BILLING_PROVIDER": "manual",
    "BASE_DOMAIN": "desk.example",
}


def problems_of(**environ: str) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environ(environ)
    return raised.value.problems


def test_nothing_set_means_development_with_servers_of_our_own() -> None:
    settings = Settings.from_environ({})
    assert settings.env == "development"
    assert settings.embedded_database
    assert settings.embedded_redis
    assert settings.database_url.startswith("postgresql://livery_app@/livery?host=/")
    assert settings.redis_url.startswith("unix:///")
    assert settings.blob_url == f"file://{settings.var_dir}/blobs"


def test_production_with_everything_it_needs_is_accepted() -> None:
    settings = Settings.from_environ(PRODUCTION)
    assert settings.is_production
    assert settings.https
    assert not settings.embedded_database
    assert settings.url_of("help.acme.example", "/x") == "https://help.acme.example/x"
    assert len(settings.credentials_key_bytes) == 32


@pytest.mark.parametrize(
    "name",
    [
        "DATABASE_URL",
        "SYSTEM_DATABASE_URL",
        "REDIS_URL",
        "SMTP_URL",
        "SECRET_KEY",
        "CREDENTIALS_KEY",
    ],
)
def test_production_names_what_is_missing(name: str) -> None:
    problems = problems_of(**{key: value for key, value in PRODUCTION.items() if key != name})
    assert [problem for problem in problems if problem.startswith(f"{name} is missing")]


def test_every_problem_is_told_at_once() -> None:
    problems = problems_of(
        APP_ENV="prod", WEB_PORT="0", REDIS_URL="http://x", BASE_DOMAIN="a b", HTTPS="perhaps"
    )
    assert len(problems) == 5
    assert all(problem.endswith(".") for problem in problems)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_PORT", "65536"),
        ("WEB_PORT", "-1"),
        ("WEB_PORT", "9" * 5000),
        ("WEB_THREADS", "two"),
        ("MAX_MAIL_BYTES", "25MB"),
        ("TRUSTED_PROXIES", "6"),
        ("JOB_LEASE_SECONDS", "²"),
        ("BLOB_URL", "ftp://x"),
        ("SMTP_URL", "relay:25"),
        ("SECRET_KEY", "short"),
        ("CREDENTIALS_KEY", "not base64!"),
        ("CREDENTIALS_KEY", base64.b64encode(bytes(31)).decode()),
        ("BILLING_PROVIDER", "paypal"),
        ("MAIL_IN_PROTOCOL", "imap"),
        ("MAIL_DOMAIN", "mail.example:25"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    (problem,) = problems_of(**{name: value})
    assert problem.startswith(name)


def test_a_port_given_twice_is_refused() -> None:
    (problem,) = problems_of(WEB_PORT="9000", STREAM_PORT="9000")
    assert "WEB_PORT=9000, STREAM_PORT=9000" in problem


def test_the_application_may_not_sign_in_as_the_owner() -> None:
    owner = PRODUCTION["DATABASE_URL"]
    (problem,) = problems_of(**PRODUCTION | {"OWNER_DATABASE_URL": owner})
    assert "different roles" in problem


def test_a_database_url_without_a_database_is_refused() -> None:
    (problem,) = problems_of(**PRODUCTION | {"DATABASE_URL": "postgresql://livery_app@db"})
    assert "names no database" in problem


def test_a_known_key_is_not_shown_to_the_network() -> None:
    (problem,) = problems_of(WEB_HOST="0.0.0.0")
    assert "SECRET_KEY" in problem
    assert Settings.from_environ({"WEB_HOST": "0.0.0.0", "SECRET_KEY": "s" * 32})


def test_the_sandbox_takes_no_real_clients_unless_asked_to() -> None:
    sandbox = PRODUCTION | {"BILLING_PROVIDER": "sandbox"}
    assert "ALLOW_SANDBOX_BILLING" in problems_of(**sandbox)[0]
    assert Settings.from_environ(sandbox | {"ALLOW_SANDBOX_BILLING": "1"})


STRIPE = {
    "BILLING_PROVIDER": "stripe",
    "STRIPE_API_KEY": "rk_live_1",
    "STRIPE_WEBHOOK_SECRET": "whsec_1",
}


def test_a_live_key_needs_production_and_a_yes() -> None:
    assert "live key" in problems_of(**STRIPE, STRIPE_LIVE_OK="1")[0]
    assert "live key" in problems_of(**PRODUCTION | STRIPE)[0]
    assert Settings.from_environ(PRODUCTION | STRIPE | {"STRIPE_LIVE_OK": "1"})


def test_another_address_for_stripe_is_for_tests_only() -> None:
    problems = problems_of(**PRODUCTION | {"STRIPE_API_BASE": "http://127.0.0.1:9"})
    assert problems == ["STRIPE_API_BASE is for tests and refused in production."]


def test_settings_never_change() -> None:
    settings = Settings.from_environ({})
    with pytest.raises(FrozenInstanceError):
        settings.web_port = 1  # type: ignore[misc]


def test_secrets_are_not_shown_when_settings_are_printed() -> None:
    shown = repr(Settings.from_environ(PRODUCTION | STRIPE | {"STRIPE_LIVE_OK": "1"}))
    for secret in (":one@", ":two@", ":three@", "f" * 32, "rk_live_1", "whsec_1"):
        assert secret not in shown
