"""Handing a composed mail to a mail server, and saying truthfully what became of it."""

import ipaddress
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

Outcome = Literal["accepted", "refused", "uncertain"]
Stage = Literal["connect", "tls", "login", "sender", "recipient", "data", "message"]

_DOT: Final = re.compile(rb"^\.", re.MULTILINE)
_BARE_LINE_END: Final = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait for the connection, for each answer, and for the verdict on the mail."""

    connect: float = 15.0
    command: float = 60.0
    verdict: float = 300.0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the server made of one mail.

    accepted: it took responsibility. refused: it certainly has not; `permanent` says that trying
    again is useless. uncertain: the mail was sent and no verdict came; sending again may deliver it
    twice.
    """

    outcome: Outcome
    stage: Stage
    permanent: bool = False
    code: int | None = None
    text: str = ""


DEFAULT_TIMEOUTS: Final = Timeouts()


def hand_over(
    mail: bytes,
    *,
    envelope_from: str,
    recipient: str,
    smtp_url: str,
    timeouts: Timeouts = DEFAULT_TIMEOUTS,
    tls: ssl.SSLContext | None = None,
) -> Receipt:
    """Give one mail for one recipient to the server at `smtp_url`; failures are receipts.

    `smtps://user:password@host` speaks TLS from the start; `smtp://host` demands STARTTLS, except
    on a loopback address or with `?tls=off`. There is no fall-back to clear text.
    """
    if not (envelope_from.isascii() and recipient.isascii()):
        return Receipt("refused", "recipient", permanent=True, text="The address is not ASCII.")
    steps, lines = _Steps(), _dot_stuffed(mail)
    url = urlsplit(smtp_url)
    try:
        with _connection(url, envelope_from, timeouts, tls, steps) as server:
            return _transfer(
                server, lines, envelope_from, recipient, timeouts=timeouts, steps=steps
            )
    except smtplib.SMTPResponseException as error:
        return _refusal(steps.stage, error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        return Receipt("refused", steps.stage, text=_sentence(error))


@dataclass(slots=True)
class _Steps:
    """How far the hand-over got."""

    stage: Stage = "connect"


@contextmanager
def _connection(
    url: SplitResult,
    envelope_from: str,
    timeouts: Timeouts,
    tls: ssl.SSLContext | None,
    steps: _Steps,
) -> Iterator[smtplib.SMTP]:
    """A greeted, encrypted and signed-in connection."""
    host, helo = url.hostname or "localhost", envelope_from.rpartition("@")[2] or "localhost"
    context = tls or ssl.create_default_context()
    server: smtplib.SMTP
    if url.scheme == "smtps":
        server = smtplib.SMTP_SSL(
            host, url.port or 465, local_hostname=helo, timeout=timeouts.connect, context=context
        )
    else:
        server = smtplib.SMTP(host, url.port or 587, local_hostname=helo, timeout=timeouts.connect)
    try:
        _wait_at_most(server, timeouts.command)
        server.ehlo_or_helo_if_needed()
        if url.scheme != "smtps" and not _may_be_clear(url):
            steps.stage = "tls"
            server.starttls(context=context)
            server.ehlo()
        if url.username:
            steps.stage = "login"
            server.login(unquote(url.username), unquote(url.password or ""))
        yield server
    finally:
        # Not QUIT: its answer changes nothing about what the server has already said.
        server.close()


def _transfer(
    server: smtplib.SMTP,
    lines: bytes,
    envelope_from: str,
    recipient: str,
    *,
    timeouts: Timeouts,
    steps: _Steps,
) -> Receipt:
    """The mail transaction, one command at a time, so that each failure is placed."""
    steps.stage = "sender"
    code, text = server.mail(envelope_from)
    if code != 250:
        return _refusal(steps.stage, code, text)
    steps.stage = "recipient"
    code, text = server.rcpt(recipient)
    if code not in {250, 251}:
        return _refusal(steps.stage, code, text)
    steps.stage = "data"
    code, text = server.docmd("DATA")
    if code != 354:
        return _refusal(steps.stage, code, text)
    # Until the final dot has left, the server cannot have accepted anything.
    server.send(lines)
    steps.stage = "message"
    return _verdict(server, timeouts)


def _verdict(server: smtplib.SMTP, timeouts: Timeouts) -> Receipt:
    try:
        _wait_at_most(server, timeouts.verdict)
        server.send(b".\r\n")
        code, text = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return Receipt("uncertain", "message", text=_sentence(error))
    if 200 <= code < 300:
        # A farewell; a server that is already gone has accepted the mail all the same.
        _say_goodbye(server)
        return Receipt("accepted", "message", code=code, text=_decoded(text))
    if code < 0:
        return Receipt("uncertain", "message", text=_decoded(text))
    return _refusal("message", code, text)


def _say_goodbye(server: smtplib.SMTP) -> None:
    try:
        server.putcmd("QUIT")
    except (OSError, smtplib.SMTPException):
        return


def _refusal(stage: Stage, code: int, text: bytes | str) -> Receipt:
    """Final only about this mail: a wrong password is ours to mend."""
    final = 500 <= code < 600 and stage in {"sender", "recipient", "data", "message"}
    return Receipt(
        "refused", stage, permanent=final, code=code if code > 0 else None, text=_decoded(text)
    )


def _may_be_clear(url: SplitResult) -> bool:
    asked = parse_qs(url.query).get("tls")
    if asked is not None:
        return asked == ["off"]
    if url.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(url.hostname or "").is_loopback
    except ValueError:
        return False


def _dot_stuffed(mail: bytes) -> bytes:
    lines = _DOT.sub(b"..", _BARE_LINE_END.sub(b"\r\n", mail))
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def _wait_at_most(server: smtplib.SMTP, seconds: float) -> None:
    if server.sock is not None:
        server.sock.settimeout(seconds)


def _decoded(text: bytes | str) -> str:
    decoded = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(decoded.split())[:500]


def _sentence(error: Exception) -> str:
    return _decoded(str(error) or type(error).__name__)
