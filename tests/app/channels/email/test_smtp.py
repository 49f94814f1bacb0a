"""Hand-over against a real SMTP server on loopback that fails at each point it can fail."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.channels.email.smtp import Receipt, Timeouts, hand_over

_MAIL = b"Subject: x\r\n\r\nHello\r\n.a line with a dot\r\n..two\r\n"
_QUICK = Timeouts(connect=1.0, command=1.0, verdict=1.0)


class Catcher:
    """Keeps what it accepts; answers as told at one stage."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.caught: list[Envelope] = []

    async def handle_MAIL(  # noqa: N802 - aiosmtpd looks for this name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("mail", "250 OK")

    async def handle_RCPT(  # noqa: N802 - as above
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get("rcpt", "250 OK")

    async def handle_DATA(  # noqa: N802 - as above
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.answers.get("data") == "drop":
            server.transport.close()
            return "250 never seen"
        self.caught.append(envelope)
        return self.answers.get("data", "250 queued as 1")


@contextmanager
def a_server(handler: Catcher, **options: Any) -> Iterator[str]:
    controller = Controller(handler, hostname="127.0.0.1", port=0, **options)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        controller.port = probe.getsockname()[1]
    controller.start()
    try:
        yield f"127.0.0.1:{controller.port}"
    finally:
        controller.stop()


def sent_to(host: str, **options: Any) -> Receipt:
    return hand_over(
        _MAIL,
        envelope_from="bounce+token@acme.example",
        recipient="sam@shop.example",
        smtp_url=options.pop("smtp_url", f"smtp://{host}"),
        timeouts=_QUICK,
        **options,
    )


def test_an_accepted_mail_arrives_byte_for_byte():
    catcher = Catcher()
    with a_server(catcher) as host:
        receipt = sent_to(host)
    assert receipt == Receipt("accepted", "message", code=250, text="queued as 1")
    [envelope] = catcher.caught
    assert envelope.content == _MAIL
    assert envelope.mail_from == "bounce+token@acme.example"
    assert envelope.rcpt_tos == ["sam@shop.example"]


def test_the_greeting_names_the_brand_and_not_this_machine():
    names: list[str] = []

    class Greeter(Catcher):
        async def handle_EHLO(  # noqa: N802 - as above
            self,
            _server: SMTP,
            session: Session,
            _envelope: Envelope,
            hostname: str,
            answers: list[str],
        ) -> list[str]:
            names.append(hostname)
            session.host_name = hostname
            return answers

    with a_server(Greeter()) as host:
        sent_to(host)
    assert names == ["acme.example"]


@pytest.mark.parametrize(
    ("stage", "answer", "named", "permanent"),
    [
        ("mail", "550 not from you", "sender", True),
        ("mail", "421 too many connections", "sender", False),
        ("rcpt", "550 5.1.1 no such user", "recipient", True),
        ("rcpt", "450 greylisted", "recipient", False),
        ("data", "552 too large", "message", True),
        ("data", "451 try later", "message", False),
        ("data", "421 going away", "message", False),
    ],
)
def test_each_refusal_says_where_and_for_how_long(
    stage: str, answer: str, named: str, permanent: bool
):
    catcher = Catcher(**{stage: answer})
    with a_server(catcher) as host:
        receipt = sent_to(host)
    assert receipt.outcome == "refused"
    assert (receipt.stage, receipt.permanent) == (named, permanent)
    assert receipt.code == int(answer[:3])
    assert receipt.text == answer[4:]


def test_a_connection_lost_after_the_last_byte_is_uncertain():
    with a_server(Catcher(data="drop")) as host:
        receipt = sent_to(host)
    assert (receipt.outcome, receipt.stage) == ("uncertain", "message")


@contextmanager
def a_script(*answers: bytes | None) -> Iterator[str]:
    """A server that says these lines, one after each it reads, and hangs up at None."""
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as lines:
            for number, answer in enumerate(answers):
                if number:
                    line = lines.readline()
                    while answers[number - 1][:3] == b"354" and line.strip() != b".":
                        line = lines.readline()
                if answer is None:
                    return
                connection.sendall(answer)
            done.wait(10)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        done.set()
        listener.close()
        thread.join(10)


_READY, _OK, _GO = b"220 ready\r\n", b"250 OK\r\n", b"354 go on\r\n"


@pytest.mark.parametrize(
    ("answers", "stage"),
    [
        ((None,), "connect"),
        ((b"554 no\r\n",), "connect"),
        ((_READY, None), "connect"),
        ((_READY, _OK, None), "sender"),
        ((_READY, _OK, _OK, None), "recipient"),
        ((_READY, _OK, _OK, _OK, None), "data"),
        ((_READY, _OK, _OK, _OK), "data"),
        ((_READY, _OK, _OK, _OK, b"451 not now\r\n"), "data"),
        ((b"nonsense\r\n",), "connect"),
    ],
)
def test_a_failure_before_the_mail_was_sent_is_a_refusal_to_try_again(
    answers: tuple[bytes | None, ...], stage: str
):
    with a_script(*answers) as host:
        receipt = sent_to(host)
    assert (receipt.outcome, receipt.permanent, receipt.stage) == ("refused", False, stage)


@pytest.mark.parametrize("last", [(None,), (), (b"garbage\r\n",)])
def test_no_readable_verdict_after_the_final_dot_is_uncertain(last: tuple[bytes | None, ...]):
    with a_script(_READY, _OK, _OK, _OK, _GO, *last) as host:
        receipt = sent_to(host)
    assert (receipt.outcome, receipt.stage) == ("uncertain", "message")


def test_a_server_gone_after_its_yes_has_accepted():
    with a_script(_READY, _OK, _OK, _OK, _GO, _OK, None) as host:
        assert sent_to(host).outcome == "accepted"


def test_nobody_listening_is_a_refusal_to_try_again():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        receipt = sent_to(f"127.0.0.1:{unused.getsockname()[1]}")
    assert (receipt.outcome, receipt.permanent, receipt.stage) == ("refused", False, "connect")


def test_a_server_without_tls_gets_no_mail_when_tls_is_due():
    catcher = Catcher()
    with a_server(catcher) as host:
        receipt = sent_to(host, smtp_url=f"smtp://{host}?tls=on")
    assert (receipt.outcome, receipt.permanent, receipt.stage) == ("refused", False, "tls")
    assert catcher.caught == []


def test_a_certificate_nobody_vouches_for_gets_no_mail(tmp_path: Path):
    catcher, context = Catcher(), a_context(tmp_path)
    with a_server(catcher, tls_context=context) as host:
        receipt = sent_to(host, smtp_url=f"smtp://{host}?tls=on")
    assert (receipt.outcome, receipt.permanent, receipt.stage) == ("refused", False, "tls")
    assert "certificate" in receipt.text.lower()
    assert catcher.caught == []


def test_with_a_trusted_certificate_the_mail_travels_encrypted(tmp_path: Path):
    catcher, context = Catcher(), a_context(tmp_path)
    trusting = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
    with a_server(catcher, tls_context=context, require_starttls=True) as host:
        receipt = sent_to(host, smtp_url=f"smtp://{host}?tls=on", tls=trusting)
    assert receipt.outcome == "accepted"
    assert len(catcher.caught) == 1


def test_a_wrong_password_is_no_verdict_on_the_mail():
    with a_server(Catcher(), auth_require_tls=False, authenticator=no_one) as host:
        receipt = sent_to(host, smtp_url=f"smtp://user:wrong@{host}")
    assert (receipt.outcome, receipt.permanent, receipt.stage) == ("refused", False, "login")
    assert receipt.code == 535


def no_one(*_: object) -> AuthResult:
    return AuthResult(success=False, handled=False)


def a_context(folder: Path) -> ssl.SSLContext:
    """A server's TLS with a certificate of its own making for 127.0.0.1."""
    make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def make_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
