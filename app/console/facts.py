"""One client's page: what it has, what it uses, and what it still needs before it goes live."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from app.channels.models import Inbox
from app.channels.queries import list_inboxes
from app.console.people import Person, people_of
from app.inbound.models import RawMail
from app.macros.models import Macro
from app.quality.models import Scorecard
from app.reports.models import ReportSchedule
from app.sla.calculus import Calendar
from app.sla.queries import find_calendar_version
from billing.contracts.queries import current_service_state, find_contract
from billing.contracts.service_states import State
from billing.enforcement import list_entitlements
from billing.entitlements import Key
from billing.tiers.models import TierVersion
from billing.tiers.queries import get_tier_version
from tenants.db import db
from tenants.hosts.models import Host
from tenants.permissions import Role

_PODS = frozenset({Role.POD_AGENT, Role.POD_LEAD})


@dataclass(frozen=True)
class Check:
    """One thing a client needs before it goes live; `tab` is where it is seen or mended."""

    words: str
    done: bool
    hint: str
    tab: str


@dataclass(frozen=True)
class Use:
    """How much of a limit is used."""

    words: str
    used: int
    included: int

    @property
    def share(self) -> float:
        """0 to 1."""
        return min(self.used / self.included, 1.0) if self.included else 1.0


@dataclass(frozen=True)
class Standing:
    """Where a client stands: service, tier, limits and the go-live list."""

    state: State
    version: TierVersion | None
    uses: list[Use]
    checks: list[Check]
    calendar: Calendar | None
    inboxes: Sequence[Inbox]

    @property
    def is_ready(self) -> bool:
        """Whether the go-live list has no gap."""
        return all(check.done for check in self.checks)


def read_standing(workspace_id: UUID, *, now: datetime) -> Standing:
    """All of it, from facts only."""
    people = people_of(workspace_id)
    inboxes = list_inboxes(workspace_id)
    state = current_service_state(workspace_id)
    contract = find_contract(workspace_id)
    found = find_calendar_version(workspace_id, at=now)
    calendar = Calendar.from_json(found.definition) if found else None
    return Standing(
        state=state,
        version=get_tier_version(contract.tier_version_id) if contract else None,
        uses=_uses(workspace_id, people, calendar, now),
        checks=[
            *_mail_checks(workspace_id, inboxes),
            Check("Business hours are set", calendar is not None, "", "channels"),
            *_people_checks(workspace_id, people),
            Check("The scorecard is assigned", _has_scorecard(), "", "service-levels"),
            Check(
                "The first payment has arrived",
                state is not State.DRAFT,
                "Service begins with it.",
                "",
            ),
        ],
        calendar=calendar,
        inboxes=inboxes,
    )


def weekly_hours(calendar: Calendar) -> int:
    """Open hours in an ordinary week, a begun hour counted whole."""
    minutes = sum(period.length for periods in calendar.weekly for period in periods)
    return -(-minutes // 60)


def _mail_checks(workspace_id: UUID, inboxes: Sequence[Inbox]) -> list[Check]:
    received = db.session.scalar(
        sa.select(RawMail.id).where(RawMail.workspace_id == workspace_id).limit(1)
    )
    address = inboxes[0].address if inboxes else "the brand’s address"
    return [
        Check("A mail address is set", bool(inboxes), "", "channels"),
        Check(
            "A test mail has arrived",
            received is not None,
            f"Write to {address} from any mailbox.",
            "channels",
        ),
    ]


def _people_checks(workspace_id: UUID, people: list[Person]) -> list[Check]:
    active = [person for person in people if person.is_active]
    return [
        Check(
            "An L1 agent serves the brand",
            any(Role.L1_AGENT in person.roles_at(workspace_id) for person in active),
            "Give somebody the L1 role here or for the whole agency.",
            "people",
        ),
        Check(
            "The pod has a member",
            any(_PODS.intersection(person.roles_at(workspace_id)) for person in active),
            "Escalations need somebody who accepts them.",
            "people",
        ),
    ]


def _has_scorecard() -> bool:
    return db.session.scalar(sa.select(Scorecard.id).limit(1)) is not None


def _uses(
    workspace_id: UUID, people: list[Person], calendar: Calendar | None, now: datetime
) -> list[Use]:
    macros = db.session.scalars(
        sa.select(sa.func.count(Macro.id)).where(
            Macro.workspace_id == workspace_id, Macro.archived_at.is_(None)
        )
    ).one()
    seats = sum(
        any(role.is_client for role in person.at_clients.get(workspace_id, [])) for person in people
    )
    counted = (
        ("Macros", Key.MACROS_MAX, macros),
        ("Client seats", Key.CLIENT_SEATS_MAX, seats),
        ("Staffed hours a week", Key.COVERAGE_HOURS, weekly_hours(calendar) if calendar else 0),
    )
    included = {held.key: held.value for held in list_entitlements(workspace_id, now=now)}
    return [Use(words, used, _number(included[key])) for words, key, used in counted]


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def list_hosts_of(workspace_id: UUID) -> Sequence[str]:
    """The brand's own host names, oldest first."""
    return db.session.scalars(
        sa.select(Host.name)
        .where(Host.agency_id == db.scope.agency_id, Host.workspace_id == workspace_id)
        .order_by(Host.created_at, Host.name)
    ).all()


def list_schedules(workspace_id: UUID) -> Sequence[ReportSchedule]:
    """Which reports the client gets."""
    return db.session.scalars(
        sa.select(ReportSchedule)
        .where(ReportSchedule.workspace_id == workspace_id)
        .order_by(ReportSchedule.cadence.desc())
    ).all()
