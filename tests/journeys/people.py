"""People in real browsers: who signs in where, what pages complain about, and whom they ask."""

from collections.abc import Iterator
from contextlib import contextmanager
from os import environ
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.factories.cast import PASSWORD

CHROMIUM = environ.get("CHROMIUM", "/usr/bin/chromium")
PATIENCE = 20_000

expect.set_options(timeout=PATIENCE)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, closed in the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class People:
    """Gives each person a browser of their own, and listens to all of them."""

    def __init__(self, browser: Browser, port: int) -> None:
        self.browser = browser
        self.port = port
        self.complaints: list[str] = []
        self.asked: set[str] = set()

    def visit(self, host: str, **look: Any) -> Page:
        """A new browser on this host."""
        origin = f"http://{host}:{self.port}"
        context = self.browser.new_context(
            **{
                "viewport": {"width": 1440, "height": 900},
                "base_url": origin,
                "reduced_motion": "reduce",
                **look,
            }
        )
        context.set_default_timeout(PATIENCE)
        self._listen(context)
        return context.new_page()

    def sign_in(self, email: str, host: str, password: str = PASSWORD, **look: Any) -> Page:
        """A member on their own host, signed in through the form."""
        page = self.visit(host, **look)
        page.goto("/sign-in")
        page.get_by_label("Mail address").fill(email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    def check_quiet(self) -> None:
        """No page complained, and none asked anybody but this machine."""
        strangers = {host for host in self.asked if not _is_this_machine(host)}
        assert not self.complaints, self.complaints
        assert not strangers, strangers

    def _listen(self, context: BrowserContext) -> None:
        context.on("request", lambda request: self.asked.add(urlsplit(request.url).hostname or ""))
        context.on(
            "console",
            lambda said: (
                self.complaints.append(f"{said.text} ({said.location['url']})")
                if said.type in {"error", "warning"}
                else None
            ),
        )
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))


def _is_this_machine(host: str) -> bool:
    """Also `data:` and `blob:`, which name no host."""
    return host in {"", "localhost", "127.0.0.1"} or host.endswith(".localhost")
