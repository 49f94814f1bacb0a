"""Forms: one way in. Wrong values show the same page again with 422 and keep what was typed."""

from collections.abc import Callable
from functools import wraps
from typing import NoReturn

import marshmallow as ma
from flask import Request, make_response, request
from flask.typing import ResponseReturnValue
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import MultiDict

from tenants.db import db
from tenants.errors import DomainError
from themes.forms import Form

View = Callable[..., ResponseReturnValue]


class _FormParser(FlaskParser):
    """Leaves the messages to the page that shows the form."""

    DEFAULT_UNKNOWN_BY_LOCATION = FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION | {"form": ma.EXCLUDE}

    def load_form(self, req: Request, schema: ma.Schema) -> object:
        """The form's values as they can be stored."""
        return self._makeproxy(_typed(req), schema)

    def handle_error(self, error: ma.ValidationError, *_: object, **__: object) -> NoReturn:
        """Let the refusal through as it is."""
        raise error


_parser = _FormParser()


def form(schema: type[ma.Schema], *, again: View) -> Callable[[View], View]:
    """Give the view the form's values; on a refusal, answer with `again` instead.

    `again` is called with the URL's values and `form`, a `themes.forms.Form` holding what was
    typed and what was wrong. A DomainError that names a field is such a refusal too; what the view
    had written by then is undone.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def call(**url_values: object) -> ResponseReturnValue:
            try:
                values = _parser.parse(schema(), request, location="form")
                with db.session.begin_nested():
                    return view(**url_values, **values)
            except ma.ValidationError as refusal:
                errors, status = refusal.messages_dict["form"], 422
            except DomainError as refusal:
                if refusal.field is None:
                    raise
                errors, status = {refusal.field: [refusal.message]}, refusal.status
            page = make_response(
                again(**url_values, form=Form(values=_typed(request), errors=errors))
            )
            page.status_code = status
            return page

        return call

    return wrap


def _typed(req: Request) -> MultiDict[str, str]:
    """What was sent, without the null bytes that no keyboard types and no database takes."""
    return MultiDict(
        (name, value.replace("\x00", "")) for name, value in req.form.items(multi=True)
    )
