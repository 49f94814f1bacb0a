"""How a stranger's files leave our server: as downloads, or in a page that can do nothing.

Source: reference "security", T-60 and T-68.
"""

import base64
from urllib.parse import quote

from flask import Response
from markupsafe import Markup
from werkzeug.http import dump_options_header

from app.channels.email.html import place_images
from app.conversations.models import Attachment, Message
from app.desk.queries import list_embedded
from tenants.blobs import get_blob
from tenants.errors import DomainError, NotFound

_KNOWN_HARMLESS = frozenset(
    {
        "application/pdf",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/webp",
        "text/csv",
        "text/plain",
    }
)
_EMBEDDABLE = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})
_MAX_EMBEDDED_BYTES = 2_000_000
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; "
_FRAME = Markup(
    '<!doctype html><html><head><meta charset="utf-8"><base target="_blank">'
    "<style>html{{background:#fff;color:#16181b;color-scheme:light}}"
    "body{{margin:16px;font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}}"
    "img,table{{max-width:100%}}</style></head><body>{}</body></html>"
)


class FileBlocked(DomainError):
    """The file was held back when the mail was read."""

    status = 409
    message = "This file was held back because it may do harm. Ask your lead if you need it."


def attachment_response(attachment: Attachment) -> Response:
    """Always a download under its own name, never shown by the browser. Raises: FileBlocked."""
    if attachment.is_blocked:
        raise FileBlocked
    content_type = attachment.content_type.lower()
    response = Response(
        get_blob(attachment.digest),
        content_type=content_type
        if content_type in _KNOWN_HARMLESS
        else "application/octet-stream",
    )
    name = safe_name(attachment.filename)
    plain = name.encode("ascii", "replace").decode("ascii").replace("?", "_")
    response.headers["Content-Disposition"] = dump_options_header(
        "attachment", {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"}
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = f"{_NOTHING}sandbox"
    return response


def html_response(message: Message) -> Response:
    """The mail's HTML, sanitised when it was read, in a sandbox: no script, no remote picture."""
    if not message.body_html:
        raise NotFound
    body = place_images(message.body_html, _embedded_images(message))
    response = Response(_FRAME.format(Markup(body)), content_type="text/html; charset=utf-8")  # noqa: S704 - sanitised when stored, sandboxed here
    response.headers["Content-Security-Policy"] = (
        f"{_NOTHING}style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def safe_name(filename: str) -> str:
    """The file's own name without paths and control characters."""
    name = filename.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(character for character in name if character.isprintable()).strip(". ")
    return name[:200] or "attachment"


def _embedded_images(message: Message) -> dict[str, str]:
    return {
        image.content_id.strip("<>"): _data_url(image)
        for image in list_embedded(message)
        if image.content_id
        and image.content_type in _EMBEDDABLE
        and not image.is_blocked
        and image.size_bytes <= _MAX_EMBEDDED_BYTES
    }


def _data_url(image: Attachment) -> str:
    encoded = base64.b64encode(get_blob(image.digest)).decode("ascii")
    return f"data:{image.content_type};base64,{encoded}"
