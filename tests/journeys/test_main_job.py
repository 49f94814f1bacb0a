"""The main job, once through, as its people do it: from a new client to its branded report."""

import email.policy
import re
import smtplib
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.factories.cast import World
from tests.factories.openings import a_logo
from tests.journeys.installation import Installation, wait_until
from tests.journeys.new_client import hire_for_client
from tests.journeys.people import PATIENCE, People

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AGENCY, PORTAL = "northwind.localhost", "portal.northwind.localhost"
SUPPORT = "support@fern.localhost"
SHOPPER = "sam@shopper.example"
SHOPPERS_MAIL = "<sams-first-mail@shopper.example>"
OUR_NAME = re.compile(rb"\b(livery|python|flask|weasyprint)\b", re.IGNORECASE)
AGENCYS_NAME = re.compile(rb"\bnorthwind\b", re.IGNORECASE)
ANSWER = """Hello Sam,

I am sorry for the wait. Your parcel FF20117 was sorted to the wrong depot, and the carrier
brings it tomorrow before noon. If it does not come, write back and I send a new one."""


def test_a_new_client_is_served_reviewed_and_reported_to(
    world: World, installation: Installation, people: People
):
    ana = people.sign_in("ana@northwind.example", AGENCY)
    open_client(ana)
    pay_for_client(ana)
    hire_for_client(world, "fern", pod_agent="Pia", contact="fay@fern.example")
    see_brand(people)

    write_to_support(installation)
    leo = people.sign_in("leo@northwind.example", AGENCY)
    claim_from_pool(leo)
    escalate_to_pod(leo)
    pia = people.sign_in("pia@northwind.example", AGENCY)
    answer_from_pod(pia)
    wait_until(installation.mails, what="the answer")
    (mail,) = installation.mails()
    check_answer(mail)
    close(pia)

    quinn = people.sign_in("quinn@northwind.example", AGENCY)
    review(quinn)

    make_report(ana)
    wait_until(lambda: len(installation.mails()) == 2, what="the mail with the report")
    fay = people.sign_in("fay@fern.example", PORTAL)
    report = download_report(fay)
    check_report(report)
    check_report_mail(installation.mails()[1], report)

    people.check_quiet()
    installation.check_well()


# An owner opens a client.


