"""Links in mails: scheme and port are the installation's, the host is the account's own."""

from typing import Protocol


class UrlOf(Protocol):
    """Makes a link to a path on a host."""

    def __call__(self, host: str, path: str = "/") -> str:
        """As `app.config.Settings.url_of`."""


_url_of: UrlOf | None = None


def connect(url_of: UrlOf) -> None:
    """Write links this way from now on."""
    global _url_of  # noqa: PLW0603 - one installation per process, known once at start
    _url_of = url_of


def link_to(host: str, path: str) -> str:
    """The address of a page."""
    if _url_of is None:
        message = "links are not connected"
        raise RuntimeError(message)
    return _url_of(host, path)
