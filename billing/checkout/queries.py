"""Finding payment pages."""

from uuid import UUID

import sqlalchemy as sa

from billing.checkout.models import Checkout
from tenants.db import db


def find_open_checkout(workspace_id: UUID) -> Checkout | None:
    """The page this client can still pay on, as far as we know."""
    return db.session.scalar(
        sa.select(Checkout).where(Checkout.workspace_id == workspace_id, Checkout.state == "open")
    )


def find_checkout(workspace_id: UUID, session_id: str) -> Checkout | None:
    """The page by the provider's id."""
    return db.session.scalar(
        sa.select(Checkout).where(
            Checkout.workspace_id == workspace_id, Checkout.session_id == session_id
        )
    )


def count_checkouts(contract_id: UUID, *, workspace_id: UUID) -> int:
    """How many pages were opened for a contract."""
    return db.session.scalars(
        sa.select(sa.func.count(Checkout.id)).where(
            Checkout.workspace_id == workspace_id, Checkout.contract_id == contract_id
        )
    ).one()
