"""The only way to PostgreSQL: scoped transactions, tenant tables, and the walls around them.

Two roles sign in. `livery_app` is held by row security to the scope of its transaction;
`livery_system` finds due work and resolves hosts and sessions, on the few tables granted to it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import UUID

import psycopg
import sqlalchemy as sa
from sqlalchemy import event, orm
from sqlalchemy.dialects import postgresql as pg

from tenants.context import Scope
from tenants.errors import NoScope, OutOfScope
from tenants.ids import new_id

__all__ = [
    "AgencyScoped",
    "Base",
    "WorkspaceScoped",
    "agency_key",
    "db",
    "json_column",
    "new_id",
    "workspace_key",
]

TimestampTZ = sa.DateTime(timezone=True)


class Base(orm.DeclarativeBase):
    """Every table; datetimes carry their zone, text has no length, ids are uuid."""

    registry = orm.registry(
        type_annotation_map={
            datetime: TimestampTZ,
            date: sa.Date(),
            str: sa.Text(),
            UUID: sa.Uuid(),
            int: sa.Integer(),
            dict[str, Any]: pg.JSONB(),
            list[str]: pg.ARRAY(sa.Text()),
            list[UUID]: pg.ARRAY(sa.Uuid()),
        },
        metadata=sa.MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_1_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
    )


def _scoped_agency_id() -> UUID:
    return db.scope.agency_id


def _only_workspace_id() -> UUID:
    workspace_id = db.scope.only_workspace_id
    if workspace_id is None:
        message = "the scope holds several workspaces: name the one this row belongs to"
        raise OutOfScope(message)
    return workspace_id


class AgencyScoped:
    """A row of one agency. Primary key (agency_id, id)."""

    agency_id: orm.Mapped[UUID] = orm.mapped_column(
        primary_key=True, default=_scoped_agency_id, sort_order=-3
    )
    id: orm.Mapped[UUID] = orm.mapped_column(primary_key=True, default=new_id, sort_order=-1)


class WorkspaceScoped:
    """A row of one client brand's workspace. Primary key (workspace_id, id)."""

    agency_id: orm.Mapped[UUID] = orm.mapped_column(default=_scoped_agency_id, sort_order=-3)
    workspace_id: orm.Mapped[UUID] = orm.mapped_column(
        primary_key=True, default=_only_workspace_id, sort_order=-2
    )
    id: orm.Mapped[UUID] = orm.mapped_column(primary_key=True, default=new_id, sort_order=-1)


