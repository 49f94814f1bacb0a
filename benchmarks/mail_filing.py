"""Mail in: stored, read and filed, against PostgreSQL alone writing the same rows."""

import email
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from uuid import UUID

from app.channels.email.incoming import Incoming, Refused
from app.channels.email.parse import parse
from app.inbound.filing import settle
from app.inbound.operations import store_mail
from app.inbound.queries import lock_mail
from app.inbound.recipients import Destination, find_destination
from benchmarks.ground import Ground
from benchmarks.mails import Mail, construct_mails
from benchmarks.statements import Transaction, inserts_only, recorded, write_script
from benchmarks.table import Line, rate
from tenants.db import db, utc_now
from tenants.jobs import run_row
from tests.factories.cast import BORN, build_world
from tests.factories.conversations import a_promise
from tests.factories.mail import an_inbox

TEMPLATE = "mail"
_BRANDS = ("Acme", "Birch")
_SAME_ROWS = "pgbench, plain inserts of the same rows"
_SAME_STATEMENTS = "pgbench, all the same statements"

Read = Incoming | Refused


@dataclass
class _Round:
    """Seconds of each mail, and of PostgreSQL alone for all of them."""

    stored: list[float] = field(default_factory=list)
    ran: list[float] = field(default_factory=list)
    settled: list[float] = field(default_factory=list)
    read: list[float] = field(default_factory=list)
    library: list[float] = field(default_factory=list)
    pg_inserts: float = 0
    pg_import: float = 0
    pg_settle: float = 0

    @property
    def imported(self) -> list[float]:
        """The whole way of each mail."""
        return [store + run for store, run in zip(self.stored, self.ran, strict=True)]


@dataclass(frozen=True)
class _Scripts:
    """What PostgreSQL alone is given to do."""

    inserts: Path
    stored: Path
    ran: Path
    stored_again: Path
    settled: Path
    note: str


def measure_mail(
    ground: Ground, *, mails: int, rounds: int, seed: int
) -> tuple[list[Line], list[str]]:
    """The lines of the table, and a note about the statements."""
    _build_template(ground)
    addresses = [f"support@{brand.lower()}.example" for brand in _BRANDS]
    constructed = construct_mails(mails, inboxes=addresses, seed=seed)
    read = [parse(mail.raw) for mail in constructed]
    scripts = _record(ground, constructed, read)
    measured = [_measure_once(ground, constructed, read, scripts) for _ in range(rounds)]
    return _lines(mails, measured), [scripts.note]


def _lines(mails: int, rounds: list[_Round]) -> list[Line]:
    imported = rate(mails, [sum(each.imported) for each in rounds])
    settled = rate(mails, [sum(each.settled) for each in rounds])
    read = rate(mails, [sum(each.read) for each in rounds])
    inserts = rate(mails, [each.pg_inserts for each in rounds])
    same_import = rate(mails, [each.pg_import for each in rounds])
    same_settle = rate(mails, [each.pg_settle for each in rounds])
    library = rate(mails, [sum(each.library) for each in rounds])
    import_times = [seconds for each in rounds for seconds in each.imported]
    settle_times = [seconds for each in rounds for seconds in each.settled]
    read_times = [seconds for each in rounds for seconds in each.read]
    return [
        _line("mail import: stored, read, filed", (imported, inserts), _SAME_ROWS, import_times),
        _line("the same", (imported, same_import), _SAME_STATEMENTS, import_times),
        _line(
            "filing step alone",
            (settled, same_settle),
            _SAME_STATEMENTS,
            settle_times,
            goal="≥ 0.4",
        ),
        _line("mail read, in its child", (read, library), "email.message_from_bytes", read_times),
    ]


def _line(
    item: str, rates: tuple[float, float], against: str, times: list[float], *, goal: str = "–"
) -> Line:
    ours, theirs = rates
    return Line(item, f"{ours:.0f} /s", f"{theirs:.0f} /s", against, ours / theirs, goal, times)


def _build_template(ground: Ground) -> None:
    ground.cluster.create(TEMPLATE)
    with ground.connected(TEMPLATE):
        world = build_world()
        for brand in _BRANDS:
            an_inbox(world, brand)
            a_promise(world, brand)


# Our side: what the listener and a worker do, in this process.


