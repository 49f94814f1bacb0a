"""Takes the pictures of the README from a demo of its own: run it after what they show changed.

`.venv/bin/python tools/take_pictures.py [FOLDER]`; needs `make setup`, Chromium and pdftoppm.
"""

import io
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PASSWORD = "demo only, change me"  # noqa: S105 - as the demo prints it
PORTS = ("WEB_PORT", "STREAM_PORT", "SMTP_IN_PORT", "CATCHER_PORT", "CATCHER_PAGE_PORT")
PATIENCE_SECONDS = 300
COLOURS = 255  # a PNG's palette; enough for screens
ANSWER = """Hello,

we caught it in time: your order goes to the new address. The carrier confirms it by"""
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 470 120">'
    '<path d="M58 14c26 8 40 30 40 52 0 24-16 40-40 40S18 90 18 66c0-22 14-44 40-52z"'
    ' fill="#7b2d5b"/>'
    '<text x="124" y="80" font-family="DejaVu Sans" font-size="54" font-weight="600"'
    ' fill="#1c2430">Plum &amp; Co</text></svg>'
)


def main() -> None:
    """Start the demo, take all pictures, stop it."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    with demo() as port, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        visitor = Visitor(chromium, port)
        cleo = visitor.sign_in("cleo@juniper.example", "portal.northwind.localhost")
        report = report_of(cleo)
        shots = {
            "queue": queue,
            "conversation": conversation,
            "opening": opening,
            "review": review,
        }
        for name, show in shots.items():
            save(show(visitor).screenshot(), folder / f"{name}.png")
        save(cleo.screenshot(), folder / "portal.png")
        save(side_by_side(report, pages=4), folder / "report.png")
        chromium.close()


@contextmanager
def demo() -> Iterator[int]:
    """`livery demo` in a folder and on ports of its own; the port of its pages."""
    with tempfile.TemporaryDirectory(prefix="pictures-") as var:
        Path(var).chmod(0o755)  # the database's own user reads in it
        ports = {name: str(free_port()) for name in PORTS}
        running = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "demo"],
            cwd=ROOT,
            env=os.environ | {"APP_ENV": "development", "VAR_DIR": var, **ports},
            start_new_session=True,
        )
        try:
            await_demo(running, int(ports["WEB_PORT"]))
            yield int(ports["WEB_PORT"])
        finally:
            running.send_signal(signal.SIGINT)
            running.wait()


def await_demo(running: subprocess.Popen[bytes], port: int) -> None:
    """Wait until it answers, whatever it says to a host it does not know."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if running.poll() is not None:
            sys.exit("The demo ended by itself.")
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                connection.request("GET", "/")
                connection.getresponse()
        except OSError:
            time.sleep(0.5)
        else:
            return
    sys.exit("The demo did not start.")


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Visitor:
    """Opens pages of the demo as its people."""

    def __init__(self, browser: Browser, port: int) -> None:
        self.browser = browser
        self.port = port

    def sign_in(self, email: str, host: str = "northwind.localhost") -> Page:
        """A page of this person, in a window of its own."""
        context = self.browser.new_context(
            base_url=f"http://{host}:{self.port}",
            viewport={"width": 1440, "height": 900},
            color_scheme="light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_SECONDS * 1000)
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label("Mail address").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page


def queue(visitor: Visitor) -> Page:
    """The pool over all clients."""
    leo = visitor.sign_in("leo@northwind.example")
    leo.goto("/queue?view=pool")
    return leo


def conversation(visitor: Visitor) -> Page:
    """One that L1 handed to the pod, with its packet, and an answer half written."""
    leo = visitor.sign_in("leo@northwind.example")
    leo.goto("/queue?view=pool")
    leo.get_by_role("button", name="Claim next").click()
    leo.get_by_role("link", name="Escalate").click()
    leo.get_by_label("Why").select_option("Outside what L1 may decide")
    leo.get_by_role("button", name="Escalate").click()
    leo.get_by_text("You can read along").wait_for()
    pia = visitor.sign_in("pia@northwind.example")
    pia.goto(urlsplit(leo.url).path + "?view=mine")
    pia.get_by_role("button", name="Accept").click()
    pia.wait_for_load_state()
    pia.get_by_label("Your message").fill(ANSWER)
    return pia


def opening(visitor: Visitor) -> Page:
    """How a new client looks, with its preview."""
    ana = visitor.sign_in("ana@northwind.example")
    ana.goto("/clients")
    ana.get_by_role("button", name="Open a client").click()
    ana.get_by_label("Name", exact=True).fill("Plum & Co")
    ana.get_by_label("Address", exact=True).fill("plum")
    ana.get_by_role("button", name="Save and go on").click()
    ana.get_by_label("Colour", exact=True).fill("#7b2d5b")
    ana.set_input_files(
        "[name=logo]",
        {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": LOGO.encode()},
    )
    ana.get_by_role("button", name="Save and go on").click()
    ana.get_by_label("Time zone").wait_for()
    ana.get_by_role("link", name="Look").click()
    ana.frame_locator("iframe").get_by_text("pairs of colours").wait_for()
    return ana


def review(visitor: Visitor) -> Page:
    """The scorecard beside the transcript, half way through."""
    quinn = visitor.sign_in("quinn@northwind.example")
    quinn.goto("/quality")
    quinn.locator("a[href*='/quality/reviews/']").first.click()
    quinn.locator("[data-current]").wait_for()
    for key in "5545":
        quinn.keyboard.press(key)
    quinn.locator("#standing:not(.is-unsaved)").get_by_text("4 of").wait_for()
    return quinn


def report_of(cleo: Page) -> bytes:
    """The client's latest report, once the worker has made it; leaves the dashboard shown."""
    link = cleo.get_by_role("link", name="Download", exact=True)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not link.count():
        if time.monotonic() > deadline:
            sys.exit("The report was not made.")
        time.sleep(2)
        cleo.reload()
    with cleo.expect_download() as started:
        link.click()
    return started.value.path().read_bytes()


def side_by_side(pdf: bytes, *, pages: int) -> bytes:
    """The first pages of a document in a row, as PNG."""
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "report.pdf"
        document.write_bytes(pdf)
        subprocess.run(
            ["pdftoppm", "-png", "-r", "62", "-l", str(pages), document, f"{folder}/page"],  # noqa: S607
            check=True,
        )
        drawn = [Image.open(path).convert("RGB") for path in sorted(Path(folder).glob("page*.png"))]
    gap, (width, height) = 24, drawn[0].size
    sheet = Image.new("RGB", (len(drawn) * (width + gap) + gap, height + 2 * gap), "#e9ebef")
    for number, page in enumerate(drawn):
        sheet.paste(page, (gap + number * (width + gap), gap))
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def save(png: bytes, path: Path) -> None:
    """With a palette of its own, a fraction of the size."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    few = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    print(f"{path}  {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
