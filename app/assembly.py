"""The web application's parts, in the order they are put on."""

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app import doors, errors, reactions, urls
from app.config import Settings
from app.conversations.topics import topic_words
from app.look import brand_themes, current_theme, signed_in_person
from themes import page


def assemble(settings: Settings) -> Flask:
    """A Flask app with doors, look, refusals and every screen."""
    app = Flask("app", static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key_bytes,
        SESSION_COOKIE_NAME="__Host-form" if settings.https else "form",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        MAX_CONTENT_LENGTH=settings.max_upload_bytes,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.extensions["settings"] = settings
    # The host is what the proxy passes on as Host; X-Forwarded-Host is nobody's word.
    proxies = settings.trusted_proxies
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)  # type: ignore[method-assign]
    CSRFProtect(app)
    doors.guard(app)
    page.install(app, current_theme=current_theme, brand_themes=brand_themes)
    app.context_processor(signed_in_person)
    app.jinja_env.filters["topic_words"] = topic_words
    errors.install(app)
    urls.register(app)
    reactions.check()
    return app
