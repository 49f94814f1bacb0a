"""Finding contracts and service states."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from billing.contracts.models import Contract, ServiceState
from billing.contracts.service_states import State
from tenants.db import db


def find_contract(workspace_id: UUID, *, lock: bool = False) -> Contract | None:
    """The open contract; with `lock`, nobody else counts against it until the transaction ends."""
    contract = sa.select(Contract).where(
        Contract.workspace_id == workspace_id, Contract.closed_at.is_(None)
    )
    if lock:
        contract = contract.with_for_update()
    return db.session.scalar(contract.execution_options(populate_existing=True))


def current_service_state(workspace_id: UUID) -> State:
    """Where service stands; a workspace nobody has paid for is a draft."""
    row = find_service_state(workspace_id)
    return State(row.state) if row else State.DRAFT


def find_service_state(workspace_id: UUID) -> ServiceState | None:
    """The open row of the state's history."""
    return db.session.scalar(
        sa.select(ServiceState).where(
            ServiceState.workspace_id == workspace_id, ServiceState.left_at.is_(None)
        )
    )


def list_service_states(workspace_id: UUID) -> Sequence[ServiceState]:
    """The whole history, oldest first."""
    return db.session.scalars(
        sa.select(ServiceState)
        .where(ServiceState.workspace_id == workspace_id)
        .order_by(ServiceState.since, ServiceState.id)
    ).all()
