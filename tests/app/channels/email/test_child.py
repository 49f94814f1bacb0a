"""The bounded child: a mail that kills its reader costs only itself, whoever else is reading."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from app.channels.email import parse as parsing
from app.channels.email.incoming import Incoming, Refused
from app.channels.email.limits import DEFAULT_LIMITS
from app.channels.email.parse import parse
from app.channels.email.reader import read
from app.channels.email.wire import pack_result, unpack_result
from tests.app.channels.email import corpus
from tests.app.channels.email.letters import a_mail


@pytest.fixture(autouse=True)
def fresh_children():
    parsing.end_children()
    yield
    parsing.end_children()


def children() -> list[int]:
    return [child.pid for child in parsing._pool._idle]


def test_a_mail_read_by_the_child_is_the_same_as_read_here():
    raw = a_mail(b"Hello", b"Date: Fri, 3 Jul 2026 10:15:00 +0200", b"Cc: a@x.example")
    assert parse(raw) == read(raw)


@corpus.needs_corpus
def test_every_sample_mail_crosses_the_pipe_unchanged():
    for path in corpus.mails():
        raw = path.read_bytes()
        assert parse(raw) == read(raw), path.name
    assert len(children()) == 1


def test_many_mails_share_one_child():
    parse(a_mail())
    first = children()
    for number in range(50):
        parse(a_mail(b"%d" % number))
    assert children() == first


def test_the_child_is_replaced_after_its_share_of_mails(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parsing, "_MAILS_PER_CHILD", 3)
    seen = set()
    for _ in range(7):
        parse(a_mail())
        seen.update(children())
    assert len(seen) == 3


def test_a_child_killed_between_two_mails_costs_no_mail():
    parse(a_mail())
    [pid] = children()
    os.kill(pid, 9)
    result = parse(a_mail(b"Still here"))
    assert isinstance(result, Incoming)
    assert result.text == "Still here"


def test_a_mail_that_exhausts_memory_is_read_tolerantly_or_refused_and_the_next_is_read():
    raw = a_mail(b"<p>hello</p>\r\n" * 1_000_000, b"Content-Type: text/html")
    tight = replace(DEFAULT_LIMITS, memory_bytes=80 * 1024 * 1024)
    result = parse(raw, limits=tight)
    assert isinstance(result, Refused)
    assert result.reason == "unprocessable"
    assert isinstance(parse(a_mail()), Incoming)


def test_a_mail_over_the_wall_clock_is_refused_and_the_next_is_read():
    result = parse(a_mail(), limits=replace(DEFAULT_LIMITS, wall_seconds=0.0))
    assert result == Refused("unprocessable", "both readers gave up within their limits")
    assert isinstance(parse(a_mail()), Incoming)


def test_a_mail_that_breaks_the_first_reader_is_read_by_the_tolerant_one(
    monkeypatch: pytest.MonkeyPatch,
):
    raw = a_mail(b"Hello")
    broken = "from app.channels.email import mime; mime.read_tree = None; "
    start = parsing._START.replace("from app", broken + "from app", 1)
    monkeypatch.setattr(parsing, "_START", start)
    result = parse(raw)
    assert isinstance(result, Incoming)
    assert (result.text, result.notes) == ("Hello", ("read by the tolerant reader",))


def test_a_mail_that_loops_is_stopped_and_read_by_the_tolerant_reader(
    monkeypatch: pytest.MonkeyPatch,
):
    loop = "from app.channels.email import mime; mime.read_tree = lambda raw: exec('while 1: 0'); "
    monkeypatch.setattr(parsing, "_START", parsing._START.replace("from app", loop + "from app", 1))
    result = parse(a_mail(b"Hello"), limits=replace(DEFAULT_LIMITS, cpu_seconds=1))
    assert isinstance(result, Incoming)
    assert (result.text, result.notes) == ("Hello", ("read by the tolerant reader",))


def test_threads_read_side_by_side_without_mixing_their_mails():
    bodies = [f"mail number {number}" for number in range(200)]
    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(lambda body: parse(a_mail(body.encode())), bodies))
    assert [result.text for result in results] == bodies


def test_a_forked_process_starts_a_child_of_its_own():
    parse(a_mail())
    script = (
        "import os\n"
        "from app.channels.email import parse as p\n"
        "raw = b'Subject: x\\r\\n\\r\\nHello'\n"
        "p.parse(raw)\n"
        "pid = os.fork()\n"
        "ok = not p._pool._idle if pid == 0 else len(p._pool._idle) == 1\n"
        "ok = ok and p.parse(raw).text == 'Hello'\n"
        "if pid == 0: os._exit(0 if ok else 1)\n"
        "print(ok and os.waitpid(pid, 0)[1] == 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "True\n"


def test_the_child_knows_no_secrets_and_nothing_of_the_application(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRET_KEY", "must not be seen")
    parse(a_mail())
    [pid] = children()
    loaded = Path(f"/proc/{pid}/maps").read_text()
    assert b"SECRET_KEY" not in Path(f"/proc/{pid}/environ").read_bytes()
    assert "sqlalchemy" not in loaded
    assert "psycopg" not in loaded


def test_results_survive_the_wire():
    for result in (Refused("blank", "x"), read(a_mail())):
        packed = pack_result(result)
        head = int.from_bytes(packed[:8])
        assert unpack_result(packed[16 : 16 + head], packed[16 + head :]) == result
