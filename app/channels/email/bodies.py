"""Text, HTML and files out of a mail's tree: the best text shown, nothing sent left out."""

import hashlib
import mimetypes
import re
from dataclasses import dataclass, field, replace
from typing import Final

from app.channels.email.characters import clean_line, clean_text, decode
from app.channels.email.headers import parameters
from app.channels.email.html import escape_text, is_too_nested, sanitise, strip_tags, text_of
from app.channels.email.incoming import Attachment
from app.channels.email.limits import Limits
from app.channels.email.mime import Node

# Kinds that run or show script when opened; the file is kept, a person decides about it.
# fmt: off
_BLOCKED: Final = frozenset({
    "ade", "adp", "apk", "app", "appx", "bat", "chm", "cmd", "com", "cpl", "dll", "dmg", "exe",
    "hta", "htm", "html", "img", "ins", "iso", "isp", "jar", "js", "jse", "lib", "lnk", "mde",
    "msc", "msi", "msix", "msp", "mst", "nsh", "pif", "ps1", "psm1", "reg", "scr", "sct", "shb",
    "svg", "svgz", "sys", "vb", "vbe", "vbs", "vhd", "vxd", "wsc", "wsf", "wsh", "xhtml", "xht",
    "xll",
})
# fmt: on
_BLOCKED_TYPES: Final = frozenset(
    {
        "image/svg+xml",
        "application/javascript",
        "application/x-msdownload",
        "application/hta",
        "application/xhtml+xml",
    }
)
_EXTENSIONS: Final = {
    "message/delivery-status": ".txt",
    "text/rfc822-headers": ".txt",
    "text/plain": ".txt",
    "image/jpg": ".jpg",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "application/ms-tnef": ".dat",
}
_META_CHARSET: Final = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE
)
_UNSAFE_IN_NAMES: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


@dataclass(frozen=True, slots=True)
class Body:
    """What a mail says, ready to store."""

    text: str
    html: str | None
    attachments: tuple[Attachment, ...]
    remote_images: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Section:
    """One stretch of the body, as plain text, as HTML, or as both."""

    plain: str = ""
    html: str = ""


@dataclass(slots=True)
class _Findings:
    files: list[Node] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_body(tree: Node, limits: Limits, *, plain_only: bool = False) -> Body:
    """Choose the text, sanitise the HTML, name the files; `plain_only` skips the HTML parser."""
    found = _Findings()
    sections = _sections(tree, found)
    files = found.files[: limits.attachments]
    if len(found.files) > limits.attachments:
        found.notes.append(
            f"{len(found.files) - limits.attachments} more attachments are only in the raw mail"
        )
    if not any(section.plain.strip() or section.html.strip() for section in sections):
        sections = _any_text(files)
    attachments = tuple(_attachment(node, number) for number, node in enumerate(files, start=1))
    markup = _joined_html(sections, limits, found.notes)
    if markup is None or plain_only or is_too_nested(markup):
        plain = (section.plain or strip_tags(section.html) for section in sections)
        return _body(
            clean_text("\n\n".join(filter(str.strip, plain))),
            None,
            attachments,
            limits,
            found.notes,
        )
    shown = sanitise(markup)
    is_html_alone = not any(section.plain.strip() for section in sections)
    text = text_of(shown.html) if is_html_alone else _joined_text(sections, limits)
    return replace(
        _body(
            text,
            shown.html or None,
            _marked_inline(attachments, shown.content_ids),
            limits,
            found.notes,
        ),
        remote_images=shown.remote_images,
    )


def _sections(node: Node, found: _Findings) -> list[_Section]:
    if node.content_type == "multipart/alternative" and node.children:
        inner = [section for child in node.children for section in _sections(child, found)]
        plain = "\n\n".join(section.plain for section in inner if section.plain.strip())
        html = "\n".join(section.html for section in inner if section.html.strip())
        return [_Section(plain, html)]
    if node.children:
        if node.content_type == "multipart/encrypted":
            found.notes.append("encrypted")
        elif node.content_type == "multipart/signed":
            found.notes.append("signed, not verified")
        return [section for child in node.children for section in _sections(child, found)]
    if not _is_body(node):
        found.files.append(node)
        return []
    text = clean_text(_text_of(node))
    return [_Section(html=text)] if node.content_type == "text/html" else [_Section(plain=text)]


