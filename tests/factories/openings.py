"""What an owner types to open a client, and the walk through the form."""

import io
import re
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from PIL import Image, ImageDraw

from billing.tiers.models import Tier, TierVersion
from tenants.context import SYSTEM, Scope
from tenants.db import db
from tests.browser import Person
from tests.factories.cast import World

BRAND = {"name": "Fern & Fable", "slug": "fern", "signature": ""}
LOOK = {"primary": "#1d6b4f", "secondary": "", "radius": "8", "fonts": "inter"}
CHANNELS = {
    "address": "support@fern.localhost",
    "time_zone": "Europe/Berlin",
    "holidays_country": "",
    "proposed_country": "",
    "monday": "9-12, 13-18",
    "tuesday": "9:00–18:00",
    "wednesday": "",
}
SERVICE = {
    "policy": "standard",
    "cadence": "weekly",
    "recipients": "",
    "contact_name": "Fay Moss",
    "contact_email": "fay@fern.example",
    "contact_role": "client_admin",
}
PARTS: dict[str, dict[str, str]] = {
    "brand": BRAND,
    "look": LOOK,
    "channels": CHANNELS,
    "service": SERVICE,
}


def begin(person: Person) -> UUID:
    """Press “Open a client”; the id of the opening it leads to."""
    answer = person.post("/openings")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    found = re.search(r"/openings/([0-9a-f-]{36})/brand", answer.headers["Location"])
    assert found, answer.headers["Location"]
    return UUID(found[1])


def choose(person: Person, opening_id: UUID, part: str, **changed: Any) -> Any:
    """Send one step, with these fields changed."""
    values = {**PARTS.get(part, {}), **changed}
    return person.post(f"/openings/{opening_id}/{part}", values)


def send_logo(person: Person, opening_id: UUID, upload: bytes) -> Any:
    """Send the look with this file, as a browser writes it."""
    mark = b"----a-line-no-logo-holds"
    parts = [
        b'form-data; name="%s"\r\n\r\n%s' % (name.encode(), value.encode())
        for name, value in LOOK.items()
    ]
    parts.append(b'form-data; name="logo"; filename="logo.png"\r\n\r\n' + upload)
    body = b"".join(b"--%s\r\nContent-Disposition: %s\r\n" % (mark, part) for part in parts)
    return person.send(
        "POST",
        f"/openings/{opening_id}/look",
        data=body + b"--%s--\r\n" % mark,
        content_type=f"multipart/form-data; boundary={mark.decode()}",
    )


def choose_all(person: Person, world: World, **changed: dict[str, Any]) -> UUID:
    """Every step of the form, saved; the client itself is not asked for yet."""
    opening_id = begin(person)
    tier = {"tier_version_id": str(tier_version(world, "foundation"))}
    for part in ("brand", "look", "channels", "service", "tier"):
        values = {**(tier if part == "tier" else {}), **changed.get(part, {})}
        answer = choose(person, opening_id, part, **values)
        assert answer.status_code == 303, answer.get_data(as_text=True)
    return opening_id


def tier_version(world: World, code: str, *, agency: str = "Northwind") -> UUID:
    """The version of a tier the agency offers."""
    with db.transaction(Scope(world.agencies[agency], frozenset(), SYSTEM, agency_wide=True)):
        return db.session.scalars(
            sa.select(TierVersion.id)
            .join(Tier, Tier.id == TierVersion.tier_id)
            .where(Tier.code == code)
        ).one()


def scope_of(world: World, workspace_id: UUID, *, agency: str = "Northwind") -> Scope:
    """The system at work for a workspace that was just opened."""
    return Scope(world.agencies[agency], frozenset({workspace_id}), SYSTEM, agency_wide=True)


def a_logo(*, kind: str = "PNG", colour: str = "#1d6b4f") -> bytes:
    """A mark and a bar, as a maker of logos would leave them."""
    mode, ground = ("RGB", "white") if kind == "JPEG" else ("RGBA", (0, 0, 0, 0))
    image = Image.new(mode, (480, 120), ground)
    pen = ImageDraw.Draw(image)
    pen.ellipse((10, 10, 110, 110), fill=colour)
    pen.rectangle((140, 45, 460, 75), fill=colour)
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()
