"""What has been chosen for a new client so far, part by part, as `Opening.choices` keeps it."""

from typing import Any, TypedDict, cast

from app.provisioning.models import Opening
from app.sla.business_hours import Calendar
from themes.palette import check_contrast, palette_of
from themes.tokens import Logo, Theme

PARTS = ("brand", "look", "channels", "service", "tier")

DEFAULT_PRIMARY = "#1f5f8b"


class BrandChoices(TypedDict):
    """Name, the word in the host, and how mails are signed."""

    name: str
    slug: str
    host: str
    signature: str


class Colours(TypedDict):
    """Colours '#rrggbb', corners in pixels, and type."""

    primary: str
    secondary: str | None
    radius: int
    fonts: str


class LookChoices(Colours):
    """The same, with the stored logo's digests."""

    logo: dict[str, Any] | None


class Holiday(TypedDict):
    """A closed day: ISO date, and what it is called."""

    date: str
    name: str


class Reach(TypedDict):
    """The mail address, and when somebody answers: hours by weekday as pairs of HH:MM."""

    address: str
    time_zone: str
    hours: dict[str, list[list[str]]]
    holidays_country: str


class ChannelsChoices(Reach):
    """The same, with the days that are kept closed."""

    holidays: list[Holiday]


class ServiceChoices(TypedDict):
    """What is promised, what is reported to whom, and who speaks for the client."""

    policy: str
    cadence: str
    recipients: list[str]
    contact_name: str
    contact_email: str
    contact_role: str


class TierChoices(TypedDict):
    """The tier version the contract is made on, by id."""

    tier_version_id: str


class Choices(TypedDict, total=False):
    """All parts; a part that was never saved is missing."""

    brand: BrandChoices
    look: LookChoices
    channels: ChannelsChoices
    service: ServiceChoices
    tier: TierChoices


def choices_of(opening: Opening) -> Choices:
    """What the opening holds, typed."""
    return cast("Choices", opening.choices)


def missing_parts(opening: Opening) -> list[str]:
    """The parts nobody has saved yet, in order."""
    return [part for part in PARTS if part not in opening.choices]


def theme_of(opening: Opening) -> Theme:
    """The look as chosen so far; plain where nothing is chosen."""
    choices = choices_of(opening)
    brand, look = choices.get("brand"), choices.get("look")
    theme = Theme(
        name=brand["name"] if brand else "Your brand",
        signature=brand["signature"] if brand else "Your team",
        primary=look["primary"] if look else DEFAULT_PRIMARY,
    )
    return with_look(theme, look) if look else theme


def with_look(theme: Theme, look: LookChoices) -> Theme:
    """The same brand in these colours and this shape. Raises: BadTheme."""
    stored = theme.to_json() | {key: value for key, value in look.items() if key != "logo"}
    stored["logo"] = look["logo"]
    return Theme.from_json(stored)


def calendar_of(channels: ChannelsChoices) -> Calendar:
    """The business hours as the clocks count them. Raises: BadCalendar."""
    return Calendar.from_json(
        {
            "zone": channels["time_zone"],
            "weekly": channels["hours"],
            "holidays": [holiday["date"] for holiday in channels["holidays"]],
        }
    )


def logo_as_choice(logo: Logo) -> dict[str, Any]:
    """What `LookChoices.logo` keeps of a stored logo."""
    logo_json: dict[str, Any] = Theme(name="-", primary=DEFAULT_PRIMARY, logo=logo).to_json()[
        "logo"
    ]
    return logo_json


def is_readable(theme: Theme) -> bool:
    """Whether every pair of the theme's colours can be read."""
    return all(check.passed for check in check_contrast(palette_of(theme)))
