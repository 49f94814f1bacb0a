"""What each step of the opening's form sends."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import available_timezones

import marshmallow as ma
from marshmallow import fields, validate

from app.provisioning.addresses import read_address, read_addresses
from app.provisioning.closed_days import countries
from app.provisioning.errors import BadAddress
from app.provisioning.hours import read_hours
from app.provisioning.slugs import fault_of
from app.sla.business_hours import WEEKDAYS, BadCalendar
from tenants.permissions import Role
from themes.errors import BadTheme
from themes.tokens import MAX_NAME, MAX_WORDS, FontPairing, parse_colour

RADII = (0, 4, 8, 12)
CADENCES = ("weekly", "monthly")
CONTACT_ROLES = (Role.CLIENT_ADMIN, Role.CLIENT_VIEWER)
_MOST_RECIPIENTS = 10


class Words(fields.Field[str]):
    """One line of text, without control characters; `missing` is said when it is needed."""

    def __init__(
        self, *, longest: int, missing: str = "", load_default: object = ma.missing
    ) -> None:
        super().__init__(
            required=bool(missing), load_default=load_default, error_messages={"required": missing}
        )
        self.longest = longest
        self.missing = missing

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        text = " ".join(str(value).split())
        if not text and self.missing:
            raise ma.ValidationError(self.missing)
        if len(text) > self.longest:
            raise ma.ValidationError(f"Please use at most {self.longest} characters.")
        if not text.isprintable():
            raise ma.ValidationError("This holds a character that cannot be shown.")
        return text


class Slug(fields.Field[str]):
    """The word in the brand's host."""

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        slug = str(value).strip().lower()
        if fault := fault_of(slug):
            raise ma.ValidationError(fault)
        return slug


class Colour(fields.Field[str | None]):
    """'#rrggbb'; an empty optional one is None."""

    def _deserialize(self, value: object, attr: str | None, *_: object, **__: object) -> str | None:
        text = str(value).strip()
        if not text and not self.required:
            return None
        try:
            return parse_colour(text, field=attr or "")
        except BadTheme as refusal:
            raise ma.ValidationError(refusal.message) from refusal


class Hours(fields.Field[list[list[str]]]):
    """One day's periods."""

    def _deserialize(self, value: object, *_: object, **__: object) -> list[list[str]]:
        try:
            return read_hours(str(value))
        except BadCalendar as refusal:
            raise ma.ValidationError(refusal.message) from refusal


class Address(fields.Field[str]):
    """One mail address."""

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        if not str(value).strip():
            raise ma.ValidationError("Enter a mail address.")
        try:
            return read_address(str(value))
        except BadAddress as refusal:
            raise ma.ValidationError(refusal.message) from refusal


class Addresses(fields.Field[list[str]]):
    """Mail addresses, apart by commas or lines."""

    def _deserialize(self, value: object, *_: object, **__: object) -> list[str]:
        try:
            found = read_addresses(str(value))
        except BadAddress as refusal:
            raise ma.ValidationError(refusal.message) from refusal
        if len(found) > _MOST_RECIPIENTS:
            raise ma.ValidationError(f"At most {_MOST_RECIPIENTS} addresses.")
        return found


def _one_of(choices: Iterable[str], words: str) -> validate.OneOf:
    return validate.OneOf([str(choice) for choice in choices], error=words)


class BrandForm(ma.Schema):
    """Step 1: who the brand is."""

    name = Words(longest=MAX_NAME, missing="Give the brand a name.")
    slug = Slug(required=True, error_messages={"required": "Choose an address."})
    signature = Words(longest=MAX_WORDS, load_default="")


class LookForm(ma.Schema):
    """Step 2: how it looks; the logo comes as a file beside it."""

    primary = Colour(required=True, error_messages={"required": "Choose a colour."})
    secondary = Colour(load_default=None)
    radius = fields.Integer(
        required=True,
        validate=validate.OneOf(RADII, error="Choose one of the corners."),
        error_messages={"required": "Choose the corners.", "invalid": "Choose one of the corners."},
    )
    fonts = fields.String(required=True, validate=_one_of(FontPairing, "Choose the type."))
    without_logo = fields.Boolean(load_default=False)


class ChannelsForm(ma.Schema):
    """Step 3: where shoppers write to, and when somebody answers."""

    address = fields.String(
        required=True, validate=validate.Length(1, 254, error="Enter a mail address.")
    )
    time_zone = fields.String(required=True)
    holidays_country = fields.String(load_default="")
    proposed_country = fields.String(load_default="")
    holidays = fields.List(
        fields.Date(error_messages={"invalid": "This is not a date."}), load_default=list
    )
    monday = Hours(load_default=list)
    tuesday = Hours(load_default=list)
    wednesday = Hours(load_default=list)
    thursday = Hours(load_default=list)
    friday = Hours(load_default=list)
    saturday = Hours(load_default=list)
    sunday = Hours(load_default=list)

    @ma.validates("time_zone")
    def _is_a_zone(self, value: str, **_: object) -> None:
        if value not in available_timezones():
            raise ma.ValidationError("Choose a time zone.")

    @ma.validates("holidays_country")
    def _is_a_country(self, value: str, **_: object) -> None:
        if value and value not in dict(countries()):
            raise ma.ValidationError("Choose a country, or none.")

    @ma.post_load
    def _gather_hours(self, values: dict[str, Any], **_: object) -> dict[str, Any]:
        hours = {day: periods for day in WEEKDAYS if (periods := values.pop(day))}
        if not hours:
            message = "Open on at least one day; otherwise no promise could ever fall due."
            raise ma.ValidationError(message, "monday")
        return {**values, "hours": hours}


class ServiceForm(ma.Schema):
    """Step 4: what is promised, reported and to whom."""

    policy = fields.String(required=True)
    cadence = fields.String(required=True, validate=_one_of(CADENCES, "Choose how often."))
    recipients = Addresses(load_default=list)
    contact_name = Words(longest=MAX_NAME, missing="Enter the name of a person.")
    contact_email = Address(required=True, error_messages={"required": "Enter a mail address."})
    contact_role = fields.String(
        required=True, validate=_one_of(CONTACT_ROLES, "Choose what this person may do.")
    )


class TierForm(ma.Schema):
    """Step 5: what the client pays for."""

    tier_version_id = fields.UUID(
        required=True,
        error_messages={"required": "Choose a tier.", "invalid_uuid": "Choose a tier."},
    )
