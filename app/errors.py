"""Refusals, rendered once: as a page in the look of the host, as a fragment, or as JSON."""

import structlog
from flask import Flask, Response, g, jsonify, redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from app.doors import UnknownHost, open_transaction, public_scope, roll_back
from tenants.errors import DomainError, NotFound, NotSignedIn
from themes import page

log = structlog.get_logger()

_WORDS = {
    400: "This request could not be read.",
    403: "Your role does not include this.",
    404: "This page does not exist.",
    405: "This page does not exist.",
    413: "This is too large to upload.",
    429: "Too many tries. Wait a minute, then try again.",
}


def install(app: Flask) -> None:
    """Render every refusal of the app."""
    app.register_error_handler(UnknownHost, _unknown_host)
    app.register_error_handler(NotSignedIn, _not_signed_in)
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(HTTPException, _http_refusal)
    app.register_error_handler(Exception, _crashed)


def _unknown_host(_error: UnknownHost) -> Response:
    return Response("Not found.\n", status=404, mimetype="text/plain")


def _not_signed_in(error: NotSignedIn) -> BaseResponse:
    roll_back()
    if request.method == "GET" and not _wants_json():
        return redirect(url_for("sign_in.show", next=request.full_path.rstrip("?")), 303)
    return _page(error.status, error.message)


def _refused(error: DomainError) -> Response:
    roll_back()
    return _page(error.status, error.message)


def _http_refusal(error: HTTPException) -> BaseResponse:
    roll_back()
    status = error.code or 500
    if status < 400:
        return error.get_response()
    if g.get("host") is None:
        return _unknown_host(UnknownHost())
    if status == 405:
        status = 404
    return _page(status, _WORDS.get(status, "This could not be done."))


def _crashed(error: Exception) -> Response:
    """A bug: logged with its trace, shown without any."""
    roll_back()
    log.error("request.crashed", id=g.get("request_id"), path=request.path, exc_info=error)
    text = "Something went wrong on our side. Nothing you sent was kept half-way; please try again."
    return Response(f"{text}\nReference: {g.get('request_id')}\n", 500, mimetype="text/plain")


def _page(status: int, message: str) -> Response:
    if _wants_json():
        answer = jsonify(error=message)
        answer.status_code = status
        return answer
    open_transaction(public_scope(g.host))
    title = "Not found" if status == NotFound.status else "Not possible"
    return page.render("errors/refusal.html", status=status, title=title, message=message)


def _wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html")
    return best == "application/json"
