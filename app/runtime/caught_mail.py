"""The page that shows caught mail: a list, each mail as its reader would see it, and its source.

For development and the demo, on this machine only. What a mail contains is a stranger's: its HTML
is shown in a frame without scripts, and nothing is fetched from outside.
"""

import email
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, trim_blocks=True
)
_ADDRESS = re.compile(r"/(?:mails/(?P<name>[0-9T.-]+\.eml)(?P<part>/html|/source)?)?")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'"
_SHOWN = ("From", "To", "Cc", "Reply-To", "Subject", "Date", "Return-Path", "Delivered-To")
_SHOWN_AT_MOST = 200


@dataclass(frozen=True)
class CaughtMail:
    """One file of the catcher, read leniently: a broken mail is shown as far as it goes."""

    path: Path
    message: Message

    @property
    def address(self) -> str:
        """Where the page shows it, from the list."""
        return f"mails/{self.path.name}"

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers people look at, decoded."""
        return [(name, value) for name in _SHOWN for value in self.all(name)]

    def all(self, name: str) -> list[str]:
        """Every value of a header, decoded as far as possible."""
        return [_decoded(str(value)) for value in self.message.get_all(name, [])]

    def first(self, name: str) -> str:
        """The first value of a header, or nothing."""
        return next(iter(self.all(name)), "")

    def body(self, kind: str) -> str:
        """The first part of this kind ('text/plain'), as text."""
        for part in self.message.walk():
            payload = part.get_payload(decode=True)
            if part.get_content_type() == kind and isinstance(payload, bytes):
                return _text(payload, part.get_content_charset() or "utf-8")
        return ""

    @property
    def attachments(self) -> list[str]:
        """File names of what is attached."""
        return [_decoded(name) for part in self.message.walk() if (name := part.get_filename())]


def show_mails(folder: Path, port: int) -> ThreadingHTTPServer:
    """Serve the page from a thread that ends with the process, or with `shutdown()`."""

    class Handler(_Handler):
        mails = folder

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def caught_mails(folder: Path) -> Iterator[CaughtMail]:
    """The newest first."""
    for path in sorted(folder.glob("[0-9]*.eml"), reverse=True)[:_SHOWN_AT_MOST]:
        yield read_mail(path)


def read_mail(path: Path) -> CaughtMail:
    """One caught mail."""
    return CaughtMail(path, email.message_from_bytes(path.read_bytes()))


class _Handler(BaseHTTPRequestHandler):
    mails: Path
    server_version = "mail catcher"
    sys_version = ""

    def do_GET(self) -> None:
        # A page elsewhere must not read mails through a name that points here.
        host = self.headers.get("Host", "").rsplit(":", 1)[0]
        address = _ADDRESS.fullmatch(self.path)
        if host not in {"localhost", "127.0.0.1"} or address is None:
            self.send_error(HTTPStatus.NOT_FOUND)
        elif address["name"] is None:
            self._page("runtime/mails.html", mails=list(caught_mails(self.mails)))
        elif (self.mails / address["name"]).is_file():
            self._mail(read_mail(self.mails / address["name"]), address["part"])
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _mail(self, mail: CaughtMail, part: str | None) -> None:
        if part == "/html":
            self._send(mail.body("text/html").encode(), "text/html; charset=utf-8")
        elif part == "/source":
            self._send(mail.path.read_bytes(), "text/plain; charset=utf-8")
        else:
            self._page("runtime/mail.html", mail=mail)

    def _page(self, template: str, **values: object) -> None:
        page = _PAGES.get_template(template).render(**values)
        self._send(page.encode(), "text/html; charset=utf-8")

    def _send(self, body: bytes, content_type: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Security-Policy", _POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as overridden
        """Nothing: the pages are for looking at."""


def _decoded(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return value


def _text(payload: bytes, charset: str) -> str:
    try:
        return payload.decode(charset, errors="replace")
    except LookupError:
        return payload.decode("latin-1")
