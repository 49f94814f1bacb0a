"""The local mail catcher: takes every mail, delivers none, keeps each as a file to look at."""

import asyncio
import itertools
import signal
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

_MOST_BYTES = 100_000_000


class Catcher:
    """Keeps mails as `.eml` files in one folder, named by arrival; bytes are left as they came.

    In front stand the lines a delivering server adds: who it came from, and for whom.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count(1)
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Write the mail whole, then acknowledge it."""
        content = envelope.original_content or b""
        recipients = "".join(f"Delivered-To: {address}\r\n" for address in envelope.rcpt_tos)
        front = f"Return-Path: <{envelope.mail_from or ''}>\r\n{recipients}"
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{next(self.numbers)}.eml"
        unfinished = self.folder / f".{name}"
        unfinished.write_bytes(front.encode("utf-8", "surrogateescape") + content)
        unfinished.rename(self.folder / name)
        return "250 Kept"


async def catch_mail(folder: Path, port: int) -> None:
    """Listen on loopback until told to stop."""
    loop = asyncio.get_running_loop()
    catcher = Catcher(folder)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(
        lambda: SMTP(
            catcher,
            hostname="catcher.localhost",
            ident="mail catcher",
            enable_SMTPUTF8=True,
            data_size_limit=_MOST_BYTES,
        ),
        host="127.0.0.1",
        port=port,
    )
    async with server:
        await stop.wait()
