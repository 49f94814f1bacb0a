"""Settings: read from the environment once, checked as a whole, never changed after."""

import base64
import binascii
import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlsplit

from app.environ import Environ
from tenants.walls import APP_ROLE, SYSTEM_ROLE

Environment = Literal["development", "production", "test"]
BillingProvider = Literal["sandbox", "manual", "stripe"]
MailProtocol = Literal["smtp", "lmtp"]

EMBEDDED_OWNER = "postgres"
EMBEDDED_DATABASE = "livery"

_DEVELOPMENT_KEY = "development only, never used where real clients are served"
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")
_LONGEST_SOCKET_PATH = 100  # the kernel's limit is 107 bytes


class SettingsError(Exception):
    """What is wrong or missing in the environment, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        lines = "\n".join(f"  - {problem}" for problem in problems)
        super().__init__(f"The settings are not complete:\n{lines}")
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """Everything the environment decides; what each means is told in docs/deploy.md."""

    env: Environment
    var_dir: Path

    database_url: str = field(repr=False)  # as livery_app, held by row security
    system_database_url: str = field(repr=False)  # as livery_system
    owner_database_url: str = field(repr=False)  # for migrations; empty where there are none
    embedded_database: bool  # no DATABASE_URL: PostgreSQL is ours to start
    redis_url: str = field(repr=False)
    embedded_redis: bool
    blob_url: str
    secret_key: str = field(repr=False)
    credentials_key: str = field(repr=False)

    base_domain: str
    operator_host: str
    https: bool
    public_port: int
    trusted_proxies: int
    web_host: str
    web_port: int
    web_processes: int
    web_threads: int
    stream_port: int
    max_upload_bytes: int
    job_lease_seconds: int

    mail_domain: str
    mail_in_protocol: MailProtocol
    smtp_in_host: str
    smtp_in_port: int
    max_mail_bytes: int
    smtp_url: str = field(repr=False)
    catcher_port: int
    catcher_page_port: int

    billing_provider: BillingProvider
    stripe_api_key: str = field(repr=False)
    stripe_webhook_secret: str = field(repr=False)
    stripe_api_base: str

    @classmethod
    def from_environment(cls) -> "Settings":
        """The settings of this process. Raises: SettingsError naming every problem."""
        return cls.from_environ(os.environ)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """The settings these variables name. Raises: SettingsError naming every problem."""
        return _Reader(environ).settings()

    @property
    def is_production(self) -> bool:
        """Whether real clients are served."""
        return self.env == "production"

    @property
    def secret_key_bytes(self) -> bytes:
        """The key of cookies and tokens."""
        return self.secret_key.encode()

    @property
    def credentials_key_bytes(self) -> bytes:
        """The 32-byte key that seals secrets at rest."""
        return base64.b64decode(self.credentials_key)

    def url_of(self, host: str, path: str = "/") -> str:
        """A link on one of our hosts, with the scheme and port it is reached at."""
        scheme, default = ("https", 443) if self.https else ("http", 80)
        port = "" if self.public_port == default else f":{self.public_port}"
        return f"{scheme}://{host}{port}{path}"

    def stream_origin(self, host: str) -> str:
        """Where a page of this host finds its stream; empty behind a proxy: on the same origin."""
        return "" if self.https else f"http://{host}:{self.stream_port}"


def socket_folder(data_folder: Path) -> Path:
    """Where the embedded server of this data folder puts its socket.

    In the data folder, or in a short folder of its own where that path is too long for a socket.
    """
    if len(os.fsencode(data_folder / ".s.PGSQL.5432")) <= _LONGEST_SOCKET_PATH:
        return data_folder
    digest = hashlib.sha256(os.fsencode(data_folder)).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"livery-{os.geteuid()}-{digest}"


def embedded_database_url(var_dir: Path, role: str, database: str = EMBEDDED_DATABASE) -> str:
    """How to reach a database of the embedded PostgreSQL of this folder."""
    return f"postgresql://{role}@/{database}?host={quote(str(socket_folder(var_dir / 'pg')))}"


def embedded_redis_url(var_dir: Path) -> str:
    """How to reach the embedded Redis of this folder."""
    return f"unix://{quote(str(socket_folder(var_dir / 'redis') / 'redis.sock'))}"


class _Reader(Environ):
    """Reads all of it and lists every problem at once, so that one start shows them all."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        super().__init__(variables)
        self.env: Environment = self.one_of(
            "APP_ENV", ("development", "production", "test"), "development"
        )
        self.production = self.env == "production"
        self.var_dir = Path(self.text("VAR_DIR", "var")).absolute()

    def settings(self) -> Settings:
        base_domain = self.host_name("BASE_DOMAIN", "localhost")
        web_port = self.port("WEB_PORT", 8000)
        catcher_port = self.port("CATCHER_PORT", 1025)
        embedded_database = not self.text("DATABASE_URL")
        embedded_redis = not self.text("REDIS_URL")
        read = Settings(
            env=self.env,
            var_dir=self.var_dir,
            database_url=self._database_url("DATABASE_URL", APP_ROLE, embedded=embedded_database),
            system_database_url=self._database_url(
                "SYSTEM_DATABASE_URL", SYSTEM_ROLE, embedded=embedded_database
            ),
            owner_database_url=self._database_url(
                "OWNER_DATABASE_URL", EMBEDDED_OWNER, embedded=embedded_database
            ),
            embedded_database=embedded_database,
            redis_url=self._redis_url(embedded=embedded_redis),
            embedded_redis=embedded_redis,
            blob_url=self.url(
                "BLOB_URL", ("file", "s3", "memory"), default=f"file://{self.var_dir}/blobs"
            ),
            secret_key=self._secret_key(),
            credentials_key=self._credentials_key(),
            base_domain=base_domain,
            operator_host=self.host_name("OPERATOR_HOST", f"operator.{base_domain}"),
            https=self.flag("HTTPS", default=self.production),
            public_port=self.port("PUBLIC_PORT", 443 if self.production else web_port),
            trusted_proxies=self.number("TRUSTED_PROXIES", 0, 0, 5),
            web_host=self.text("WEB_HOST", "127.0.0.1"),
            web_port=web_port,
            web_processes=self.number("WEB_PROCESSES", 2, 1, 64),
            web_threads=self.number("WEB_THREADS", 8, 1, 64),
            stream_port=self.port("STREAM_PORT", 8001),
            max_upload_bytes=self.number("MAX_UPLOAD_BYTES", 12_000_000, 100_000, 100_000_000),
            job_lease_seconds=self.number("JOB_LEASE_SECONDS", 120, 2, 3600),
            mail_domain=self.host_name("MAIL_DOMAIN", f"mail.{base_domain}"),
            mail_in_protocol=self.one_of("MAIL_IN_PROTOCOL", ("smtp", "lmtp"), "smtp"),
            smtp_in_host=self.text("SMTP_IN_HOST", "127.0.0.1"),
            smtp_in_port=self.port("SMTP_IN_PORT", 2525),
            max_mail_bytes=self.number("MAX_MAIL_BYTES", 25_000_000, 100_000, 100_000_000),
            smtp_url=self._smtp_url(catcher_port),
            catcher_port=catcher_port,
            catcher_page_port=self.port("CATCHER_PAGE_PORT", 1080),
            billing_provider=self.one_of(
                "BILLING_PROVIDER", ("sandbox", "manual", "stripe"), "sandbox"
            ),
            stripe_api_key=self.text("STRIPE_API_KEY"),
            stripe_webhook_secret=self.text("STRIPE_WEBHOOK_SECRET"),
            stripe_api_base=self.url("STRIPE_API_BASE", ("http", "https")),
        )
        self._check_roles(read)
        self._check_ports(read)
        self._check_open_to_network(read)
        self._check_billing(read)
        if self.problems:
            raise SettingsError(self.problems)
        return read

    # What must hold between several values.

    def _check_roles(self, read: Settings) -> None:
        users = {
            name: urlsplit(url).username
            for name, url in (
                ("DATABASE_URL", read.database_url),
                ("SYSTEM_DATABASE_URL", read.system_database_url),
                ("OWNER_DATABASE_URL", read.owner_database_url),
            )
            if url
        }
        if len(set(users.values())) < len(users):
            self.problems.append(
                f"{', '.join(users)} must sign in as different roles: {APP_ROLE}, {SYSTEM_ROLE}"
                " and the owner of the tables."
            )

    def _check_ports(self, read: Settings) -> None:
        ports = {
            "WEB_PORT": read.web_port,
            "STREAM_PORT": read.stream_port,
            "SMTP_IN_PORT": read.smtp_in_port,
            "CATCHER_PORT": read.catcher_port,
            "CATCHER_PAGE_PORT": read.catcher_page_port,
        }
        if len(set(ports.values())) < len(ports):
            listed = ", ".join(f"{name}={port}" for name, port in ports.items())
            self.problems.append(f"Each port may be used once: {listed}.")

    def _check_open_to_network(self, read: Settings) -> None:
        if read.web_host not in _LOOPBACK and read.secret_key == _DEVELOPMENT_KEY:
            self.problems.append(
                f"WEB_HOST={read.web_host} is reachable from outside: set SECRET_KEY to 32 random"
                " characters or more first."
            )

    def _check_billing(self, read: Settings) -> None:
        if self.production and read.stripe_api_base:
            self.problems.append("STRIPE_API_BASE is for tests and refused in production.")
        if read.billing_provider == "stripe":
            self._check_stripe(read)
        allowed = self.flag("ALLOW_SANDBOX_BILLING", default=False)
        if read.billing_provider == "sandbox" and self.production and not allowed:
            self.problems.append(
                "BILLING_PROVIDER=sandbox takes no money and is refused in production; choose"
                " manual or stripe, or set ALLOW_SANDBOX_BILLING=1 for a trial."
            )

    def _check_stripe(self, read: Settings) -> None:
        if not read.stripe_api_key.startswith(("rk_", "sk_")):
            self.problems.append("STRIPE_API_KEY must be a restricted key (rk_…).")
        if not read.stripe_webhook_secret.startswith("whsec_"):
            self.problems.append("STRIPE_WEBHOOK_SECRET must be the endpoint's secret (whsec_…).")
        live_ok = self.production and self.flag("STRIPE_LIVE_OK", default=False)
        if "_live_" in read.stripe_api_key and not live_ok:
            self.problems.append(
                "STRIPE_API_KEY is a live key: it needs APP_ENV=production and STRIPE_LIVE_OK=1."
            )

    # Single values with rules of their own.

    def _database_url(self, name: str, role: str, *, embedded: bool) -> str:
        if embedded and not self.production:
            if self.text(name):
                self.problems.append(f"{name} is set but DATABASE_URL is not: set both or neither.")
            return embedded_database_url(self.var_dir, role)
        needed_by = "" if name == "OWNER_DATABASE_URL" else self._whoever_needs_it()
        value = self.url(name, _POSTGRESQL, needed_by=needed_by)
        if value and not urlsplit(value).path.strip("/"):
            self.problems.append(f"{name} names no database: postgresql://role:password@host/name.")
        return value

    def _whoever_needs_it(self) -> str:
        return "production" if self.production else "DATABASE_URL"

    def _redis_url(self, *, embedded: bool) -> str:
        if embedded and not self.production:
            return embedded_redis_url(self.var_dir)
        return self.url("REDIS_URL", ("redis", "rediss", "unix"), needed_by="production")

    def _smtp_url(self, catcher_port: int) -> str:
        return self.url(
            "SMTP_URL",
            ("smtp", "smtps", "smtp+starttls"),
            needed_by="production" if self.production else "",
            default=f"smtp://127.0.0.1:{catcher_port}",
        )

    def _secret_key(self) -> str:
        value = self.text("SECRET_KEY")
        if not value and self.production:
            self.problems.append("SECRET_KEY is missing: 32 random characters or more.")
        elif value and len(value.encode()) < 32:
            self.problems.append("SECRET_KEY is too short: 32 random characters or more.")
        return value or _DEVELOPMENT_KEY

    def _credentials_key(self) -> str:
        value = self.text("CREDENTIALS_KEY")
        if not value:
            if self.production:
                self.problems.append("CREDENTIALS_KEY is missing: 32 random bytes in base64.")
            return base64.b64encode(hashlib.sha256(_DEVELOPMENT_KEY.encode()).digest()).decode()
        try:
            size = len(base64.b64decode(value, validate=True))
        except (binascii.Error, ValueError):
            size = 0
        if size != 32:
            self.problems.append("CREDENTIALS_KEY must be 32 bytes in base64.")
        return value
