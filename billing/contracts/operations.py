"""Making a contract, and moving service along."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from billing.contracts.models import Contract, ServiceState
from billing.contracts.queries import find_contract, find_service_state
from billing.contracts.service_states import State
from billing.entitlements import check_entitlements
from billing.errors import AlreadyContracted
from billing.tiers.models import TierVersion
from billing.tiers.operations import mark_used
from tenants.db import db
from tenants.ledger import record
from tenants.workspaces.operations import lock_workspace


def open_contract(
    workspace_id: UUID,
    *,
    tier_version: TierVersion,
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
    now: datetime,
) -> Contract:
    """The client's contract on this version, as a draft until it is paid.

    Raises: AlreadyContracted, InvalidEntitlements.
    """
    overrides = overrides or {}
    check_entitlements({key: override["value"] for key, override in overrides.items()})
    lock_workspace(workspace_id)
    if find_contract(workspace_id) is not None:
        raise AlreadyContracted
    mark_used(tier_version, now=now)
    contract = Contract(
        workspace_id=workspace_id,
        tier_version_id=tier_version.id,
        overrides=dict(overrides),
        created_at=now,
        starts_at=None,
        ends_at=None,
        closed_at=None,
    )
    db.session.add(contract)
    db.session.flush()  # the ledger names it
    record("contract.opened", contract, at=now, data={"tier_version": str(tier_version.id)})
    move_service_state(workspace_id, State.DRAFT, reason="contract opened", now=now)
    return contract


def choose_tier(contract: Contract, *, tier_version: TierVersion, now: datetime) -> None:
    """Another version, while nothing has been paid yet. The caller holds the contract's lock.

    Raises: AlreadyContracted once the contract has started.
    """
    if contract.tier_version_id == tier_version.id:
        return
    if contract.starts_at is not None:
        raise AlreadyContracted
    mark_used(tier_version, now=now)
    before, contract.tier_version_id = contract.tier_version_id, tier_version.id
    record(
        "contract.tier_chosen",
        contract,
        at=now,
        data={"from": str(before), "to": str(tier_version.id)},
    )


def start_contract(contract: Contract, *, now: datetime) -> None:
    """Service begins: the first payment arrived."""
    if contract.starts_at is None:
        contract.starts_at = now
        record("contract.started", contract, at=now)


def move_service_state(workspace_id: UUID, state: State, *, reason: str, now: datetime) -> bool:
    """Close the open row and open the next; False when nothing changes."""
    row = find_service_state(workspace_id)
    if row is not None and row.state == state:
        return False
    if row is not None:
        row.left_at = now
        db.session.flush()  # one open row at a time
    entered = ServiceState(
        workspace_id=workspace_id,
        state=state,
        since=now,
        left_at=None,
        reason=reason,
        set_by=db.scope.actor.name,
    )
    db.session.add(entered)
    db.session.flush()  # the ledger names it
    record(
        "service_state.changed",
        entered,
        at=now,
        data={"from": row.state if row else None, "to": state, "reason": reason},
    )
    return True
