"""Nothing in a mail's HTML runs or loads by itself: checked on the parsed output."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from app.channels.email.html import place_images, sanitise, text_of
from tests.app.channels.email import corpus
from tests.app.channels.email.letters import a_mail, incoming

_ADDRESSES = {"href", "src", "action", "formaction", "background", "poster", "data", "srcset"}
_ACTIVE = {
    *("script", "style", "iframe", "object", "embed", "form", "input", "button", "base", "meta"),
    *("link", "svg", "math", "template", "video", "audio", "applet", "frame", "frameset", "portal"),
}


class _Inspector(HTMLParser):
    """Collects everything dangerous in a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ACTIVE:
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in {"srcdoc", "id", "name", "class", "target"}:
                self.found.append(f"{tag} {name}")
            if name in _ADDRESSES:
                scheme = urlsplit((value or "").strip()).scheme.lower()
                allowed = {"cid"} if tag == "img" else {"http", "https", "mailto", "tel"}
                if scheme not in allowed:
                    self.found.append(f"{tag} {name}={value}")
            if name == "style" and any(
                word in (value or "").lower()
                for word in ("url(", "expression", "position", "@import", "behavior", "javascript")
            ):
                self.found.append(f"{tag} style={value}")


def dangers(html: str) -> list[str]:
    inspector = _Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector.found


def test_the_inspector_sees_dangers():
    for html in ('<a href="javascript:x">', "<p onclick=x>", "<script>", "<p style='a:url(b)'>"):
        assert dangers(html)


@corpus.needs_corpus
def test_no_published_payload_survives():
    payloads = corpus.hostile_html()
    assert len(payloads) > 1_500
    for payload in payloads:
        assert dangers(sanitise(payload).html) == [], payload


@corpus.needs_corpus
def test_no_published_payload_survives_a_second_reading():
    for payload in corpus.hostile_html():
        once = sanitise(payload).html
        assert dangers(sanitise(text_of(once)).html) == [], payload


@pytest.mark.parametrize(
    "html",
    [
        '<base href="http://evil.example/">',
        '<meta http-equiv="refresh" content="0;url=http://evil.example">',
        '<form action="http://evil.example"><input name="card"><button>Go</button></form>',
        "<style>@import url(http://evil.example)</style>",
        "<!--[if mso]><script>alert(1)</script><![endif]-->",
        '<link rel="stylesheet" href="http://evil.example">',
        '<p style="position:fixed;background:url(http://evil.example)">x</p>',
        '<p style="background-image:url(http://evil.example)">x</p>',
        '<a href="//evil.example/x">x</a>',
        '<a href="relative">x</a>',
        '<a href="cid:x">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    ],
)
def test_constructs_that_act_are_removed(html: str):
    assert dangers(sanitise(html).html) == []


@pytest.mark.parametrize("address", ["//host/p.gif", "p.gif", "data:image/png;base64,AAAA"])
def test_images_from_nowhere_are_removed(address: str):
    assert sanitise(f'<img src="{address}" alt="x">').html == '<img alt="x">'


@pytest.mark.parametrize("address", ["http://169.254.169.254/x", "https://track.example/p.gif"])
def test_remote_images_are_blocked_and_counted(address: str):
    read_mail = incoming(
        a_mail(
            f'<p>Hi</p><img src="{address}" alt="A parcel">'.encode(), b"Content-Type: text/html"
        )
    )
    assert address not in read_mail.html
    assert 'alt="A parcel"' in read_mail.html
    assert read_mail.remote_images == 1


def test_embedded_images_get_their_address_and_missing_ones_show_their_text():
    shown = sanitise('<img src="cid:a&amp;b@x" alt="one"><img src="CID:gone" alt="two">')
    assert shown.content_ids == {"a&b@x", "gone"}
    placed = place_images(shown.html, {"a&b@x": '/files/1?a="'})
    assert '/files/1?a=&quot;"' in placed
    assert "cid:" not in placed.lower()
    assert 'alt="two"' in placed


def test_ordinary_formatting_stays():
    html = (
        '<p style="color: red">Hi <b>you</b></p><table><tbody><tr><td>1</td></tr></tbody></table>'
    )
    assert sanitise(html).html.replace(" ", "") == html.replace(" ", "")


def test_links_open_without_telling_where_they_came_from():
    assert (
        'rel="noopener noreferrer nofollow"' in sanitise('<a href="https://a.example">x</a>').html
    )
