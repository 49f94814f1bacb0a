"""Opening a client: choosing, part by part, and asking for it to be made."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.channels.models import Inbox
from app.provisioning.addresses import read_address
from app.provisioning.blueprints.shelf import NEWEST
from app.provisioning.choices import (
    BrandChoices,
    ChannelsChoices,
    Choices,
    LookChoices,
    ServiceChoices,
    TierChoices,
    calendar_of,
    choices_of,
    is_readable,
    missing_parts,
    theme_of,
    with_look,
)
from app.provisioning.errors import (
    AddressInUse,
    BadAddress,
    BeyondTier,
    ChoicesMissing,
    NameTaken,
    NotAClientPerson,
    OpeningUnderWay,
    UnknownPolicy,
)
from app.provisioning.fit import POLICY_LEVELS, misfits
from app.provisioning.jobs import apply_opening
from app.provisioning.models import Opening, OpeningStep
from app.provisioning.queries import find_untouched_opening, list_steps, lock_opening
from app.provisioning.steps.order import STEPS, part_of
from app.sla.calculus import NeverOpen, next_opening
from billing.tiers.operations import seed_default_tiers
from billing.tiers.queries import get_tier_version
from tenants.db import db, new_id
from tenants.errors import NotAllowed
from tenants.hosts.operations import HostTaken, add_host
from tenants.jobs import enqueue
from tenants.ledger import record
from tenants.members.models import AgencyRole
from tenants.members.operations import find_member_by_email
from tenants.workspaces.models import Workspace
from tenants.workspaces.queries import get_agency
from themes.errors import BadTheme


def start_opening(*, now: datetime) -> Opening:
    """A new draft; the one this person left untouched is taken up again.

    Raises: NotAllowed unless the person works for the whole agency.
    """
    if not db.scope.agency_wide:
        raise NotAllowed
    untouched = find_untouched_opening(db.scope.actor.name)
    if untouched is not None:
        return untouched
    seed_default_tiers(get_agency(), now=now)
    opening = Opening(
        new_workspace_id=new_id(),
        choices={},
        blueprint=NEWEST.name,
        blueprint_version=NEWEST.version,
        started_by_name=db.scope.actor.name,
        created_at=now,
    )
    db.session.add(opening)
    record("opening.started", opening, at=now)
    return opening


def discard_opening(opening: Opening, *, now: datetime) -> None:
    """Throw a draft away. Raises: OpeningUnderWay once its making has begun."""
    if lock_opening(opening.id).state != "draft":
        raise OpeningUnderWay
    record("opening.discarded", opening, at=now)
    db.session.delete(opening)


def choose_brand(
    opening: Opening, *, name: str, slug: str, signature: str, base_domain: str, now: datetime
) -> None:
    """Who the brand is. Raises: NameTaken, OpeningUnderWay."""
    _take(opening, "brand")
    host = f"{slug}.{base_domain}"
    if slug in _words_in_use(opening):
        raise NameTaken(field="slug")
    _require_free_host(host, now=now)
    _move_address(opening, host)
    _save(
        opening,
        "brand",
        BrandChoices(name=name, slug=slug, host=host, signature=signature),
        now=now,
    )


def choose_look(opening: Opening, look: LookChoices, *, now: datetime) -> None:
    """How it looks. Raises: BadTheme, OpeningUnderWay."""
    _take(opening, "look")
    if not is_readable(with_look(theme_of(opening), look)):
        message = "With this colour some words could not be read. Choose another one."
        raise BadTheme(message, field="primary")
    _save(opening, "look", look, now=now)


def choose_channels(
    opening: Opening, channels: ChannelsChoices, *, base_domain: str, now: datetime
) -> None:
    """Where shoppers write to, and when somebody answers.

    Raises: AddressInUse, BadCalendar, NeverOpen, OpeningUnderWay.
    """
    _take(opening, "channels")
    address = _checked_address(opening, channels["address"], base_domain)
    _require_free_address(opening, address)
    try:
        next_opening(now, calendar_of(channels))
    except NeverOpen as refusal:
        raise NeverOpen(refusal.message, field="monday") from refusal
    _save(opening, "channels", {**channels, "address": address}, now=now)


def choose_service(opening: Opening, service: ServiceChoices, *, now: datetime) -> None:
    """What is promised and reported, and who speaks for the client.

    Raises: NotAClientPerson, OpeningUnderWay.
    """
    _take(opening, "service")
    if service["policy"] not in POLICY_LEVELS:
        raise UnknownPolicy(field="policy")
    member = find_member_by_email(service["contact_email"])
    if member is not None and _is_of_agency(member.id):
        raise NotAClientPerson(field="contact_email")
    recipients = service["recipients"] or [service["contact_email"]]
    _save(opening, "service", {**service, "recipients": recipients}, now=now)


def choose_tier(opening: Opening, *, tier_version_id: UUID, now: datetime) -> None:
    """What the client pays for. Raises: BeyondTier, NotFound, OpeningUnderWay."""
    _take(opening, "tier")
    version = get_tier_version(tier_version_id)
    if beyond := misfits(choices_of(opening), version):
        raise BeyondTier(" ".join(beyond), field="tier_version_id")
    _save(opening, "tier", TierChoices(tier_version_id=str(version.id)), now=now)


def ask_to_open(opening: Opening, *, now: datetime) -> None:
    """Have the client made from its choices, once; asked again, nothing more happens.

    Raises: ChoicesMissing, BeyondTier.
    """
    opening = lock_opening(opening.id)
    if opening.state != "draft":
        return
    if missing_parts(opening):
        raise ChoicesMissing
    choices = choices_of(opening)
    if beyond := misfits(choices, get_tier_version(UUID(choices["tier"]["tier_version_id"]))):
        raise BeyondTier(" ".join(beyond))
    opening.state = "applying"
    db.session.add_all(
        OpeningStep(opening_id=opening.id, position=position, name=step.name)
        for position, step in enumerate(STEPS, start=1)
    )
    record("opening.asked", opening, at=now, data={"name": choices["brand"]["name"]})
    enqueue(apply_opening, opening.id)


def retry_opening(opening: Opening) -> None:
    """Take up again what a refusal stopped; without one, nothing happens."""
    opening = lock_opening(opening.id)
    failed = [step for step in list_steps(opening.id) if step.state == "failed"]
    for step in failed:
        step.state, step.error = "pending", None
    if failed:
        enqueue(apply_opening, opening.id)


def may_change(opening: Opening, part: str) -> bool:
    """Whether this part may be chosen now: in a draft, or to mend what a step refused."""
    if opening.state == "draft":
        return True
    return any(
        step.state == "failed" and part_of(step.name) == part for step in list_steps(opening.id)
    )


def _take(opening: Opening, part: str) -> None:
    """Nobody else changes it until the transaction ends. Raises: OpeningUnderWay."""
    if not may_change(lock_opening(opening.id), part):
        raise OpeningUnderWay


def _save(opening: Opening, part: str, values: Mapping[str, Any], *, now: datetime) -> None:
    opening.choices = {**opening.choices, part: dict(values)}
    record("opening.chosen", opening, at=now, data={"part": part})


def _move_address(opening: Opening, host: str) -> None:
    """A mail address on the brand's own host follows when the host gets another name."""
    choices = choices_of(opening)
    if "brand" not in choices or "channels" not in choices:
        return
    local, _, domain = choices["channels"]["address"].rpartition("@")
    if domain == choices["brand"]["host"] != host:
        channels = {**choices["channels"], "address": f"{local}@{host}"}
        opening.choices = {**opening.choices, "channels": channels}