def _is_body(node: Node) -> bool:
    """Text that is shown rather than listed: not declared an attachment and without a file name."""
    if node.content_type not in {
        "text/plain",
        "text/html",
        "text/enriched",
        "text/x-amp-html",
        "text/markdown",
    }:
        return node.content_type in {"text", "plain/text"}
    disposition = node.headers.raw("content-disposition").partition(";")[0].strip().lower()
    return disposition != "attachment" and not _declared_name(node)


def _text_of(node: Node) -> str:
    data = node.data
    charset = node.parameters.get("charset")
    if (
        charset is None
        and node.content_type == "text/html"
        and (match := _META_CHARSET.search(data[:2_048]))
    ):
        charset = match[1].decode("ascii")
    return decode(data, charset)


def _any_text(files: list[Node]) -> list[_Section]:
    """For a mail without a body, the first file that is text, such as a calendar invitation."""
    for node in files:
        if node.content_type.startswith("text/") and node.content_type not in {
            "text/html",
            "text/rfc822-headers",
        }:
            return [_Section(plain=clean_text(_text_of(node)))]
    return []


def _joined_html(sections: list[_Section], limits: Limits, notes: list[str]) -> str | None:
    if not any(section.html.strip() for section in sections):
        return None
    joined = "\n".join(section.html or escape_text(section.plain) for section in sections)
    if len(joined) > limits.html_characters:
        notes.append("the formatted text is cut; the whole is in the raw mail")
    return joined[: limits.html_characters]


def _joined_text(sections: list[_Section], limits: Limits) -> str:
    pieces = [
        section.plain
        if section.plain.strip()
        else text_of(sanitise(section.html[: limits.html_characters]).html)
        for section in sections
    ]
    return "\n\n".join(piece.strip("\n") for piece in pieces if piece.strip())


def _body(
    text: str,
    html: str | None,
    attachments: tuple[Attachment, ...],
    limits: Limits,
    notes: list[str],
) -> Body:
    if len(text) > limits.text_characters:
        notes.append("the text is cut; the whole is in the raw mail")
    return Body(
        clean_text(text[: limits.text_characters]).strip(), html, attachments, notes=tuple(notes)
    )


def _attachment(node: Node, number: int) -> Attachment:
    data = node.data
    filename = _file_name(node, number)
    extension = filename.rpartition(".")[2].lower()
    content_id = clean_line(node.headers.raw("content-id")).strip("<> ")[:300] or None
    return Attachment(
        filename=filename,
        content_type=node.content_type,
        data=data,
        digest=hashlib.sha256(data).hexdigest(),
        content_id=content_id,
        blocked=extension in _BLOCKED or node.content_type in _BLOCKED_TYPES,
    )


def _marked_inline(
    attachments: tuple[Attachment, ...], content_ids: frozenset[str]
) -> tuple[Attachment, ...]:
    return tuple(replace(each, inline=each.content_id in content_ids) for each in attachments)


def _declared_name(node: Node) -> str:
    disposition = parameters(node.headers.raw("content-disposition"))
    return disposition.get("filename") or disposition.get("name") or node.parameters.get("name", "")


def _file_name(node: Node, number: int) -> str:
    """A name safe to store and to show: no path, no control or direction character, never empty."""
    declared = clean_line(_declared_name(node)).replace("\\", "/").rpartition("/")[2]
    name = _UNSAFE_IN_NAMES.sub("_", declared).strip(". ")
    if name:
        stem, dot, extension = name.rpartition(".")
        return f"{stem[:150]}{dot}{extension[:20]}" if dot else name[:150]
    guessed = (
        _EXTENSIONS.get(node.content_type) or mimetypes.guess_extension(node.content_type) or ".bin"
    )
    kind = node.content_type.partition("/")[0]
    return f"{kind if kind in {'image', 'audio', 'video', 'message'} else 'file'}-{number}{guessed}"
