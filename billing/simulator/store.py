"""The objects of one simulated account in our database."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from billing.simulator.models import SandboxObject
from billing.simulator.world import Object
from tenants.db import db


class DatabaseStore:
    """The store of one billing account, in the open transaction."""

    def __init__(self, billing_account_id: UUID) -> None:
        self._account_id = billing_account_id

    def find(self, object_id: str) -> Object | None:
        """The object with this id."""
        return db.session.scalar(
            sa.select(SandboxObject.data).where(
                SandboxObject.billing_account_id == self._account_id,
                SandboxObject.object_id == object_id,
            )
        )

    def put(self, value: Object) -> None:
        """Keep an object under its id, in place of the one that was there."""
        db.session.execute(
            pg.insert(SandboxObject)
            .values(
                billing_account_id=self._account_id,
                object_id=value["id"],
                kind=value["object"],
                data=value,
            )
            .on_conflict_do_update(
                index_elements=["agency_id", "billing_account_id", "object_id"],
                set_={"data": value},
            )
        )

    def list(self, kind: str) -> list[Object]:
        """Every object of a kind, newest first."""
        return list(
            db.session.scalars(
                sa.select(SandboxObject.data)
                .where(
                    SandboxObject.billing_account_id == self._account_id,
                    SandboxObject.kind == kind,
                )
                .order_by(SandboxObject.position.desc())
            )
        )
