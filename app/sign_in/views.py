"""Sign-in and sign-out."""

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as BaseResponse

from app.doors import cookie_name, current_host
from app.forms import form
from app.sign_in.limits import spend_try
from app.sign_in.schemas import SignInForm
from tenants.db import utc_now
from tenants.members.operations import SESSION_DAYS, sign_in, sign_out
from tenants.members.session import find_current_access
from tenants.permissions import Permission, requires
from themes.forms import Form
from themes.page import render

bp = Blueprint("sign_in", __name__, template_folder="templates")


@bp.get("/sign-in")
@requires(Permission.PUBLIC)
def show(form: Form | None = None) -> Response:
    """The form; somebody already signed in goes straight on."""
    if find_current_access() and form is None:
        return redirect("/", 303)  # type: ignore[return-value]
    return render(
        "sign_in/sign_in.html", form=form or Form(values={"next": request.args.get("next", "/")})
    )


@bp.post("/sign-in")
@requires(Permission.PUBLIC)
@form(SignInForm, again=show)
def create(email: str, password: str, next: str) -> BaseResponse:  # noqa: A002 - the field's name
    """Sign in and go on to where the person was headed."""
    spend_try(email, request.remote_addr or "unknown")
    token = sign_in(
        email=email,
        password=password,
        host=current_host().name,
        user_agent=request.user_agent.string,
        now=utc_now(),
    )
    answer = redirect(_own_path(next), 303)
    answer.set_cookie(
        cookie_name(),
        token,
        max_age=SESSION_DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=current_app.extensions["settings"].https,
    )
    return answer


@bp.post("/sign-out")
@requires(Permission.PUBLIC)
def destroy() -> BaseResponse:
    """End this session."""
    token = request.cookies.get(cookie_name())
    if token:
        sign_out(token, now=utc_now())
    answer = redirect(url_for(".show"), 303)
    answer.delete_cookie(cookie_name(), secure=current_app.extensions["settings"].https)
    return answer


@bp.get("/form-token")
@requires(Permission.PUBLIC)
def form_token() -> Response:
    """A fresh form token, for scripts whose page has been open for long."""
    return Response(generate_csrf(), mimetype="text/plain")


def _own_path(wanted: str) -> str:
    """A path on this host, or the start: never somebody else's page."""
    is_path = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if is_path and wanted.isprintable() and "\\" not in wanted else "/"