def _words_in_use(opening: Opening) -> set[str]:
    """The agency's own: its workspaces, and the other drafts."""
    workspaces = db.session.scalars(
        sa.select(Workspace.slug).where(
            Workspace.agency_id == db.scope.agency_id, Workspace.id != opening.new_workspace_id
        )
    )
    drafts: list[Choices] = [
        choices_of(other)
        for other in db.session.scalars(
            sa.select(Opening).where(Opening.id != opening.id, Opening.state != "open")
        )
    ]
    return {*workspaces, *(draft["brand"]["slug"] for draft in drafts if "brand" in draft)}


def _require_free_host(name: str, *, now: datetime) -> None:
    """Ask the index of all hosts, which alone knows those of other agencies; nothing is kept."""
    probe = db.session.begin_nested()
    try:
        add_host(name, "agency", now=now)
    except HostTaken as refusal:
        raise NameTaken(field="slug") from refusal
    finally:
        probe.rollback()


def _checked_address(opening: Opening, text: str, base_domain: str) -> str:
    try:
        address = read_address(text, own_domain=base_domain)
    except BadAddress as refusal:
        raise BadAddress(refusal.message, field="address") from refusal
    brand = choices_of(opening).get("brand")
    domain = address.rpartition("@")[2]
    if brand and domain.endswith(f".{base_domain}") and domain != brand["host"]:
        message = f"Under {base_domain} this brand’s addresses end in @{brand['host']}."
        raise AddressInUse(message, field="address")
    return address


def _require_free_address(opening: Opening, address: str) -> None:
    """Within the agency; over all agencies it is asked again just before the inbox is opened."""
    used = db.session.scalar(
        sa.select(Inbox.id).where(
            Inbox.address == address, Inbox.workspace_id != opening.new_workspace_id
        )
    )
    if used is not None:
        raise AddressInUse(field="address")


def _is_of_agency(member_id: UUID) -> bool:
    role = sa.select(AgencyRole.id).where(AgencyRole.member_id == member_id).limit(1)
    return db.session.scalar(role) is not None
