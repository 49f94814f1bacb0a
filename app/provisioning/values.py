"""What stands in the fields of a step before anything is typed: the choices, or a good start."""

from typing import Any

from app.provisioning.blueprints.shelf import get_blueprint
from app.provisioning.choices import DEFAULT_PRIMARY, choices_of
from app.provisioning.hours import write_hours
from app.provisioning.models import Opening
from app.sla.business_hours import WEEKDAYS


def brand_values(opening: Opening) -> dict[str, Any]:
    """Fields of the first step."""
    return dict(choices_of(opening).get("brand", {}))


def look_values(opening: Opening) -> dict[str, Any]:
    """Fields of the second step."""
    return {
        "primary": DEFAULT_PRIMARY,
        "radius": 8,
        "fonts": "inter",
        **choices_of(opening).get("look", {}),
    }


def channels_values(opening: Opening, *, time_zone: str) -> dict[str, Any]:
    """Fields of the third step; an agency's clients often share its time zone."""
    choices = choices_of(opening)
    channels = choices.get("channels")
    if channels is None:
        host = choices["brand"]["host"] if "brand" in choices else ""
        blueprint = get_blueprint(opening.blueprint, opening.blueprint_version)
        return {
            "address": f"support@{host}" if host else "",
            "time_zone": time_zone,
            **blueprint.week,
        }
    return {
        **channels,
        **{day: write_hours(channels["hours"].get(day, [])) for day in WEEKDAYS},
    }


def service_values(opening: Opening) -> dict[str, Any]:
    """Fields of the fourth step."""
    service = choices_of(opening).get("service")
    if service is None:
        return {"policy": "standard", "cadence": "weekly", "contact_role": "client_admin"}
    return {**service, "recipients": "\n".join(service["recipients"])}


def tier_values(opening: Opening) -> dict[str, Any]:
    """Fields of the fifth step."""
    return dict(choices_of(opening).get("tier", {}))
