"""What the scorecard's form sends: a few fields for each criterion, named after it."""

import json
from typing import Any, NoReturn, cast
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load
from webargs.multidictproxy import MultiDictProxy
from werkzeug.datastructures import MultiDict

from app.quality.answers import Answer, Answers, Quote

NOT_APPLICABLE = "na"
LONGEST_COMMENT = 4000
LONGEST_QUOTE = 1000
MOST_QUOTES = 10

_PARTS = ("value", "comment", "cause", "quotes")


class ReviewForm(Schema):
    """Answers by criterion, and a word on the whole."""

    class Meta:
        """The form token is checked at the door."""

        unknown = EXCLUDE

    comment = fields.String(load_default="")
    answers = fields.Raw(load_default=dict)

    @pre_load
    def gather(self, data: MultiDictProxy, **_: object) -> dict[str, Any]:
        """Bring what belongs to one criterion together."""
        sent = cast("MultiDict[str, str]", data.data)
        codes = {
            code
            for part, _, code in (name.partition("-") for name in sent)
            if part in _PARTS and code
        }
        return {
            "comment": _text(sent.get("comment", ""), "comment"),
            "answers": {code: _answer(sent, code) for code in sorted(codes)},
        }


def typed_values(answers: Answers, comment: str) -> MultiDict[str, str]:
    """The same the other way round: what stands in the form's fields."""
    values = MultiDict([("comment", comment)])
    for code, answer in answers.items():
        given = NOT_APPLICABLE if answer.is_not_applicable else answer.value
        values.add(f"value-{code}", "" if given is None else str(given))
        values.add(f"comment-{code}", answer.comment)
        values.add(f"cause-{code}", answer.root_cause or "")
        for quote in answer.quotes:
            values.add(f"quotes-{code}", json.dumps(quote.to_json(), ensure_ascii=False))
    return values


def _answer(data: MultiDict[str, str], code: str) -> Answer:
    value = data.get(f"value-{code}", "")
    quotes = data.getlist(f"quotes-{code}")
    if len(quotes) > MOST_QUOTES:
        _refuse(f"quotes-{code}", f"Attach at most {MOST_QUOTES} quotes.")
    return Answer(
        value=None if value in {"", NOT_APPLICABLE} else _number(value, f"value-{code}"),
        is_not_applicable=value == NOT_APPLICABLE,
        comment=_text(data.get(f"comment-{code}", ""), f"comment-{code}"),
        root_cause=_text(data.get(f"cause-{code}", ""), f"cause-{code}") or None,
        quotes=tuple(_quote(each, f"quotes-{code}") for each in quotes),
    )


def _number(value: str, field: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) == 1):
        _refuse(field, "This is not on the scale.")
    return int(value)


def _text(value: str, field: str) -> str:
    if len(value) > LONGEST_COMMENT:
        _refuse(field, f"Please use at most {LONGEST_COMMENT:,} characters.")
    return value.replace("\0", "").strip()


def _quote(typed: str, field: str) -> Quote:
    try:
        stored = json.loads(typed)
        quote = Quote(UUID(stored["message_id"]), str(stored["text"]).replace("\0", "").strip())
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        _refuse(field, "This quote could not be read.")
    if not 0 < len(quote.text) <= LONGEST_QUOTE:
        _refuse(field, f"A quote has at most {LONGEST_QUOTE:,} characters.")
    return quote


def _refuse(field: str, message: str) -> NoReturn:
    raise ValidationError({field: [message]})
