"""Mail in a brand's look: one column of tables with inlined styles, and its plain-text twin."""

from dataclasses import dataclass
from functools import lru_cache

import css_inline

from themes.environment import environment
from themes.palette import palette_of
from themes.tokens import Theme


@dataclass(frozen=True)
class RenderedMail:
    """Both bodies of a mail."""

    html: str
    text: str


def render_mail(
    template: str, theme: Theme, *, logo_src: str | None = None, **context: object
) -> RenderedMail:
    """The mail whose templates are `<template>.html` and `<template>.txt`.

    They extend layouts/mail.html and layouts/mail.txt. logo_src: where the logo's picture is, an
    address on the sender's own host or `cid:…`; without one the brand's name stands as text.
    """
    palette = palette_of(theme)
    values = {
        **context,
        "theme": theme,
        "light": palette.light,
        "dark": palette.dark,
        "logo_src": logo_src,
    }
    html = environment().get_template(f"{template}.html").render(values)
    text = environment().get_template(f"{template}.txt").render(values)
    return RenderedMail(html=_inliner().inline(html), text=_tidy(text))


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    """Keeps the rules for dark screens and small ones; fetches nothing."""
    return css_inline.CSSInliner(
        keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False
    )


def _tidy(text: str) -> str:
    """No trailing spaces, at most one empty line between paragraphs, one at the end."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for n, line in enumerate(lines) if line or (n and lines[n - 1])]
    return "\n".join(kept) + "\n"