def open_client(ana: Page) -> None:
    ana.goto("/clients")
    ana.get_by_role("button", name="Open a client").click()
    fill(ana, {"Name": "Fern & Fable", "Address": "fern"}, then="How does it look?")
    ana.set_input_files(
        "[name=logo]", {"name": "logo.png", "mimeType": "image/png", "buffer": a_logo()}
    )
    fill(ana, {"Colour": "#1d6b4f"}, then="Where do shoppers write, and when do you answer?")
    week = dict.fromkeys(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"), "9-12, 13-17")
    ana.get_by_label("Time zone").select_option("Europe/Berlin")
    fill(ana, {"Mail address": SUPPORT, **week}, then="What do you promise")
    ana.get_by_role("radio", name="Standard").check()
    contact = {
        "Contact at the client": "Fay Moss",
        "Mail address of the contact": "fay@fern.example",
    }
    ana.get_by_label("May", exact=True).select_option("client_viewer")
    fill(ana, contact, then="Which tier?")
    ana.get_by_role("radio", name="Foundation").check()
    fill(ana, {}, then="Is this right?")
    ana.get_by_role("button", name="Open Fern & Fable").click()
    expect(ana.locator("#making li")).to_have_count(13)
    expect(ana.get_by_role("heading", name="Fern & Fable is open")).to_be_visible()
    expect(ana.locator("#making li[data-state=done]")).to_have_count(13)


def fill(page: Page, values: dict[str, str], *, then: str) -> None:
    """One step of the opening: type, go on, and stand at the next."""
    for label, value in values.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", name=then)).to_be_visible()


def pay_for_client(ana: Page) -> None:
    ana.get_by_role("link", name="Go to Fern & Fable").click()
    ana.get_by_role("button", name="Go to payment").click()
    expect(ana.get_by_text("Test mode. No card is charged")).to_be_visible()
    ana.get_by_role("button", name=re.compile("^Pay ")).click()
    expect(ana.locator("#standing").get_by_text("Live", exact=True)).to_be_visible()


def see_brand(people: People) -> None:
    """Its page stands, in its colour, and names nobody else."""
    page = people.visit("fern.localhost")
    page.goto("/")
    expect(page.get_by_role("img", name="Fern & Fable").first).to_be_visible()
    colour = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--brand')")
    assert colour == "#1d6b4f"
    assert_silent(page.content().encode())


# A shopper writes, and is answered.


def write_to_support(installation: Installation) -> None:
    mail = EmailMessage()
    mail["From"] = f"Sam Rivera <{SHOPPER}>"
    mail["To"] = SUPPORT
    mail["Subject"] = "Order FF20117 has not arrived"
    mail["Message-ID"] = SHOPPERS_MAIL
    mail.set_content(
        "My order FF20117 was due last week. This is unacceptable, please tell me where it is.\n"
    )
    with smtplib.SMTP("127.0.0.1", installation.settings.smtp_in_port) as server:
        assert server.send_message(mail) == {}


def claim_from_pool(leo: Page) -> None:
    leo.goto("/queue?view=pool")
    row = leo.get_by_role("link", name="Order FF20117 has not arrived")
    wait_until(lambda: leo.reload() and row.count(), what="the mail in the pool")
    expect(leo.locator(".list-row", has=row).or_(row).first).to_contain_text("Sam Rivera")
    row.click()
    expect(leo.get_by_text("This is unacceptable")).to_be_visible()
    leo.get_by_role("button", name="Claim", exact=True).click()
    expect(leo.get_by_label("Your message")).to_be_visible()


def escalate_to_pod(leo: Page) -> None:
    """The packet comes filled in from the record; only the reason is the agent's to say."""
    leo.get_by_role("link", name="Escalate").click()
    expect(leo.get_by_label("Who, and which order")).to_have_value(
        re.compile("Sam Rivera.*FF20117", re.DOTALL)
    )
    expect(leo.get_by_label("What they want")).to_have_value(re.compile("FF20117"))
    expect(leo.get_by_label("What was already done")).not_to_have_value("")
    expect(leo.get_by_label("What makes it urgent")).to_have_value(re.compile("unacceptable"))
    expect(leo.get_by_label("Transcript excerpt")).to_have_value(re.compile("was due last week"))
    leo.get_by_label("Why").select_option("Upset shopper")
    leo.get_by_role("button", name="Escalate").click()
    expect(leo.get_by_text("You can read along and leave notes.")).to_be_visible()


def answer_from_pod(pia: Page) -> None:
    pia.goto("/queue?view=escalated")
    pia.get_by_role("link", name="Order FF20117 has not arrived").click()
    expect(pia.get_by_role("heading", name="Packet from Leo")).to_be_visible()
    pia.get_by_role("button", name="Accept").click()
    pia.get_by_label("Your message").fill(ANSWER)
    pia.get_by_role("button", name="Send", exact=True).click()
    expect(pia.get_by_text("Sent as Fern & Fable.")).to_be_visible()


def check_answer(raw: bytes) -> None:
    """From the brand, to the shopper, in their thread, with a way back, and silent about us."""
    mail = BytesParser(policy=email.policy.default).parsebytes(raw)
    assert parseaddr(str(mail["From"])) == ("Fern & Fable", SUPPORT)
    assert parseaddr(str(mail["To"])) == ("Sam Rivera", SHOPPER)
    assert mail["Subject"] == "Re: Order FF20117 has not arrived"
    assert mail["In-Reply-To"] == SHOPPERS_MAIL
    assert mail["References"] == SHOPPERS_MAIL
    assert re.fullmatch(r"<[a-z2-7]{42}@fern\.localhost>", mail["Message-ID"])
    assert re.fullmatch(r"reply\+[a-z2-7]+@mail\.localhost", parseaddr(str(mail["Reply-To"]))[1])
    assert re.fullmatch(r"<bounce\+[a-z2-7]+@mail\.localhost>", mail["Return-Path"])
    assert mail["Delivered-To"] == SHOPPER
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body is not None
        assert "sorted to the wrong depot" in body.get_content()
    assert_silent(raw)


def assert_silent(seen_by_shopper: bytes) -> None:
    """It names neither us nor the agency."""
    assert not OUR_NAME.search(seen_by_shopper)
    assert not AGENCYS_NAME.search(seen_by_shopper)


def close(pia: Page) -> None:
    """What was delivered bears no mark any more."""
    answer = pia.locator(".message", has_text="sorted to the wrong depot")
    wait_until(
        lambda: pia.reload() and not answer.locator(".status-chip").count(),
        what="its delivery",
    )
    pia.get_by_role("button", name="Close", exact=True).click()
    expect(pia.get_by_text("This conversation is closed.")).to_be_visible()


# Quality looks at it.


def review(quinn: Page) -> None:
    quinn.goto("/quality")
    quinn.get_by_role("button", name="Draw").click()
    expect(quinn.get_by_text("1 conversation drawn for review.")).to_be_visible()
    quinn.get_by_role("link", name="Order FF20117 has not arrived").first.click()
    marks = quinn.locator("[data-criterion]")
    for number in range(marks.count()):
        marks.nth(number).locator("input[type=radio]:not([value=na])").last.check(force=True)
    quinn.get_by_label("What should the agent take away?").fill("Clear next step, and a date.")
    quinn.get_by_role("button", name="Publish").click()
    expect(quinn.get_by_text(re.compile("Published with 100 points"))).to_be_visible()


# The client reads its report.


def make_report(ana: Page) -> None:
    today = datetime.now(ZoneInfo("Europe/Berlin")).date().isoformat()
    ana.goto("/reports/new")
    ana.get_by_label("Client").select_option("Fern & Fable")
    ana.get_by_role("radio", name="Days of your choice").check()
    ana.get_by_label("First day").fill(today)
    ana.get_by_label("Last day").fill(today)
    ana.get_by_label("Mail it to").fill("fay@fern.example")
    ana.get_by_role("button", name="Create report").click()
    expect(ana.get_by_role("progressbar")).to_be_visible()
    expect(ana.get_by_role("link", name="Download PDF")).to_be_visible(timeout=3 * PATIENCE)


def download_report(fay: Page) -> bytes:
    """The dashboard first: its numbers, then the report beside them."""
    fay.goto("/")
    expect(fay.get_by_role("heading", level=1)).to_be_visible()
    expect(fay.get_by_role("heading", name="Your latest report")).to_be_visible()
    with fay.expect_download() as started:
        fay.get_by_role("link", name="Download", exact=True).click()
    return started.value.path().read_bytes()


def check_report(pdf: bytes) -> None:
    reader = PdfReader(BytesIO(pdf))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert text.count("Fern & Fable") >= len(reader.pages)
    assert "1 conversation opened, 1 closed." in text
    assert "1 conversation went to the pod" in text
    assert not OUR_NAME.search(f"{text} {reader.metadata}".encode())


def check_report_mail(raw: bytes, report: bytes) -> None:
    """From the agency, to its client, with the very document of the portal."""
    mail = BytesParser(policy=email.policy.default).parsebytes(raw)
    assert parseaddr(str(mail["From"])) == ("Northwind", f"reports@{AGENCY}")
    assert mail["Delivered-To"] == "fay@fern.example"
    assert "Fern & Fable" in mail["Subject"]
    (document,) = mail.iter_attachments()
    assert document.get_content() == report
    assert not OUR_NAME.search(raw)
