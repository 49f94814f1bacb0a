"""All clients on one page: where each stands, and which of them need somebody today.

A fixed number of statements, however many clients there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from app.conversations.models import Conversation
from app.reports.models import ReportSchedule
from app.sla.models import Clock
from billing.contracts.models import Contract, ServiceState
from billing.contracts.service_states import State
from billing.tiers.models import Tier, TierVersion
from tenants.db import db
from tenants.workspaces.queries import list_workspaces
from themes.tokens import monogram_of

_UNPAID = frozenset({State.GRACE, State.RESTRICTED, State.SUSPENDED})


@dataclass(frozen=True)
class Load:
    """Open conversations of a client; `at_risk` are those not late yet, `breached` those late."""

    open: int = 0
    at_risk: int = 0
    breached: int = 0


@dataclass(frozen=True)
class ClientLine:
    """One client as the list shows it."""

    id: UUID
    key: str
    name: str
    monogram: str
    time_zone: str
    tier: str | None
    state: State
    load: Load
    next_report_at: datetime | None

    @property
    def needs(self) -> str | None:
        """Why somebody should look at it today, in words; None when nobody must."""
        if self.state in _UNPAID:
            return "Payment is missing"
        if self.load.breached:
            return f"{self.load.breached} late"
        if self.state is State.DRAFT:
            return "Not live yet"
        if self.load.at_risk:
            return f"{self.load.at_risk} at risk"
        return None


def list_clients(*, now: datetime) -> list[ClientLine]:
    """Every client of the scope; those that need somebody come first, then by name."""
    loads, tiers, states, reports = _loads(now), _tiers(), _states(), _reports()
    lines = [
        ClientLine(
            id=workspace.id,
            key=str(workspace.id),
            name=workspace.name,
            monogram=monogram_of(workspace.name),
            time_zone=workspace.time_zone,
            tier=tiers.get(workspace.id),
            state=State(states.get(workspace.id, State.DRAFT)),
            load=loads.get(workspace.id, Load()),
            next_report_at=reports.get(workspace.id),
        )
        for workspace in list_workspaces()
    ]
    return sorted(lines, key=lambda line: (line.needs is None, line.name.casefold()))


def headline(clients: Sequence[ClientLine]) -> str:
    """The day in one sentence."""
    needing, total = sum(client.needs is not None for client in clients), len(clients)
    if total == 1:
        return "Your client needs you today." if needing else "Your client is in order today."
    if not needing:
        return f"All {total} clients are in order today."
    verb = "needs" if needing == 1 else "need"
    return f"{needing} of {total} clients {verb} you today."


def _loads(now: datetime) -> Mapping[UUID, Load]:
    risky = (
        sa.select(Clock.id)
        .where(
            Clock.workspace_id == Conversation.workspace_id,
            Clock.conversation_id == Conversation.id,
            Clock.ended_at.is_(None),
            Clock.at_risk_at <= now,
        )
        .exists()
    )
    late = Conversation.is_breached
    rows = db.session.execute(
        sa.select(
            Conversation.workspace_id,
            sa.func.count(),
            sa.func.count().filter(sa.not_(late), risky),
            sa.func.count().filter(late),
        )
        .where(Conversation.is_open)
        .group_by(Conversation.workspace_id)
    )
    return {row[0]: Load(*row[1:]) for row in rows}


def _tiers() -> Mapping[UUID, str]:
    rows = db.session.execute(
        sa.select(Contract.workspace_id, Tier.name)
        .join(TierVersion, TierVersion.id == Contract.tier_version_id)
        .join(Tier, Tier.id == TierVersion.tier_id)
        .where(Contract.closed_at.is_(None))
    )
    return {row[0]: row[1] for row in rows}


def _states() -> Mapping[UUID, str]:
    rows = db.session.execute(
        sa.select(ServiceState.workspace_id, ServiceState.state).where(
            ServiceState.left_at.is_(None)
        )
    )
    return {row[0]: row[1] for row in rows}


def _reports() -> Mapping[UUID, datetime]:
    rows = db.session.execute(
        sa.select(ReportSchedule.workspace_id, sa.func.min(ReportSchedule.next_at)).group_by(
            ReportSchedule.workspace_id
        )
    )
    return {workspace_id: next_at for workspace_id, next_at in rows if next_at}
