"""Opens the demo agency and its three clients, the way an owner would: by the same operations."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa

from app.config import Settings
from app.console.operations import start_payment
from app.provisioning.choices import (
    ChannelsChoices,
    LookChoices,
    ServiceChoices,
    logo_as_choice,
)
from app.provisioning.models import Opening
from app.provisioning.operations import (
    ask_to_open,
    choose_brand,
    choose_channels,
    choose_look,
    choose_service,
    choose_tier,
    start_opening,
)
from app.runtime.demo.brands import (
    AGENCY_COLOUR,
    AGENCY_NAME,
    AGENCY_SLUG,
    BRANDS,
    PASSWORD,
    DemoBrand,
    logo_of,
)
from app.sla.models import CalendarVersion, PolicyVersion
from billing.sandbox.operations import get_payment_page, pay
from billing.simulator.cards import TEST_CARDS
from billing.tiers.models import Tier, TierVersion
from tenants.agencies.operations import open_agency
from tenants.context import SYSTEM, Actor, Scope
from tenants.db import db, utc_now
from tenants.dispatcher import run_due_jobs
from tenants.hosts.operations import add_host
from tenants.members.models import Member
from tenants.members.operations import (
    add_member,
    assign_agency_role,
    assign_workspace_role,
    find_member_by_email,
)
from tenants.members.passwords import hash_password
from tenants.permissions import Role
from tenants.workspaces.models import Workspace
from tenants.workspaces.queries import get_workspace
from themes.logos import store_logo
from themes.operations import publish_agency_theme
from themes.tokens import Theme

PEOPLE = (
    ("Ana Sommer", "ana", Role.OWNER),
    ("Max Keller", "max", Role.MANAGER),
    ("Leo Marin", "leo", Role.L1_AGENT),
    ("Lin Zhou", "lin", Role.L1_AGENT),
    ("Quinn Adair", "quinn", Role.QA_LEAD),
    ("Ravi Sen", "ravi", Role.QA_REVIEWER),
)


def open_demo_agency(settings: Settings, *, now: datetime) -> dict[str, Scope]:
    """Northwind, its people and its three clients, paid for; the scope of each client by slug."""
    agency = open_agency(slug=AGENCY_SLUG, name=AGENCY_NAME, now=now, time_zone="Europe/Berlin")
    whole = Scope(agency.id, frozenset(), SYSTEM, agency_wide=True)
    with db.transaction(whole):
        add_host(f"{AGENCY_SLUG}.{settings.base_domain}", "agency", now=now)
        add_host(f"portal.{AGENCY_SLUG}.{settings.base_domain}", "portal", now=now)
        publish_agency_theme(Theme(name=AGENCY_NAME, primary=AGENCY_COLOUR), by=SYSTEM, now=now)
        people = [_hire(name, word, role, now=now) for name, word, role in PEOPLE]
        owner = Actor("member", people[0].id, people[0].name)
    return {brand.slug: _open_client(brand, settings, agency.id, owner) for brand in BRANDS}


def _hire(name: str, word: str, role: Role, *, now: datetime) -> Member:
    member = add_member(email=f"{word}@northwind.example", name=name, now=now, password=PASSWORD)
    db.session.flush()  # the role names the member
    assign_agency_role(member, role, now=now)
    return member


def _open_client(brand: DemoBrand, settings: Settings, agency_id: UUID, owner: Actor) -> Scope:
    """Every step of the form, then the job that makes the client, then the first payment."""
    with db.transaction(Scope(agency_id, frozenset(), owner, agency_wide=True)):
        opening = _choose(brand, settings, now=utc_now())
        ask_to_open(opening, now=utc_now())
        workspace_id = opening.new_workspace_id
    run_due_jobs()
    scope = Scope(agency_id, frozenset({workspace_id}), owner, agency_wide=True)
    with db.transaction(scope):
        address = start_payment(
            get_workspace(workspace_id), uses_sandbox=True, back_url="/clients", now=utc_now()
        )
        page_id = UUID(urlsplit(address).path.rpartition("/")[2])
        pay(get_payment_page(page_id, now=utc_now()), token=TEST_CARDS[0].token)
    run_due_jobs()
    with db.transaction(scope):
        _staff(brand, workspace_id, now=utc_now())
        _date_back(workspace_id)
    return scope


def _choose(brand: DemoBrand, settings: Settings, *, now: datetime) -> Opening:
    opening = start_opening(now=now)
    choose_brand(
        opening,
        name=brand.name,
        slug=brand.slug,
        signature=f"{brand.name} customer care",
        base_domain=settings.base_domain,
        now=now,
    )
    look = LookChoices(
        primary=brand.colour,
        secondary=brand.accent,
        radius=8,
        fonts="inter",
        logo=logo_as_choice(store_logo(logo_of(brand))),
    )
    choose_look(opening, look, now=now)
    channels = ChannelsChoices(
        address=f"care@{brand.slug}.{settings.base_domain}",
        time_zone=brand.zone,
        hours=brand.hours,
        holidays_country="",
        holidays=[],
    )
    choose_channels(opening, channels, base_domain=settings.base_domain, now=now)
    name, email = brand.contact
    service = ServiceChoices(
        policy=brand.policy,
        cadence="weekly",
        recipients=[email],
        contact_name=name,
        contact_email=email,
        contact_role="client_admin",
    )
    choose_service(opening, service, now=now)
    choose_tier(opening, tier_version_id=_tier_version(brand.tier), now=now)
    return opening


def _tier_version(code: str) -> UUID:
    return db.session.scalars(
        sa.select(TierVersion.id)
        .join(
            Tier, sa.and_(Tier.agency_id == TierVersion.agency_id, Tier.id == TierVersion.tier_id)
        )
        .where(Tier.code == code)
    ).one()


def _staff(brand: DemoBrand, workspace_id: UUID, *, now: datetime) -> None:
    """A pod for each client, and a password for the client's own person."""
    pia = find_member_by_email("pia@northwind.example") or add_member(
        email="pia@northwind.example", name="Pia Lorenz", now=now, password=PASSWORD
    )
    db.session.flush()  # the role names the member
    assign_workspace_role(pia, Role.POD_LEAD, workspace_id=workspace_id, now=now)
    client = find_member_by_email(brand.contact[1])
    if client is not None:
        client.password_hash = hash_password(PASSWORD)


def _date_back(workspace_id: UUID) -> None:
    """The client has been with the agency for a while: its hours and promises held all along."""
    began = utc_now() - timedelta(days=75)
    db.session.execute(sa.update(CalendarVersion).values(valid_from=began))
    db.session.execute(sa.update(PolicyVersion).values(valid_from=began))
    db.session.execute(
        sa.update(Workspace).where(Workspace.id == workspace_id).values(created_at=began)
    )
