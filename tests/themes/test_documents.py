"""Documents: tagged, in the agency's name only, and blind to everything but their own pictures."""

import http.server
import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from tests.themes.gallery.report import REPORT
from themes.documents import render_document
from themes.pdf import render_pdf
from themes.tokens import Theme

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("gallery_mails_and_reports")]
NORTHWIND = Theme(name="Northwind", primary="#0f6b5c")
DOCUMENT = "<html lang=en><head><title>t</title></head><body>%s</body></html>"


def a_report(**changes: object) -> PdfReader:
    context = {**REPORT, **changes}
    data = render_document("gallery/report.html", NORTHWIND, producer="Northwind Care", **context)
    return PdfReader(io.BytesIO(data))


@pytest.fixture(scope="module")
def report(gallery_mails_and_reports: None) -> PdfReader:
    return a_report()


def everything_in(pdf: PdfReader) -> bytes:
    """Every object and stream, unpacked."""
    found = []
    for number in range(1, len(pdf.xref_objStm) + 2000):
        try:
            thing = pdf.get_object(IndirectObject(number, 0, pdf))
        except Exception:  # noqa: BLE001, S112 - numbers that are not used
            continue
        found.append(str(thing).encode())
        if hasattr(thing, "get_data"):
            found.append(thing.get_data())
    return b"\n".join(found)


def test_a_report_has_cover_running_heads_and_page_numbers(report: PdfReader):
    pages = [page.extract_text() for page in report.pages]
    assert "Acme Outdoor" in pages[0]
    assert "94.2%" in pages[0]
    assert " of " not in pages[0].splitlines()[-1]
    for number, text in enumerate(pages[1:], start=2):
        assert f"{number} of {len(pages)}" in text
        assert "Acme Outdoor · March 2026" in text


def test_the_contents_name_the_page_of_each_section(report: PdfReader):
    pages = [page.extract_text() for page in report.pages]
    leads = ("Service held", "Six of eight", "First answers have", "437 conversations,")
    stands_on = [next(n for n, text in enumerate(pages, 1) if lead in text) for lead in leads]
    assert pages[1].split()[: len(leads)] == [str(number) for number in stands_on]


def test_every_rule_of_the_stylesheet_is_understood(caplog: pytest.LogCaptureFixture):
    a_report()
    assert [entry.getMessage() for entry in caplog.records if entry.levelname == "WARNING"] == []


def test_only_the_agencys_name_stands_in_the_file(report: PdfReader):
    pdf = report
    assert pdf.metadata is not None
    assert pdf.metadata.producer == pdf.metadata.creator == "Northwind Care"
    inside = everything_in(pdf).lower()
    assert b"northwind care" in inside
    for name in (b"weasyprint", b"pydyf", b"livery"):
        assert name not in inside


def test_a_report_is_tagged_and_every_picture_is_told(report: PdfReader):
    pdf = report
    catalog = pdf.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en"
    assert pdf.xmp_metadata is not None
    told = [
        thing["/Alt"]
        for thing in map(pdf.get_object, range(1, 4000))
        if isinstance(thing, DictionaryObject) and thing.get("/S") == "/Figure"
    ]
    assert any("lowest 84%, highest 97%" in words for words in told)


def test_fonts_are_embedded(report: PdfReader):
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in report.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert any("Inter" in name for name in fonts)
    assert all("+" in name for name in fonts)  # a subset's mark: its glyphs are in the file


@pytest.mark.parametrize("name", ["Łukasz & Søn", "Ελλάδα", "Москва", "<b>Bold</b>"])
def test_names_of_other_alphabets_and_hostile_ones_are_printed(name: str):
    assert name in a_report(client_name=name).pages[0].extract_text()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_report_fits_either_paper(paper: str):
    heights = {"A4": 842, "Letter": 792}
    assert round(a_report(paper=paper).pages[0].mediabox.height) == heights[paper]


def test_a_report_stays_small():
    data = render_document("gallery/report.html", NORTHWIND, producer="Northwind Care", **REPORT)
    assert len(data) < 200_000


@pytest.fixture
def listener() -> Iterator[tuple[int, list[str]]]:
    """A server that notes whoever comes."""
    seen: list[str] = []

    class Note(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Note)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, seen
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "element",
    [
        '<img src="{url}">',
        '<link rel="stylesheet" href="{url}">',
        "<style>@import url({url});</style>",
        '<p style="background: url({url})">x</p>',
        "<style>@font-face{{font-family:x;src:url({url})}} p{{font-family:x}}</style><p>x</p>",
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}" width="9" height="9"/></svg>',
        '<object data="{url}"></object>',
        "<style>li{{list-style-image:url({url})}}</style><ul><li>x</li></ul>",
        '<link rel="attachment" href="{url}">',
        '<a rel="attachment" href="{url}">x</a>',
    ],
)
def test_nothing_is_fetched_and_no_file_is_read(
    element: str, listener: tuple[int, list[str]], tmp_path: Path
):
    port, seen = listener
    canary = tmp_path / "canary.txt"
    canary.write_text("canary 4711")
    for url in (f"http://127.0.0.1:{port}/x", canary.as_uri(), str(canary)):
        data = render_pdf(DOCUMENT % element.format(url=url), producer="Northwind Care")
        assert b"canary 4711" not in everything_in(PdfReader(io.BytesIO(data)))
    assert seen == []


def test_the_listener_would_have_noticed(listener: tuple[int, list[str]]):
    import weasyprint  # noqa: PLC0415, TID251 - the same document through the renderer's own door

    port, seen = listener
    weasyprint.HTML(string=DOCUMENT % f'<img src="http://127.0.0.1:{port}/x">').write_pdf()
    assert seen == ["/x"]


def test_a_picture_from_memory_is_shown():
    dot = (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
        b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xe4\xcf\x8d\xf9\x0f\x00\x02\xe4\x01\xb2\x8f\xda"
        b"\xde\x19\x00\x00\x00\x00IEND\xaeB`\x82"
    )
    html = DOCUMENT % '<img src="asset:logo" alt="Northwind" style="width: 9mm">'
    data = render_pdf(html, producer="N", assets={"logo": (dot, "image/png")})
    assert len(PdfReader(io.BytesIO(data)).pages[0].images) == 1