def workspace_key(
    column: str, table: str, *, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    """A foreign key that cannot leave the workspace: (workspace_id, column)."""
    return sa.ForeignKeyConstraint(
        ["workspace_id", column],
        [f"{table}.workspace_id", f"{table}.id"],
        name=f"fk_{column}_{table}",
        ondelete=ondelete,
    )


def agency_key(column: str, table: str, *, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    """A foreign key that cannot leave the agency: (agency_id, column)."""
    return sa.ForeignKeyConstraint(
        ["agency_id", column],
        [f"{table}.agency_id", f"{table}.id"],
        name=f"fk_{column}_{table}",
        ondelete=ondelete,
    )


def json_column() -> orm.MappedColumn[Any]:
    """A jsonb column that is never null."""
    return orm.mapped_column(pg.JSONB(), nullable=False)


@dataclass
class _Transaction:
    session: orm.Session
    scope: Scope | None
    after_commit: list[Callable[[], None]] = field(default_factory=list)


_current: ContextVar[_Transaction | None] = ContextVar("transaction", default=None)


class Database:
    """The engines of both roles, and the transaction that is open in this context."""

    def __init__(self) -> None:
        self._app: orm.sessionmaker[orm.Session] | None = None
        self._system: orm.sessionmaker[orm.Session] | None = None

    def connect(self, app_url: str, system_url: str, *, pool_size: int = 8) -> None:
        """Point both roles at their database; connections are made when first needed."""
        self.disconnect()
        self._app = orm.sessionmaker(_engine(app_url, pool_size), expire_on_commit=False)
        self._system = orm.sessionmaker(_engine(system_url, 2), expire_on_commit=False)

    def disconnect(self) -> None:
        """Close every pooled connection."""
        for factory in (self._app, self._system):
            if factory is not None:
                cast("sa.Engine", factory.kw["bind"]).dispose()
        self._app = self._system = None

    @property
    def session(self) -> orm.Session:
        """The session of the open transaction. Raises: NoScope outside one."""
        return self._open().session

    @property
    def scope(self) -> Scope:
        """The scope of the open transaction. Raises: NoScope outside one, or in system work."""
        scope = self._open().scope
        if scope is None:
            message = "system work has no scope"
            raise NoScope(message)
        return scope

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open in this context."""
        return _current.get() is not None

    @contextmanager
    def transaction(self, scope: Scope) -> Iterator[orm.Session]:
        """One scope, one transaction: committed at the end, rolled back on an exception."""
        with self._begin(self._app, scope) as session:
            yield session

    @contextmanager
    def system(self) -> Iterator[orm.Session]:
        """A transaction of the system role, for finders; it sees only tables granted to it."""
        with self._begin(self._system, None) as session:
            yield session

    def after_commit(self, call: Callable[[], None]) -> None:
        """Run `call` once the open transaction is durable; dropped if it rolls back."""
        self._open().after_commit.append(call)

    def _open(self) -> _Transaction:
        transaction = _current.get()
        if transaction is None:
            message = "no transaction is open: use db.transaction(scope)"
            raise NoScope(message)
        return transaction

    @contextmanager
    def _begin(
        self, factory: "orm.sessionmaker[orm.Session] | None", scope: Scope | None
    ) -> Iterator[orm.Session]:
        if factory is None:
            message = "the database is not connected: call db.connect first"
            raise NoScope(message)
        if _current.get() is not None:
            message = "one scope per transaction: another one is already open"
            raise NoScope(message)
        session = factory()
        session.info["scope"] = scope
        transaction = _Transaction(session, scope)
        token = _current.set(transaction)
        try:
            with session.begin():
                yield session
        finally:
            _current.reset(token)
            session.close()
        for call in transaction.after_commit:
            call()


db = Database()


def _engine(url: str, pool_size: int) -> sa.Engine:
    engine = sa.create_engine(
        sa.make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        pool_recycle=1800,
        hide_parameters=True,  # an error is logged and kept with its job: no mail, no password
        connect_args={"application_name": "desk", "connect_timeout": 10},
    )
    event.listen(engine, "begin", _set_scope)
    return engine


def _set_scope(connection: sa.Connection) -> None:
    """Bind each transaction to its scope; nothing survives from the last borrower."""
    transaction = _current.get()
    scope = transaction.scope if transaction else None
    agency_id, ids = "", ""
    if scope is not None:
        visible = set(scope.workspace_ids) | ({scope.agency_id} if scope.agency_wide else set())
        agency_id = str(scope.agency_id)
        ids = "{" + ",".join(sorted(str(workspace_id) for workspace_id in visible)) + "}"
    connection.exec_driver_sql(
        f"SET LOCAL app.agency_id = '{agency_id}'; SET LOCAL app.workspace_ids = '{ids}'"
    )


@event.listens_for(orm.Session, "do_orm_execute")
def _add_scope_to_statement(state: orm.ORMExecuteState) -> None:
    """Give every ORM statement the explicit tenant predicate; row security only repeats it."""
    scope: Scope | None = state.session.info.get("scope")
    if scope is None or not (state.is_select or state.is_update or state.is_delete):
        return
    if state.is_column_load or state.is_relationship_load:
        return
    # A session has one scope for life, so its predicates are made once.
    info = state.session.info
    if "predicates" not in info:
        info["predicates"] = _predicates_of(scope)
    state.statement = state.statement.options(*info["predicates"])


def _predicates_of(scope: Scope) -> tuple[orm.LoaderCriteriaOption, orm.LoaderCriteriaOption]:
    agency_id, only = scope.agency_id, scope.only_workspace_id
    if only is not None:
        workspaces = orm.with_loader_criteria(
            WorkspaceScoped, lambda cls: cls.workspace_id == only, include_aliases=True
        )
    else:
        ids = sa.literal(sorted(scope.workspace_ids), pg.ARRAY(sa.Uuid()))
        workspaces = orm.with_loader_criteria(
            WorkspaceScoped, lambda cls: cls.workspace_id == sa.any_(ids), include_aliases=True
        )
    agencies = orm.with_loader_criteria(
        AgencyScoped, lambda cls: cls.agency_id == agency_id, include_aliases=True
    )
    return workspaces, agencies


@event.listens_for(orm.Session, "before_flush")
def _refuse_rows_out_of_scope(
    session: orm.Session, _context: orm.UOWTransaction, _instances: object
) -> None:
    scope: Scope | None = session.info.get("scope")
    if scope is None:
        return
    for row in [*session.new, *session.dirty]:
        workspace_id = getattr(row, "workspace_id", None)
        agency_id = getattr(row, "agency_id", None)
        if workspace_id is not None and workspace_id not in scope.workspace_ids:
            message = f"{type(row).__name__} of a workspace outside the scope"
            raise OutOfScope(message)
        if agency_id is not None and agency_id != scope.agency_id:
            message = f"{type(row).__name__} of another agency"
            raise OutOfScope(message)


def is_unique_violation(error: sa.exc.IntegrityError) -> bool:
    """Whether the insert lost against an equal row."""
    return isinstance(error.orig, psycopg.errors.UniqueViolation)


def utc_now() -> datetime:
    """The moment, for entrances; everything below takes it as an argument."""
    return datetime.now(UTC)
