"""`livery demo`: everything on this machine, with an agency that has been at work for weeks."""

import click
import sqlalchemy as sa

from app.config import Settings
from app.conversations.sweeps import watch_clocks
from app.runtime.demo.brands import AGENCY_SLUG, BRANDS, PASSWORD
from app.runtime.demo.history import write_history
from app.runtime.demo.opening import open_demo_agency
from app.runtime.demo.quality import review_history
from app.runtime.demo.reports import ask_for_reports
from app.runtime.errors import CannotStart
from app.runtime.output import say
from app.runtime.supervisor import supervise
from app.wiring import connect
from tenants.agencies.models import Agency
from tenants.db import db, utc_now

_PEOPLE = (
    ("ana@northwind.example", "owner: opens clients, sees money"),
    ("leo@northwind.example", "L1 agent: works the pool of all clients"),
    ("pia@northwind.example", "pod lead: takes what was escalated"),
    ("quinn@northwind.example", "QA lead: samples and reviews"),
)


@click.command()
def demo() -> None:
    """Run everything with a demo agency, three client brands and eight weeks of history."""
    settings = Settings.from_environment()
    if settings.is_production:
        raise CannotStart("The demo is not for production: its people have a known password.")
    supervise(settings, prepare=seed, when_ready=_show_around)


def seed(settings: Settings) -> None:
    """Write the demo into an empty database; one that has it already is left as it is."""
    connect(settings)
    try:
        if _is_there():
            say("the demo agency is here already; its data is kept")
            return
        now = utc_now()
        say("opening the demo agency and its three clients")
        scopes = open_demo_agency(settings, now=now)
        say("replaying eight weeks of conversations")
        made = write_history(scopes, now=now)
        watch_clocks()
        reviews = review_history(scopes, now=now)
        ask_for_reports(scopes, now=now)
        say(f"{made} conversations and {reviews} reviews are in; reports render in the background")
    finally:
        db.disconnect()


def _is_there() -> bool:
    with db.system() as session:
        return session.scalar(sa.select(Agency.id).where(Agency.slug == AGENCY_SLUG)) is not None


def _show_around(settings: Settings) -> None:
    agency = f"{AGENCY_SLUG}.{settings.base_domain}"
    brands = [f"{brand.slug}.{settings.base_domain}" for brand in BRANDS]
    caught = settings.var_dir / "mail"
    lines = [
        "",
        f"  The agency   {settings.url_of(agency)}",
        *(f"    {email:<26} {what}" for email, what in _PEOPLE),
        f"  The portal   {settings.url_of(f'portal.{agency}')}",
        *(f"    {brand.contact[1]:<26} {brand.name}" for brand in BRANDS),
        f"  The brands   {'  '.join(settings.url_of(host) for host in brands)}",
        f"  Password     {PASSWORD}   (everybody's)",
        "",
        "  Try: claim the next conversation as Leo; escalate one; take it as Pia; score a review",
        "  as Quinn; open a fourth client as Ana; read the report as a client in the portal.",
        f"  Write to care@{brands[0]} by SMTP on port {settings.smtp_in_port}.",
        f"  What the desk sends is caught in {caught}.",
        "",
    ]
    click.echo("\n".join(lines))
