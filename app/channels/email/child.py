"""The process that reads mails under hard limits: whatever a mail breaks, it breaks only this."""

import os
import resource
import sys
from typing import BinaryIO

from app.channels.email.reader import read
from app.channels.email.wire import pack_result, unpack_request


def main() -> None:
    """Read framed mails from standard input until it ends, answering each on standard output."""
    source = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Whatever a library prints must not end up between the answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _allow(resource.RLIMIT_CORE, 0)
    _allow(resource.RLIMIT_FSIZE, 0)
    while lengths := source.read(16):
        head = source.read(int.from_bytes(lengths[:8]))
        raw = source.read(int.from_bytes(lengths[8:]))
        _answer(head, raw, answers)


def _answer(head: bytes, raw: bytes, answers: BinaryIO) -> None:
    limits, tolerant = unpack_request(head)
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    _allow(resource.RLIMIT_CPU, spent + limits.cpu_seconds)
    _allow(resource.RLIMIT_AS, limits.memory_bytes)
    answers.write(pack_result(read(raw, limits=limits, tolerant=tolerant)))
    answers.flush()


def _allow(kind: int, amount: int) -> None:
    """Set the soft limit; the hard one stays, so that the next mail gets its own allowance."""
    _, hard = resource.getrlimit(kind)
    soft = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
    resource.setrlimit(kind, (soft, hard))
