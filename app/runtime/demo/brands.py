"""The three client brands of the demo agency: how they look, when they answer, what they sell."""

from dataclasses import dataclass

AGENCY_SLUG = "northwind"
AGENCY_NAME = "Northwind"
AGENCY_COLOUR = "#1f4f8f"
PASSWORD = "demo only, change me"  # noqa: S105 - printed on screen, for made-up people


@dataclass(frozen=True)
class DemoBrand:
    """One brand: choices of its opening, and words for its conversations."""

    slug: str
    name: str
    colour: str
    accent: str | None
    zone: str
    hours: dict[str, list[list[str]]]
    policy: str
    tier: str
    contact: tuple[str, str]
    products: tuple[str, ...]
    order_prefix: str
    conversations: int
    mark: str


_WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
_OFFICE = {day: [["09:00", "18:00"]] for day in _WORKDAYS}
_SHOP = {day: [["09:00", "12:30"], ["13:30", "18:00"]] for day in (*_WORKDAYS, "saturday")}
_DAILY = {day: [["09:00", "18:00"]] for day in (*_WORKDAYS, "saturday", "sunday")}

BRANDS = (
    DemoBrand(
        slug="juniper",
        name="Juniper & Pine",
        colour="#0f6b5c",
        accent="#d98a3d",
        zone="Europe/Berlin",
        hours=_DAILY,
        policy="priority",
        tier="growth",
        contact=("Cleo Brandt", "cleo@juniper.example"),
        products=("oak side table", "linen duvet cover", "wool throw", "brass reading lamp"),
        order_prefix="JP",
        conversations=96,
        mark="M60 12 L92 62 H74 L100 104 H20 L46 62 H28 Z",
    ),
    DemoBrand(
        slug="velo",
        name="Velo Nord",
        colour="#b4341f",
        accent="#23303d",
        zone="Europe/Copenhagen",
        hours=_SHOP,
        policy="premium",
        tier="premium",
        contact=("Viggo Lund", "viggo@velonord.example"),
        products=("rain jacket", "commuter helmet", "pannier bag", "dynamo front light"),
        order_prefix="VN",
        conversations=64,
        mark="M34 84a22 22 0 1 1 .1 0M86 84a22 22 0 1 1 .1 0M34 62L54 34H78L86 62M54 34L62 62",
    ),
    DemoBrand(
        slug="marlowe",
        name="Marlowe Tea",
        colour="#5b4a9a",
        accent=None,
        zone="Europe/London",
        hours=_OFFICE,
        policy="standard",
        tier="foundation",
        contact=("Mara Lowe", "mara@marlowe.example"),
        products=("Assam breakfast tin", "gyokuro sampler", "glass teapot", "advent tea box"),
        order_prefix="MT",
        conversations=40,
        mark="M24 44 H84 V72 a26 26 0 0 1-52 0 Z M84 50 h10 a12 12 0 0 1 0 24 h-10",
    ),
)


def logo_of(brand: DemoBrand) -> bytes:
    """A drawn mark beside the name, as the brand's designer might hand it over."""
    name = brand.name.replace("&", "&amp;")
    width = 150 + 34 * len(brand.name)
    is_line = brand.slug == "velo"
    paint = f'fill="none" stroke="{brand.colour}" stroke-width="8"' if is_line else (
        f'fill="{brand.colour}"'
    )  # fmt: skip
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 120">'
        f'<path d="{brand.mark}" {paint}/>'
        f'<text x="130" y="80" font-family="DejaVu Sans" font-size="56" font-weight="600"'
        f' fill="#1c2430">{name}</text></svg>'
    ).encode()
