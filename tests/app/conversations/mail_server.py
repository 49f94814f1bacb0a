"""A real mail server on loopback: keeps what it is given, and fails where it is told to."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from app.channels.email import outgoing

DROP = "drop the connection"


@dataclass
class MailServer:
    """Answers `rcpt` and `data` as told; `on_data` is called with a mail before its answer."""

    rcpt: str = "250 OK"
    data: str = "250 queued"
    on_data: Callable[[], None] | None = None
    envelopes: list[Envelope] = field(default_factory=list)

    @property
    def mails(self) -> list[EmailMessage]:
        """Every mail whose last byte arrived, read back."""
        return [
            message_from_bytes(bytes(envelope.content or b""), policy=policy.default)  # type: ignore[arg-type]
            for envelope in self.envelopes
        ]

    async def handle_RCPT(  # noqa: N802
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take the recipient, or not."""
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the mail; answer, or hang up without a word."""
        if self.data.startswith("250") or self.data == DROP:
            self.envelopes.append(envelope)
        if self.on_data is not None:
            self.on_data()
        if self.data == DROP and server.transport is not None:
            server.transport.close()
        return self.data if self.data != DROP else "250 never heard"


@contextmanager
def a_mail_server() -> Iterator[MailServer]:
    """Start it, and send all outgoing mail there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    before = outgoing.mail_settings()
    outgoing.connect(
        smtp_url=f"smtp://127.0.0.1:{port}",
        mail_domain="mail.northwind.example",
        token_secret=before.token_secret,
    )
    try:
        yield server
    finally:
        controller.stop()
