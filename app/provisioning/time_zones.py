"""Time zones for a choice, by region."""

from functools import cache
from zoneinfo import available_timezones

_REGIONS = (
    "Europe", "America", "Asia", "Africa", "Australia", "Pacific", "Atlantic", "Indian",
)  # fmt: skip


@cache
def time_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups of (name, words): 'Europe' -> ('Europe/Berlin', 'Berlin')."""
    known = sorted(available_timezones())
    groups = [
        (region, [(zone, _words(zone)) for zone in known if zone.startswith(f"{region}/")])
        for region in _REGIONS
    ]
    return [*groups, ("Other", [("UTC", "UTC")])]


def _words(zone: str) -> str:
    return zone.partition("/")[2].replace("_", " ").replace("/", ", ")
