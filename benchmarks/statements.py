"""Listens to the statements that work sends, and writes them down as a pgbench script.

The script sends the very same statements with the very same values, prepared where ours are, in the
same transactions under the same roles and scopes: what is left is PostgreSQL's own cost.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from psycopg import sql
from sqlalchemy import event

Parameters = Mapping[str, Any]


@dataclass(frozen=True)
class Statement:
    """What was sent, with the values of its parameters."""

    text: str
    parameters: Parameters

    @property
    def sets_scope(self) -> bool:
        """Whether this binds the transaction to its tenant."""
        return self.text.startswith("SET LOCAL")

    @property
    def is_plain_insert(self) -> bool:
        """Whether this adds a row, and does nothing else."""
        return self.text.startswith("INSERT") and "DO UPDATE" not in self.text


@dataclass(frozen=True)
class Transaction:
    """Statements that were committed together, by one role."""

    role: str
    statements: list[Statement] = field(default_factory=list)

    @property
    def work(self) -> list[Statement]:
        """Without the binding of the scope."""
        return [each for each in self.statements if not each.sets_scope]


class Recording:
    """The transactions of this process, in order."""

    def __init__(self) -> None:
        self._transactions: list[Transaction] = []
        self._is_open = False

    def take(self) -> list[Transaction]:
        """What was committed since the last time."""
        taken, self._transactions = self._transactions, []
        return taken

    def hear(
        self,
        connection: sa.Connection,
        _cursor: object,
        text: str,
        parameters: Parameters | Sequence[Parameters],
        *_: object,
    ) -> None:
        """A statement is about to be sent."""
        if not self._is_open:
            self._transactions.append(Transaction(str(connection.engine.url.username)))
            self._is_open = True
        many = [parameters] if isinstance(parameters, Mapping) else parameters or [{}]
        self._transactions[-1].statements.extend(Statement(text, dict(each)) for each in many)

    def end(self, _connection: sa.Connection) -> None:
        """The transaction is over."""
        self._is_open = False


@contextmanager
def recorded() -> Iterator[Recording]:
    """Listen to every engine of this process."""
    recording = Recording()
    heard: list[tuple[str, Callable[..., None]]] = [
        ("before_cursor_execute", recording.hear),
        ("commit", recording.end),
        ("rollback", recording.end),
    ]
    for name, listener in heard:
        event.listen(sa.Engine, name, listener)
    try:
        yield recording
    finally:
        for name, listener in heard:
            event.remove(sa.Engine, name, listener)


def write_script(transactions: Iterable[Transaction], path: Path) -> Path:
    """Everything in one pass of one client, in order."""
    script = _Script()
    body = [line for transaction in transactions for line in script.lines_of(transaction)]
    path.write_text("\n".join([*script.prepared.values(), *body, ""]))
    return path


def inserts_only(transactions: Sequence[Transaction]) -> Transaction:
    """The same rows, written by plain inserts in one transaction, with nothing asked or updated."""
    scoped = [each for each in transactions if each.role.endswith("app")]
    scope = next(each for each in scoped[0].statements if each.sets_scope)
    inserts = [each for one in scoped for each in one.work if each.is_plain_insert]
    return Transaction(scoped[0].role, [scope, *inserts])


class _Script:
    """Prepares each text once and executes it with literals after that."""

    def __init__(self) -> None:
        self.prepared: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def lines_of(self, transaction: Transaction) -> Iterator[str]:
        """Its beginning is one round trip, as it is for the driver."""
        scope = [each.text.replace("; ", "\\; ") for each in transaction.statements[:1]]
        yield "\\; ".join(["BEGIN", f"SET LOCAL ROLE {transaction.role}", *scope]) + ";"
        for statement in transaction.work:
            yield self._execute(statement)
        yield "COMMIT;"

    def _execute(self, statement: Statement) -> str:
        if "SAVEPOINT" in statement.text:
            return f"{statement.text};"
        numbered = _Numbered(statement.parameters)
        text = statement.text % numbered
        name = self._names.setdefault(text, f"s{len(self._names)}")
        self.prepared.setdefault(text, f"PREPARE {name} AS {text};")
        values = ", ".join(sql.Literal(value).as_string(None) for value in numbered.taken)
        return f"EXECUTE {name}({values});" if values else f"EXECUTE {name};"


class _Numbered(dict[str, str]):
    """Turns the driver's named places into numbered ones, in order of appearance."""

    def __init__(self, parameters: Parameters) -> None:
        super().__init__()
        self._parameters = parameters
        self.taken: list[Any] = []

    def __missing__(self, name: str) -> str:
        self.taken.append(self._parameters[name])
        place = self[name] = f"${len(self.taken)}"
        return place
