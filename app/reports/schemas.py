"""What the form for a new report sends."""

from datetime import date
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from app.channels.email.addresses import read_address

PRESETS = {
    "last_month": "Last month",
    "last_week": "Last week",
    "last_4_weeks": "Last 4 weeks",
    "custom": "Days of your choice",
}
_MOST_RECIPIENTS = 10
_NEED_DAY = "Choose a day."


class Day(fields.Field[date | None]):
    """A day of the calendar; an empty field is None."""

    def _deserialize(self, value: object, *_: object, **__: object) -> date | None:
        text = str(value).strip()
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise ma.ValidationError("This is not a day.") from error


class Addresses(fields.Field[list[str]]):
    """Mail addresses, separated by commas, blanks or lines; each once."""

    def _deserialize(self, value: object, *_: object, **__: object) -> list[str]:
        words = str(value).replace(",", " ").replace(";", " ").split()
        found = []
        for word in words:
            address = read_address(word)
            if address is None or not address.isascii():
                raise ma.ValidationError(f"“{word[:80]}” is not a mail address.")
            found.append(address)
        if len(found) > _MOST_RECIPIENTS:
            raise ma.ValidationError(f"At most {_MOST_RECIPIENTS} addresses.")
        return list(dict.fromkeys(found))


class NewReportForm(ma.Schema):
    """Whose report, about which days, for whom."""

    client = fields.UUID(
        required=True,
        error_messages={"required": "Choose a client.", "invalid_uuid": "Choose a client."},
    )
    period = fields.String(
        required=True,
        validate=validate.OneOf(list(PRESETS), error="Choose a period."),
        error_messages={"required": "Choose a period."},
    )
    first_day = Day(load_default=None)
    last_day = Day(load_default=None)
    recipients = Addresses(load_default=list)

    @ma.validates_schema
    def _need_days(self, values: dict[str, Any], **_: object) -> None:
        if values.get("period") != "custom":
            return
        missing = {
            name: [_NEED_DAY] for name in ("first_day", "last_day") if values.get(name) is None
        }
        if missing:
            raise ma.ValidationError(missing)
