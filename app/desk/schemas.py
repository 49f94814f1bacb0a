"""What the desk's forms and links send."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate

from app.escalations.packet import REASONS
from app.l1_pool.queries import Cursor, View

MAX_BODY = 50_000
_body = validate.Length(1, MAX_BODY, error="Write something first.")


class PlaceQuery(Schema):
    """Which view of the queue, of which brand."""

    class Meta:
        """Links carry more than this."""

        unknown = EXCLUDE

    view = fields.Enum(View, by_value=True, load_default=None)
    brand = fields.UUID(load_default=None)


class PageQuery(Schema):
    """Which page of a view; one that cannot be read is the first."""

    class Meta:
        """Links carry more than this."""

        unknown = EXCLUDE

    after = fields.String(load_default="")

    @post_load
    def read_cursor(self, values: dict[str, Any], **_: object) -> dict[str, Cursor | None]:
        """`<moment>~<id>` as a cursor."""
        moment, _separator, row_id = values["after"].partition("~")
        try:
            at = datetime.fromisoformat(moment).astimezone(UTC) if moment else None
            return {"after": Cursor(at, UUID(row_id))}
        except (ValueError, OverflowError):
            return {"after": None}


class MacroQuery(Schema):
    """Which macro to put into the composer."""

    class Meta:
        """Links carry more than this."""

        unknown = EXCLUDE

    macro = fields.UUID(load_default=None)


class WriteForm(Schema):
    """A reply or a note, from the composer."""

    mode = fields.String(
        required=True,
        validate=validate.OneOf(["reply", "note"], error="Choose reply or note."),
    )
    body = fields.String(required=True, validate=_body)
    then = fields.String(
        load_default="pending",
        validate=validate.OneOf(["stay", "pending", "close"], error="Choose what comes next."),
    )
    macro_id = fields.UUID(load_default=None, allow_none=True)
    client_id = fields.String(load_default="", validate=validate.Length(max=100))
    seen = fields.Integer(load_default=None, allow_none=True)

    @pre_load
    def leave_out_empty(self, values: Mapping[str, Any], **_: object) -> dict[str, Any]:
        """Hidden fields that hold nothing were not sent."""
        return {name: value for name, value in values.items() if value or name == "body"}

    @post_load
    def trim(self, values: dict[str, Any], **_: object) -> dict[str, Any]:
        """Blank lines around a text say nothing; a text of blanks alone is empty."""
        values["body"] = values["body"].strip()
        if not values["body"]:
            raise ValidationError("Write something first.", "body")
        return values


class DraftForm(Schema):
    """What was typed and not sent."""

    body = fields.String(required=True, validate=validate.Length(max=MAX_BODY))


def _packet_text() -> fields.String:
    asked = "The pod needs this to go on without asking. Fill it in."
    return fields.String(
        required=True,
        validate=[
            validate.Regexp(r"(?s).*\S", error=asked),
            validate.Length(max=20_000, error="This is too long: at most 20,000 characters."),
        ],
        error_messages={"required": asked},
    )


class EscalationForm(Schema):
    """The five fields of the packet, why, and to which pod."""

    pod = fields.UUID(required=True, error_messages={"invalid": "Choose a pod."})
    reason = fields.String(
        required=True,
        validate=validate.OneOf(REASONS, error="Say why the pod should have it."),
    )
    identity = _packet_text()
    intent = _packet_text()
    actions_taken = _packet_text()
    transcript = _packet_text()
    priority_cues = _packet_text()


class HandBackForm(Schema):
    """What L1 needs to know to go on."""

    note = fields.String(
        required=True,
        validate=validate.Length(1, MAX_BODY, error="Say what L1 needs to know to go on."),
    )
