"""The ledger: each thing that happened, one row, written with the change and never altered.

Timelines, reactions, metrics and audit read it. Readers follow commit order: a row is shown once
every transaction that could still commit before it is over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.types import UserDefinedType

from tenants.context import Actor
from tenants.db import Base, db, json_column


class TransactionId(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """The type's name in DDL."""
        return "xid8"

    def bind_expression(self, bindvalue: sa.BindParameter[int]) -> sa.ColumnElement[int]:
        """Numbers reach xid8 through text, its only cast."""
        return sa.cast(sa.cast(bindvalue, sa.Text()), self)

    def column_expression(self, column: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
        """And leave it the same way."""
        return sa.cast(sa.cast(column, sa.Text()), sa.BigInteger())


class Event(Base):
    """One thing that happened; `workspace_id` is null for what concerns the agency itself."""

    __tablename__ = "ledger"
    __table_args__ = (
        sa.Index("ix_ledger_commit_order", "transaction_id", "id"),
        sa.Index("ix_ledger_subject", "workspace_id", "subject_id", "id"),
        sa.Index("ix_ledger_agency", "agency_id", "id"),
        sa.Index("ix_ledger_kind", "workspace_id", "kind", "at"),
    )

    id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger(), sa.Identity(), primary_key=True)
    transaction_id: orm.Mapped[int] = orm.mapped_column(
        TransactionId(), server_default=sa.func.pg_current_xact_id()
    )
    agency_id: orm.Mapped[UUID]
    workspace_id: orm.Mapped[UUID | None]
    subject_type: orm.Mapped[str]
    subject_id: orm.Mapped[UUID]
    kind: orm.Mapped[str]
    actor_kind: orm.Mapped[str]
    actor_id: orm.Mapped[UUID | None]
    actor_name: orm.Mapped[str]
    at: orm.Mapped[datetime]
    data: orm.Mapped[dict[str, Any]] = json_column()


class LedgerCursor(Base):
    """How far one reader has come, in commit order."""

    __tablename__ = "ledger_cursor"

    reader: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    transaction_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger())
    event_id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger())


class Subject(Protocol):
    """What an event is about: a row with an id of its own."""

    __tablename__: str
    id: Any


def record(
    kind: str,
    subject: Subject,
    *,
    at: datetime,
    actor: Actor | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Write one event in the open transaction; the actor is the scope's unless given."""
    if subject.id is None:
        db.session.flush()
    scope = db.scope
    who = actor or scope.actor
    db.session.execute(
        sa.insert(Event).values(
            agency_id=scope.agency_id,
            workspace_id=_workspace_of(subject),
            subject_type=subject.__tablename__,
            subject_id=subject.id,
            kind=kind,
            actor_kind=who.kind,
            actor_id=who.id,
            actor_name=who.name,
            at=at,
            data=data or {},
        )
    )


def _workspace_of(subject: Subject) -> UUID | None:
    if subject.__tablename__ == "workspace":
        workspace_id: UUID | None = subject.id
    else:
        workspace_id = getattr(subject, "workspace_id", None)
    return workspace_id


def list_events_of(subject_id: UUID, *, workspace_id: UUID | None) -> Sequence[Event]:
    """Everything that happened to one subject, oldest first."""
    scope = db.scope
    where = (
        Event.workspace_id.is_(None) if workspace_id is None else Event.workspace_id == workspace_id
    )
    return db.session.scalars(
        sa.select(Event)
        .where(Event.agency_id == scope.agency_id, where, Event.subject_id == subject_id)
        .order_by(Event.at, Event.id)
    ).all()


@dataclass(frozen=True)
class Batch:
    """The next events for a reader, in commit order, and where the reader stands after them."""

    events: Sequence[Event]
    transaction_id: int
    event_id: int


def read_next(reader: str, *, limit: int = 500) -> Batch:
    """What has become visible since the reader's cursor; needs the system role.

    The cursor row is locked until the transaction ends, so that two readers of one name take turns.
    Call `advance` in the same transaction as the effect.
    """
    session = db.session
    cursor = session.scalar(
        sa.select(LedgerCursor).where(LedgerCursor.reader == reader).with_for_update()
    )
    if cursor is None:
        cursor = LedgerCursor(reader=reader, transaction_id=0, event_id=0)
        session.add(cursor)
        session.flush()
    after = sa.tuple_(Event.transaction_id, Event.id) > sa.tuple_(
        sa.cast(sa.cast(sa.literal(cursor.transaction_id), sa.Text()), TransactionId()),
        sa.literal(cursor.event_id),
    )
    horizon = sa.func.pg_snapshot_xmin(sa.func.pg_current_snapshot(), type_=TransactionId())
    events = session.scalars(
        sa.select(Event)
        .where(after, Event.transaction_id < horizon)
        .order_by(sa.literal_column("ledger.transaction_id"), Event.id)
        .limit(limit)
    ).all()
    if not events:
        return Batch([], cursor.transaction_id, cursor.event_id)
    return Batch(events, events[-1].transaction_id, events[-1].id)


def advance(reader: str, batch: Batch) -> None:
    """Move the reader's cursor behind the batch."""
    db.session.execute(
        sa.update(LedgerCursor)
        .where(LedgerCursor.reader == reader)
        .values(transaction_id=batch.transaction_id, event_id=batch.event_id)
    )