def _measure_once(ground: Ground, mails: list[Mail], read: list[Read], scripts: _Scripts) -> _Round:
    """Ours and the yardsticks in turns, each on a fresh copy of the same database."""
    done = _Round()
    with _fresh(ground) as (database, to):
        _timed(done.stored, (partial(_store, mail, to) for mail in mails))
        _timed(done.ran, (partial(run_row, job, 1) for job in _hand_out_jobs(ground, database)))
    with ground.clone(TEMPLATE) as database:
        done.pg_inserts = ground.pgbench(database, scripts.inserts)
    with ground.clone(TEMPLATE) as database:
        done.pg_import = ground.pgbench(database, scripts.stored)
        _hand_out_jobs(ground, database)
        done.pg_import += ground.pgbench(database, scripts.ran)
    with _fresh(ground) as (_, to):
        stored = [(to[mail.to], _store(mail, to)) for mail in mails]
        _timed(done.settled, _settling(stored, read))
    with ground.clone(TEMPLATE) as database:
        ground.pgbench(database, scripts.stored_again)
        done.pg_settle = ground.pgbench(database, scripts.settled)
    _timed(done.read, (partial(parse, mail.raw) for mail in mails))
    _timed(done.library, (partial(_read_by_library, mail.raw) for mail in mails))
    return done


@contextmanager
def _fresh(ground: Ground) -> Iterator[tuple[str, dict[str, Destination]]]:
    """A fresh copy that this process works on, and where mail to each address belongs."""
    with ground.clone(TEMPLATE) as database, ground.connected(database):
        addresses = [f"support@{brand.lower()}.example" for brand in _BRANDS]
        found = {address: find_destination(address) for address in addresses}
        yield database, {address: to for address, to in found.items() if to is not None}


def _store(mail: Mail, to: dict[str, Destination]) -> UUID:
    return store_mail(
        mail.raw,
        to=to[mail.to],
        envelope_from=mail.sender,
        envelope_to=mail.to,
        source="smtp",
        arrived_at=BORN,
    )


def _hand_out_jobs(ground: Ground, database: str) -> list[int]:
    """What the dispatcher does, some thousands a second: all due jobs go to the worker."""
    with ground.owner(database) as connection:
        rows = connection.execute(
            "UPDATE job SET state = 'sent', attempts = 1, sent_at = now() RETURNING id"
        ).fetchall()
    return sorted(int(str(row[0])) for row in rows)


def _settling(
    stored: list[tuple[Destination, UUID]], read: list[Read]
) -> Iterator[Callable[[], None]]:
    for (to, mail_id), incoming in zip(stored, read, strict=True):
        yield partial(_settle, to, mail_id, incoming)


def _settle(to: Destination, raw_mail_id: UUID, read: Read) -> None:
    with db.transaction(to.scope):
        settle(lock_mail(raw_mail_id), read, now=utc_now())


def _read_by_library(raw: bytes) -> None:
    for part in email.message_from_bytes(raw).walk():
        if not part.is_multipart():
            part.get_payload(decode=True)


def _timed(times: list[float], calls: Iterable[Callable[[], object]]) -> None:
    for call in calls:
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)


# The other side: the statements of one run, written down for PostgreSQL alone.


def _record(ground: Ground, mails: list[Mail], read: list[Read]) -> _Scripts:
    with _fresh(ground) as (database, to), recorded() as recording:
        stored = [_taken(partial(_store, mail, to), recording.take) for mail in mails]
        jobs = _hand_out_jobs(ground, database)
        ran = [_taken(partial(run_row, job, 1), recording.take) for job in jobs]
    with _fresh(ground) as (_, to), recorded() as recording:
        ids = [(to[mail.to], _store(mail, to)) for mail in mails]
        stored_again = recording.take()
        settled = [_taken(call, recording.take) for call in _settling(ids, read)]
    inserts = [inserts_only([*one, *two]) for one, two in zip(stored, ran, strict=True)]
    write = ground.folder
    return _Scripts(
        inserts=write_script(inserts, write / "inserts.sql"),
        stored=write_script(chain.from_iterable(stored), write / "stored.sql"),
        ran=write_script(chain.from_iterable(ran), write / "ran.sql"),
        stored_again=write_script(stored_again, write / "stored_again.sql"),
        settled=write_script(chain.from_iterable(settled), write / "settled.sql"),
        note=(
            "statements a mail, median: "
            f"{_size(stored)} to store, {_size(ran)} in the filing job"
            f" ({_size(settled)} of them the step), {_size([[each] for each in inserts])} inserts"
        ),
    )


def _taken(call: Callable[[], object], take: Callable[[], list[Transaction]]) -> list[Transaction]:
    call()
    return take()


def _size(recorded_mails: list[list[Transaction]]) -> int:
    sizes = (sum(len(each.work) for each in one) for one in recorded_mails)
    return round(statistics.median(sizes))
