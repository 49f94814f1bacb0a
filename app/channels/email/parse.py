"""Mail in: reads a raw mail in a bounded child process, so that no mail can take its reader along.

The children are started afresh (never forked from a process with threads), know nothing of the
application, have no environment and no open file but their pipes. One child reads many mails; a
mail that kills it costs only itself, is read once more by the tolerant reader in a child of its
own, and is refused if that fails as well.
"""

import atexit
import contextlib
import os
import select
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Final, cast

import structlog

from app.channels.email.incoming import Incoming, Refused
from app.channels.email.limits import DEFAULT_LIMITS, Limits, check_bytes
from app.channels.email.wire import pack_request, unpack_result

_MAILS_PER_CHILD: Final = 500
_MOST_IDLE: Final = 2
_PACKAGE: Final = Path(__file__).resolve().parents[2]
# Registers the folder without running `app/__init__.py`: a reader needs no database, no settings.
_START: Final = (
    "import sys, types; app = types.ModuleType('app'); app.__path__ = [sys.argv[1]];"
    " sys.modules['app'] = app; from app.channels.email.child import main; main()"
)

_log = structlog.get_logger(__name__)


def parse(raw: bytes, *, limits: Limits = DEFAULT_LIMITS) -> Incoming | Refused:
    """The mail as the desk files it, or why not; for any thread, and never raising on any input."""
    refused = check_bytes(raw, limits)
    if refused is not None:
        return refused
    for tolerant in (False, True):
        result = _pool.read(raw, limits, tolerant=tolerant)
        if result is not None:
            return result
    return Refused("unprocessable", "both readers gave up within their limits")


def end_children() -> None:
    """End the children that wait for mail; the next mail starts one again."""
    _pool.end()


class _Child:
    """One reading process and how much it has read."""

    def __init__(self) -> None:
        self.mails = 0
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _START, str(_PACKAGE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"LC_ALL": "C.UTF-8"},
            cwd="/",
            bufsize=0,
        )
        self._pipe_in = cast("IO[bytes]", self._process.stdin)
        self._pipe_out = cast("IO[bytes]", self._process.stdout)
        os.set_blocking(self._pipe_in.fileno(), False)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process is still there to read."""
        return self._process.poll() is None

    def read(self, raw: bytes, limits: Limits, *, tolerant: bool) -> Incoming | Refused:
        """What the child makes of one mail.

        Raises: OSError, EOFError, TimeoutError when it dies or takes too long.
        """
        deadline = time.monotonic() + limits.wall_seconds
        self.mails += 1
        self._send(pack_request(raw, limits, tolerant=tolerant), deadline)
        lengths = self._receive(16, deadline)
        head = self._receive(int.from_bytes(lengths[:8]), deadline)
        tail = self._receive(int.from_bytes(lengths[8:]), deadline)
        return unpack_result(head, tail)

    def end(self) -> int:
        """Kill the child and reap it; returns its exit status (negative: the signal)."""
        self._process.kill()
        with contextlib.suppress(OSError):
            self._pipe_in.close()
        self._pipe_out.close()
        return self._process.wait()

    def _send(self, data: bytes, deadline: float) -> None:
        waiting = memoryview(data)
        while waiting:
            _wait(self._pipe_in, select.POLLOUT, deadline)
            with contextlib.suppress(BlockingIOError):
                waiting = waiting[os.write(self._pipe_in.fileno(), waiting[:1_048_576]) :]

    def _receive(self, size: int, deadline: float) -> bytes:
        received = bytearray()
        while len(received) < size:
            _wait(self._pipe_out, select.POLLIN, deadline)
            chunk = os.read(self._pipe_out.fileno(), min(size - len(received), 1_048_576))
            if not chunk:
                raise EOFError("the child ended in the middle of a mail")
            received += chunk
        return bytes(received)


class _Pool:
    """Idle children; a caller takes one or starts one, so that no two threads share a pipe."""

    def __init__(self) -> None:
        self._idle: list[_Child] = []
        self._lock = threading.Lock()

    def read(self, raw: bytes, limits: Limits, *, tolerant: bool) -> Incoming | Refused | None:
        """The result, or None when the child did not survive this mail."""
        child = _Child() if tolerant else self._take()
        try:
            result = child.read(raw, limits, tolerant=tolerant)
        except (OSError, EOFError) as error:
            _log.warning(
                "mail.reader_lost",
                cause=str(error),
                status=child.end(),
                size=len(raw),
                tolerant=tolerant,
            )
            return None
        self._give_back(child)
        return result

    def forget(self) -> None:
        """Leave the children to the parent: two processes must not share their pipes."""
        self._idle, self._lock = [], threading.Lock()

    def end(self) -> None:
        """End the idle children."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def _take(self) -> _Child:
        with self._lock:
            idle = self._idle.pop() if self._idle else None
        if idle is not None and not idle.is_alive:
            idle.end()
            idle = None
        return idle or _Child()

    def _give_back(self, child: _Child) -> None:
        with self._lock:
            if child.mails < _MAILS_PER_CHILD and len(self._idle) < _MOST_IDLE:
                self._idle.append(child)
                return
        child.end()


def _wait(pipe: IO[bytes], event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(pipe, event)
    if not poll.poll(max(0, int((deadline - time.monotonic()) * 1000))):
        raise TimeoutError("the child took longer than a mail may take")


_pool = _Pool()
os.register_at_fork(after_in_child=_pool.forget)
atexit.register(_pool.end)
