"""The one door to the PDF renderer: tagged PDF/UA, nothing fetched, nobody's name but the agency's.

The renderer would otherwise read files, follow redirects and attach what a document names, so it is
given only what stands in memory under `asset:<name>`.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol, cast
from xml.sax.saxutils import escape

import pydyf  # type: ignore[import-untyped]
import weasyprint
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from themes.assets import SUBSETS, font_files

Assets = Mapping[str, tuple[bytes, str]]
SCHEME = "asset:"


class Finisher(Protocol):
    """Changes the file just before it is written."""

    def __call__(self, document: Document, pdf: pydyf.PDF) -> None:
        """See WeasyPrint's `finisher`."""


class AssetsOnly(URLFetcher):  # type: ignore[misc]  # it has no types
    """Serves `asset:name` from memory; everything else is refused."""

    def __init__(self, assets: Assets) -> None:
        super().__init__(allowed_protocols=["asset"], allow_redirects=False, timeout=2)
        self.assets = assets

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The bytes of an asset. Raises: ValueError for any other address."""
        if not url.startswith(SCHEME) or url.removeprefix(SCHEME) not in self.assets:
            message = f"refused: {url[:80]}"
            raise ValueError(message)
        data, mime = self.assets[url.removeprefix(SCHEME)]
        return URLFetcherResponse(url, body=data, headers={"Content-Type": mime, **(headers or {})})


def render_pdf(html: str, *, producer: str, assets: Assets | None = None) -> bytes:
    """A document as PDF; pictures are named `asset:<name>` and stand in assets as (bytes, type).

    Not byte-identical when repeated: store the file, never make it anew on demand.
    """
    fonts, faces = _fonts()
    document = weasyprint.HTML(
        string=html, base_url=SCHEME, url_fetcher=AssetsOnly(assets or {})
    ).render(font_config=fonts, stylesheets=[faces])
    return cast(
        "bytes",
        document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True, finisher=_producer_is(producer)),
    )


@lru_cache(maxsize=1)
def _fonts() -> tuple[FontConfiguration, weasyprint.CSS]:
    """Our fonts, unpacked once a process: a sixth of a report's time otherwise."""
    configuration = FontConfiguration()
    files = font_files()
    faces = "".join(
        f"@font-face{{font-family:'{font.family}';font-weight:100 900;"
        f"src:url({SCHEME}{font.path.name});unicode-range:{SUBSETS[font.subset]}}}"
        for font in files
    )
    assets = {font.path.name: (font.path.read_bytes(), "font/woff2") for font in files}
    css = weasyprint.CSS(
        string=faces, font_config=configuration, base_url=SCHEME, url_fetcher=AssetsOnly(assets)
    )
    return configuration, css


def _producer_is(producer: str) -> Finisher:
    """A finisher that puts the agency's name where the renderer's stood, twice."""

    def finish(document: Document, pdf: pydyf.PDF) -> None:  # noqa: ARG001 - the renderer's call
        old = pdf.info["Producer"].string
        pdf.info["Producer"] = pydyf.String(producer)
        metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
        metadata.stream = [
            part.replace(old.encode(), escape(producer).encode()) for part in metadata.stream
        ]

    return finish
