"""The mail listener: SMTP or LMTP, one inbox per recipient, 250 only for what is durable."""

import asyncio
import signal
import ssl
import threading
from typing import Any

import sqlalchemy as sa
import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from app.config import Settings
from app.inbound.operations import store_mail
from app.inbound.recipients import Destination, find_destination
from tenants.db import utc_now

log = structlog.get_logger()

MAX_RECIPIENTS = 50
_LONGEST_LINE = 1_000_000
_STORED = "250 2.0.0 Stored"
_LATER = "451 4.3.0 Please try again later"
_UNKNOWN = "550 5.1.1 No such mailbox here"


class Doorkeeper:
    """Answers the listener's questions: whom we take mail for, and whether it is stored."""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take a recipient who has an inbox here; everybody else is refused at the door."""
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        try:
            destination = await asyncio.to_thread(find_destination, address)
        except sa.exc.SQLAlchemyError as error:
            log.warning("listener.database_away", error=type(error).__name__)
            return _LATER
        if destination is None:
            return _UNKNOWN
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Store one copy per recipient; a sender told to come back is deduplicated then."""
        answers = await asyncio.to_thread(_store_copies, envelope)
        if isinstance(server, LMTP):
            return "\r\n".join(answers)  # one for each recipient, RFC 2033
        return _STORED if all(answer == _STORED for answer in answers) else _LATER

    async def handle_exception(self, error: Exception) -> str:
        """A bug, or a store that is away: the sender keeps the mail and learns nothing of it."""
        log.error("listener.crashed", exc_info=error)
        return _LATER


def _store_copies(envelope: Envelope) -> list[str]:
    """The answer for each recipient, in their order."""
    raw = envelope.content if isinstance(envelope.content, bytes) else b""
    sender = envelope.mail_from or ""
    return [_store_copy(raw, sender, address) for address in envelope.rcpt_tos]


def _store_copy(raw: bytes, sender: str, address: str) -> str:
    try:
        destination = find_destination(address)
        if destination is None:
            return _UNKNOWN  # closed since the recipient was taken
        _store(raw, destination, sender, address)
    except (sa.exc.SQLAlchemyError, OSError) as error:
        log.warning("listener.not_stored", error=type(error).__name__)
        return _LATER
    return _STORED


def _store(raw: bytes, to: Destination, envelope_from: str, envelope_to: str) -> None:
    raw_mail_id = store_mail(
        raw,
        to=to,
        envelope_from=envelope_from,
        envelope_to=envelope_to,
        source="smtp",
        arrived_at=utc_now(),
    )
    log.info("listener.stored", mail=str(raw_mail_id), size=len(raw))


class _LongLines:
    """Real mail has lines longer than the protocol allows; they are read, not refused."""

    line_length_limit = _LONGEST_LINE


class _Smtp(_LongLines, SMTP):
    pass


class _Lmtp(_LongLines, LMTP):
    pass


class Listener:
    """The listener on its port, in an event loop of its own; for the command and for tests."""

    def __init__(
        self, settings: Settings, *, host: str, port: int, tls: ssl.SSLContext | None = None
    ) -> None:
        self._settings = settings
        self._host, self._port, self._tls = host, port, tls
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail-listener")

    def start(self) -> None:
        """Listen from now on. Raises: OSError when the port is taken."""
        self._thread.start()
        opening = self._loop.create_server(self._protocol, self._host, self._port)
        try:
            self._server = asyncio.run_coroutine_threadsafe(opening, self._loop).result(10)
        except OSError:
            self._end_loop()
            raise

    def stop(self) -> None:
        """Take no more connections, let those under way end."""
        self._loop.call_soon_threadsafe(self._server.close)
        self._end_loop()

    def _end_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _protocol(self) -> SMTP:
        kind = _Lmtp if self._settings.mail_in_protocol == "lmtp" else _Smtp
        options: dict[str, Any] = {
            "hostname": self._settings.mail_domain,
            "ident": "mail",
            "data_size_limit": self._settings.max_mail_bytes,
            "tls_context": self._tls,
            "loop": self._loop,
            "timeout": 120,
        }
        return kind(Doorkeeper(), **options)


def serve(settings: Settings) -> None:
    """Listen until told to stop."""
    listener = Listener(settings, host=settings.smtp_in_host, port=settings.smtp_in_port)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    listener.start()
    log.info("listener.listening", host=settings.smtp_in_host, port=settings.smtp_in_port)
    stop.wait()
    listener.stop()
