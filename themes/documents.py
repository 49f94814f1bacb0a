"""Documents: a template in a brand's look, as PDF."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from markupsafe import Markup

from themes.charts import pdf_palette
from themes.css import FONTS
from themes.environment import environment
from themes.palette import palette_of
from themes.pdf import Assets, render_pdf
from themes.tokens import Theme

Paper = Literal["A4", "Letter"]
STYLESHEET = Path(__file__).parent / "static" / "css" / "document.css"


def render_document(
    template: str,
    theme: Theme,
    *,
    producer: str,
    paper: Paper = "A4",
    assets: Assets | None = None,
    **context: object,
) -> bytes:
    """A template that extends layouts/document.html, as PDF on A4 or Letter.

    producer: whose name stands in the file's metadata. assets: pictures by name, as (bytes, type);
    "logo" is shown on the cover.
    """
    html = document_html(
        template,
        theme,
        paper=paper,
        has_logo="logo" in (assets or {}),
        producer=producer,
        **context,
    )
    return render_pdf(html, producer=producer, assets=assets)


def document_html(template: str, theme: Theme, *, paper: Paper = "A4", **context: object) -> str:
    """The same before it is set: for golden texts and for the preview in a browser."""
    return (
        environment()
        .get_template(template)
        .render(
            theme=theme,
            paper=paper,
            paint=pdf_palette(theme),
            stylesheet=document_stylesheet(theme, paper),
            **context,
        )
    )


def document_stylesheet(theme: Theme, paper: Paper) -> Markup:
    """Tokens as plain values, the paper, and the rules of every document."""
    headings, body = FONTS[theme.fonts]
    tokens: Mapping[str, str] = {
        **palette_of(theme).light,
        "radius": f"{min(theme.radius, 6)}px",
        "font-heading": headings,
        "font-body": body,
    }
    variables = "".join(f"--{name}:{value};" for name, value in tokens.items())
    text = f":root{{{variables}}}@page{{size:{paper}}}{STYLESHEET.read_text()}"
    return Markup(text)  # noqa: S704 - typed tokens and our own rules
