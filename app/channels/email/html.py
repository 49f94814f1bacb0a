"""Mail HTML made harmless: allowed tags and styles only, no script, no remote image."""

import html as entities
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

import nh3

# fmt: off
_TEXT_TAGS: Final = frozenset({
    "a", "abbr", "address", "b", "bdi", "big", "blockquote", "br", "caption", "center", "cite",
    "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "font",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p",
    "pre", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "summary", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var",
})
# fmt: on
# fmt: off
_REMOVED_WITH_CONTENT: Final = frozenset({
    "script", "style", "title", "head", "noscript", "template", "iframe", "object", "embed",
    "applet", "svg", "math", "noframes", "noembed", "xmp", "plaintext", "textarea", "select",
    "option", "button",
})
# fmt: on
_ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    "a": frozenset({"href", "title"}),
    "img": frozenset({"src", "alt", "title", "width", "height"}),
    "table": frozenset({"border", "cellpadding", "cellspacing", "width", "align", "bgcolor"}),
    "td": frozenset({"colspan", "rowspan", "width", "align", "valign", "bgcolor"}),
    "th": frozenset({"colspan", "rowspan", "width", "align", "valign", "bgcolor", "scope"}),
    "tr": frozenset({"align", "valign", "bgcolor"}),
    "col": frozenset({"span", "width"}),
    "font": frozenset({"color", "size", "face"}),
    "ol": frozenset({"start", "type"}),
    "*": frozenset({"style", "dir", "lang"}),
}
# None of these takes an address, leaves its box, or hides the text from the agent.
# fmt: off
_STYLES: Final = frozenset({
    "color", "background-color", "font-family", "font-size", "font-style", "font-weight",
    "line-height", "text-align", "text-decoration", "text-indent", "vertical-align",
    "white-space", "border", "border-top", "border-right", "border-bottom", "border-left",
    "border-color", "border-style", "border-width", "border-collapse", "border-spacing",
    "border-radius", "padding", "padding-top", "padding-right", "padding-bottom", "padding-left",
    "list-style-type",
})
# fmt: on
_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel", "cid"})
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# fmt: off
_VOID: Final = frozenset({
    "br", "hr", "img", "col", "input", "meta", "link", "area", "base", "wbr", "source", "track",
    "embed", "param",
})
# fmt: on
# fmt: off
_BREAKING: Final = frozenset({
    "address", "blockquote", "center", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5",
    "h6", "hr", "li", "ol", "p", "pre", "table", "tr", "ul", "details", "summary",
})
# fmt: on
_OWN_IMAGE: Final = re.compile(r'(<img\b[^>]*?)\ssrc="cid:([^"]*)"')
_MARKUP: Final = re.compile(r"<[^<>]{0,2000}>")
_MOST_NESTED: Final = 2_000


@dataclass(frozen=True, slots=True)
class Sanitised:
    """Safe HTML; its images keep `cid:` sources until `place_images` gives them an address."""

    html: str
    content_ids: frozenset[str]
    remote_images: int


def sanitise(html: str) -> Sanitised:
    """The mail's HTML without anything that runs, loads or leads somewhere by itself."""
    content_ids: set[str] = set()
    blocked: list[str] = []

    def keep(tag: str, attribute: str, value: str) -> str | None:
        is_embedded = value.strip().lower().startswith("cid:")
        if tag == "img" and attribute == "src":
            if not is_embedded:
                blocked.append(value)
                return None
            content_id = value.strip()[4:].strip("<>")
            content_ids.add(content_id)
            return f"cid:{content_id}"
        if attribute == "href" and is_embedded:
            return None
        return value

    cleaned = nh3.clean(
        html,
        tags=_TEXT_TAGS,
        clean_content_tags=_REMOVED_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=keep,
        link_rel="noopener noreferrer nofollow",
        url_schemes=_SCHEMES,
        url_relative="deny",
        filter_style_properties=_STYLES,
    )
    return Sanitised(cleaned.strip(), frozenset(content_ids), len(blocked))


def place_images(html: str, addresses: Mapping[str, str]) -> str:
    """Sanitised HTML with embedded images at `addresses`, by Content-ID; others show their text."""

    def place(match: re.Match[str]) -> str:
        address = addresses.get(entities.unescape(match[2]).strip("<>"))
        return match[1] if address is None else f'{match[1]} src="{entities.escape(address)}"'

    return _OWN_IMAGE.sub(place, html)


def is_too_nested(html: str) -> bool:
    """Whether a sanitiser would need quadratic time: then the mail is shown as text."""
    depth = 0
    for match in _TAG.finditer(html):
        if match[2].lower() not in _VOID:
            depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > _MOST_NESTED:
            return True
    return False


def escape_text(text: str) -> str:
    """Plain text as HTML, line breaks kept."""
    return f'<div style="white-space: pre-wrap">{entities.escape(text)}</div>'


def strip_tags(html: str) -> str:
    """The text between the tags, for HTML that is not worth a parser."""
    return entities.unescape(_MARKUP.sub(" ", html))


def text_of(sanitised_html: str) -> str:
    """Sanitised HTML as plain text: quotes marked by `>`, items by `-`, link addresses kept."""
    writer = _TextWriter()
    writer.feed(sanitised_html)
    writer.close()
    return writer.text()


class _TextWriter(HTMLParser):
    """Collects lines: broken by any block, quoted as deep as they stand in block quotes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line = ""
        self._quotes = 0
        self._preformatted = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKING:
            self._break_paragraph(tag)
        if tag == "br":
            self._break()
        elif tag == "blockquote":
            self._quotes += 1
        elif tag == "pre":
            self._preformatted += 1
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self._line)))
        else:
            self._line += self._mark_of(tag, dict(attrs).get("alt") or "")

    def _mark_of(self, tag: str, alt: str) -> str:
        """What stands for a tag in the line it begins or interrupts."""
        if tag == "li":
            return "- "
        if tag == "img":
            return f"[{alt}]" if alt else ""
        return " " if tag in {"td", "th"} and self._line.strip() else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote":
            if self._line.strip():
                self._break()
            self._quotes = max(0, self._quotes - 1)
        if tag in _BREAKING:
            self._break_paragraph(tag)
        if tag == "pre":
            self._preformatted = max(0, self._preformatted - 1)
        elif tag == "a" and self._links:
            address, start = self._links.pop()
            shown = self._line[start:].strip()
            if address.startswith("http") and shown and shown not in address:
                self._line += f" <{address}>"

    def handle_data(self, data: str) -> None:
        if self._preformatted:
            first, *others = data.split("\n")
            self._line += first
            for other in others:
                self._break()
                self._line = other
            return
        words = re.sub(r"[ \t\r\n\f]+", " ", data)
        self._line += words.lstrip() if not self._line or self._line.endswith(" ") else words

    def text(self) -> str:
        self._break()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip()

    def _break_paragraph(self, tag: str) -> None:
        if self._line.strip():
            self._break()
        if (
            tag in {"p", "blockquote", "table", "ul", "ol", "pre"}
            and self._lines
            and self._lines[-1].strip(" >")
        ):
            self._lines.append("> " * self._quotes if self._quotes else "")

    def _break(self) -> None:
        self._lines.append("> " * self._quotes + self._line.rstrip())
        self._line = ""
