"""Ids: uuid version 7, made here so that a row's name is known before it is stored."""

import os
import time
from uuid import UUID


def new_id() -> UUID:
    """A time-ordered random id (RFC 9562, version 7)."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)
