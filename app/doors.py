"""What every request passes before its view: host, person, permission, scope, transaction.

The host decides the look, membership decides access. One request is one transaction: committed
when the view has answered, rolled back when it raised.
"""

import os
import secrets
from contextlib import ExitStack
from dataclasses import replace
from typing import cast
from uuid import UUID

import structlog
from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFError

from app.config import Settings
from tenants.context import Actor, Scope
from tenants.db import db, utc_now
from tenants.errors import DomainError, NotAllowed, NotFound, NotSignedIn
from tenants.hosts.queries import HostEntry, find_host
from tenants.members.access import Access, find_access_by_session
from tenants.members.session import find_current_access, set_current_access
from tenants.permissions import Permission, permission_of

log = structlog.get_logger()

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self' {stream}; form-action 'self'; frame-src 'self'; "
    "frame-ancestors 'self'; base-uri 'none'; manifest-src 'self'"
)

_FILES = frozenset({"themes.asset", "themes.vendor"})  # a page asks for a dozen: not worth a line


class UnknownHost(DomainError):
    """Nobody here answers to this name; the page says nothing about who else might."""

    status = 404
    message = "Not found."


class FormExpired(DomainError):
    """The form's token is missing or of another session."""

    status = 400
    message = "This form is out of date. Reload the page and send it again."


def guard(app: Flask) -> None:
    """Put the doors in front of every view."""
    app.before_request(_enter)
    app.after_request(_leave)
    app.teardown_request(_close)


def current_host() -> HostEntry:
    """Whose host this request came to. Raises: UnknownHost."""
    entry = cast("HostEntry | None", g.get("host"))
    if entry is None:
        raise UnknownHost
    return entry


def cookie_name() -> str:
    """The session cookie; bound to its host by the browser wherever TLS is used."""
    settings: Settings = current_app.extensions["settings"]
    return "__Host-sid" if settings.https else "sid"


def open_transaction(scope: Scope) -> None:
    """Begin the request's transaction; it is kept until the answer is ready."""
    stack = ExitStack()
    stack.enter_context(db.transaction(scope))
    g.transaction = stack


def roll_back() -> None:
    """Drop what the request has done so far, if its transaction is still open."""
    stack: ExitStack | None = g.pop("transaction", None)
    if stack is not None:
        stack.__exit__(DomainError, DomainError(), None)


def public_scope(host: HostEntry) -> Scope:
    """What a page may read before anybody is known: the look of its host."""
    return Scope(
        agency_id=host.agency_id,
        workspace_ids=frozenset({host.workspace_id} if host.workspace_id else set[UUID]()),
        actor=Actor(kind="contact" if host.workspace_id else "system", id=None, name="visitor"),
        agency_wide=host.workspace_id is None,
    )


def _enter() -> None:
    g.request_id = secrets.token_hex(8)
    set_current_access(None)
    g.host = find_host(_host_name())
    host = current_host()
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return
    if host.kind not in _host_kinds_of(request.blueprints):
        raise NotFound
    permission = permission_of(view)
    if permission is None:
        message = f"{request.endpoint} names no permission"
        raise RuntimeError(message)
    if permission is Permission.FILES:
        return
    _resolve_member(host)
    open_transaction(_scope_for(permission, host))
    _check_form_token(view)


def _host_name() -> str:
    return request.host.rsplit(":", 1)[0].lower().rstrip(".")


def _host_kinds_of(blueprints: list[str]) -> tuple[str, ...]:
    kind = getattr(current_app.blueprints[blueprints[0]], "host_kind", None) if blueprints else None
    return ("agency", "portal", "brand") if kind == "any" else (kind,) if kind else ()


def _resolve_member(host: HostEntry) -> None:
    token = request.cookies.get(cookie_name())
    if token and host.kind != "brand":
        set_current_access(
            find_access_by_session(token, agency_id=host.agency_id, host=host.name, now=utc_now())
        )


def _scope_for(permission: Permission, host: HostEntry) -> Scope:
    access = find_current_access()
    if permission is Permission.PUBLIC:
        return public_scope(host) if access is None else _own_scope(access, agency_wide=True)
    if access is None:
        raise NotSignedIn
    if permission is Permission.SIGNED_IN:
        return _own_scope(access, agency_wide=bool(access.agency_roles))
    if not access.may(permission):
        raise NotAllowed
    return access.scope_for(permission)


def _own_scope(access: Access, *, agency_wide: bool) -> Scope:
    """Every workspace the member has to do with: for the look, and for what is their own."""
    scope = access.scope_for(Permission.SIGNED_IN)
    return replace(scope, workspace_ids=access.all_workspace_ids, agency_wide=agency_wide)


def _check_form_token(view: object) -> None:
    if request.method in {"GET", "HEAD", "OPTIONS"} or getattr(view, "without_form_token", False):
        return
    try:
        current_app.extensions["csrf"].protect()
    except CSRFError as error:
        raise FormExpired from error


def _leave(response: Response) -> Response:
    stack: ExitStack | None = g.pop("transaction", None)
    if stack is not None:
        stack.close()
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _POLICY.format(stream=_stream()))
    if current_app.extensions["settings"].https:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    if request.endpoint in _FILES:
        return response
    log.info(
        "request",
        id=g.get("request_id"),
        method=request.method,
        path=request.path,
        status=response.status_code,
        worker=os.getpid(),
    )
    return response


def _stream() -> str:
    """The stream's origin, where it is not this one."""
    host, settings = g.get("host"), current_app.extensions["settings"]
    return settings.stream_origin(host.name) if host else ""


def _close(_error: BaseException | None) -> None:
    roll_back()
