"""The roles and the database a fresh PostgreSQL server needs, as SQL run by its owner.

Tables, policies and grants on tables are the migrations' work; here is only what must be there
before the first of them runs.
"""

from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from tenants.walls import APP_ROLE, SYSTEM_ROLE

_ROLES = (APP_ROLE, SYSTEM_ROLE)
_MAINTENANCE_DATABASE = "postgres"


def prepare_server(owner_url: str, *, passwords: dict[str, str] | None = None) -> None:
    """Make what is missing: both restricted roles, the database of `owner_url`, and their rights.

    `passwords` by role are set anew each time; they travel encrypted, so no server log holds them.
    Run twice it changes nothing.
    """
    with _connect(owner_url, _MAINTENANCE_DATABASE) as connection:
        for role in _ROLES:
            if not _exists(connection, "pg_roles", "rolname", role):
                connection.execute(create_role(role))
            password = (passwords or {}).get(role)
            if password:
                connection.execute(_set_password(connection, role, password))
        database = database_of(owner_url)
        if not _exists(connection, "pg_database", "datname", database):
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    with _connect(owner_url, database) as connection:
        for statement in database_rights(database):
            connection.execute(statement)


def script(owner_url: str) -> str:
    """The same as text, for whoever would rather run it by hand; passwords are left to them."""
    database = database_of(owner_url)
    statements = [
        *(create_role(role) for role in _ROLES),
        sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)),
    ]
    lines = [f"{statement.as_string()};" for statement in statements]
    lines.append(f"\\connect {sql.Identifier(database).as_string()}")
    lines += [f"{statement.as_string()};" for statement in database_rights(database)]
    lines += [f"-- \\password {role}" for role in _ROLES]
    return "\n".join(lines) + "\n"


def create_role(role: str) -> sql.Composed:
    """A role that may sign in and nothing else: no owner, no member, nothing past row security."""
    return sql.SQL(
        "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
        " NOINHERIT"
    ).format(sql.Identifier(role))


def database_rights(database: str) -> list[sql.Composed]:
    """Who may enter the database: its owner, and the two roles to read and write rows."""
    names = {
        "database": sql.Identifier(database),
        "roles": sql.SQL(", ").join(map(sql.Identifier, _ROLES)),
    }
    return [
        sql.SQL(statement).format(**names)
        for statement in (
            "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
            "GRANT CONNECT ON DATABASE {database} TO {roles}",
            "REVOKE ALL ON SCHEMA public FROM PUBLIC",
            "GRANT USAGE ON SCHEMA public TO {roles}",
        )
    ]


def database_of(url: str) -> str:
    """The database a URL names."""
    return unquote(urlsplit(url).path.strip("/"))


def password_in(url: str) -> str:
    """The password a URL carries, or nothing."""
    return unquote(urlsplit(url).password or "")


def plain_url(url: str) -> str:
    """A database URL as the driver itself takes it, without SQLAlchemy's name for the driver."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _connect(url: str, database: str) -> psycopg.Connection:
    return psycopg.connect(plain_url(url), dbname=database, autocommit=True, connect_timeout=10)


def _exists(connection: psycopg.Connection, catalogue: str, column: str, name: str) -> bool:
    query = sql.SQL("SELECT 1 FROM {} WHERE {} = {}").format(
        sql.Identifier(catalogue), sql.Identifier(column), sql.Literal(name)
    )
    return connection.execute(query).fetchone() is not None


def _set_password(connection: psycopg.Connection, role: str, password: str) -> sql.Composed:
    encrypted = connection.pgconn.encrypt_password(password.encode(), role.encode())
    return sql.SQL("ALTER ROLE {} PASSWORD {}").format(
        sql.Identifier(role), sql.Literal(encrypted.decode())
    )
