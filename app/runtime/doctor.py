"""Looks at everything an installation stands on, and says what is wrong and what to do."""

import ctypes
import socket
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import obstore
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.config import Settings, SettingsError
from app.runtime.database_checks import database_findings
from app.runtime.findings import Finding, fail, ok, warn
from app.runtime.greeting import greets
from app.runtime.processes import catches_mail, processes
from app.wiring import connect
from tenants import blobs
from themes import assets

_PDF_LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")


def examine() -> Iterator[Finding]:
    """Every check, in the order things depend on each other; settings first, or nothing else."""
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        for problem in error.problems:
            yield fail("settings", problem, "Set it in the environment; docs/deploy.md lists all.")
        return
    yield ok("settings", f"complete, for {settings.env}")
    yield from database_findings(settings)
    yield _redis(settings)
    yield _blobs(settings)
    yield _pdf()
    yield _front_end()
    yield _mail_relay(settings)
    yield from _listeners(settings)


def _redis(settings: Settings) -> Finding:
    client = redis.Redis.from_url(
        settings.redis_url, socket_timeout=3, socket_connect_timeout=3, retry=Retry(NoBackoff(), 0)
    )
    try:
        info = client.info()
        policy = _eviction_policy(client)
    except redis.RedisError as error:
        start = "Start it with: livery up." if settings.embedded_redis else "See REDIS_URL."
        return fail("redis", f"does not answer: {error}", start)
    if policy not in {"noeviction", "unknown"}:
        return fail(
            "redis",
            f"throws data away when full ({policy})",
            "Set maxmemory-policy to noeviction: work on its way to a worker must stay.",
        )
    return ok("redis", f"{info['redis_version']}, {info['used_memory_human']} used")


def _eviction_policy(client: redis.Redis) -> str:
    """Managed servers may forbid CONFIG; then it is taken on trust."""
    with suppress(redis.ResponseError):
        return str(client.config_get("maxmemory-policy")["maxmemory-policy"])
    return "unknown"


def _blobs(settings: Settings) -> Finding:
    try:
        connect(settings)
        blobs.check_writable()
    except (OSError, obstore.exceptions.BaseError) as error:
        return fail("blobs", f"cannot write to {settings.blob_url}: {error}", "See BLOB_URL.")
    if settings.is_production and settings.blob_url.startswith("memory://"):
        return fail("blobs", "are kept in memory", "Set BLOB_URL to file:///… or s3://….")
    return ok("blobs", f"writable at {settings.blob_url}")


def _pdf() -> Finding:
    missing = [name for name in _PDF_LIBRARIES if not _loads(name)]
    if missing:
        return fail("pdf", f"missing: {', '.join(missing)}", "Install them with: make setup")
    families = [font.family for font in assets.font_files()]
    if "Inter" not in families:
        return fail("pdf", "the fonts are not there", "Fetch them with: make setup")
    return ok("pdf", f"Pango and the fonts {', '.join(sorted(set(families)))} are there")


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _front_end() -> Finding:
    missing = []
    for name in ("htmx.js", "icons.svg"):
        try:
            found = assets.vendor_file(name).is_file()
        except assets.AssetMissing:
            found = False
        if not found:
            missing.append(name)
    if missing:
        return fail("front end", f"missing: {', '.join(missing)}", "Fetch them with: make setup")
    return ok("front end", "scripts and icons are there")


def _mail_relay(settings: Settings) -> Finding:
    relay = urlsplit(settings.smtp_url)
    host, port = relay.hostname or "", relay.port or (465 if relay.scheme == "smtps" else 25)
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError as error:
        advice = "Start it with: livery up." if catches_mail(settings) else "See SMTP_URL."
        return warn("mail relay", f"{host}:{port} does not answer: {error}", advice)
    if catches_mail(settings):
        message = f"mail is caught in {settings.var_dir / 'mail'}, none leaves this machine"
        if settings.is_production:
            return fail("mail relay", message, "Set SMTP_URL to a relay that delivers.")
        return ok("mail relay", message)
    return ok("mail relay", f"{host}:{port} answers")


def _listeners(settings: Settings) -> Iterator[Finding]:
    """In a stopped installation silence is worth a word, not a failure."""
    for process in processes(settings):
        for listener in process.listeners:
            if greets(listener):
                yield ok(process.name, f"answers on port {listener.port}")
            else:
                silent = f"does not answer on port {listener.port}"
                yield warn(process.name, silent, "Start it with: livery up")
