"""The doctor's look at PostgreSQL: version, roles, walls, migrations, and work that waits."""

from collections.abc import Iterator

import sqlalchemy as sa

from app.config import Settings
from app.runtime.findings import Finding, fail, ok, warn
from tenants.catalogue import find_wall_faults
from tenants.migrating import missing_revisions
from tenants.walls import APP_ROLE, SYSTEM_ROLE

OLDEST = 15
# First releases in which row security is applied where it must be, after CVE-2024-10976 (policies
# not followed in subqueries) and CVE-2025-8713 (statistics tell of hidden rows).
SAFE_MINOR = {15: 14, 16: 10, 17: 6}
LATE_MINUTES = 5

_ROLE_FAULTS = """
SELECT CASE
    WHEN r.rolsuper THEN 'is superuser'
    WHEN r.rolbypassrls THEN 'has BYPASSRLS'
    WHEN EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid)
        THEN 'is a member of another role'
    WHEN EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid) THEN 'owns tables'
    WHEN EXISTS (SELECT 1 FROM pg_database d
                 WHERE d.datdba = r.oid AND d.datname = current_database())
        THEN 'owns the database'
    WHEN has_schema_privilege(r.oid, 'public', 'CREATE') THEN 'may create tables'
    ELSE ''
END
FROM pg_roles r WHERE r.rolname = current_user
"""


def database_findings(settings: Settings) -> Iterator[Finding]:
    """Each role signs in for itself, so that what is looked at is what the processes will use."""
    for role, name, url in (
        (APP_ROLE, "DATABASE_URL", settings.database_url),
        (SYSTEM_ROLE, "SYSTEM_DATABASE_URL", settings.system_database_url),
    ):
        engine = sa.create_engine(
            sa.make_url(url).set(drivername="postgresql+psycopg"),
            connect_args={"connect_timeout": 5},
            poolclass=sa.NullPool,
        )
        try:
            with engine.connect() as connection:
                yield _role(connection, role, name)
                yield from (_held(connection) if role == APP_ROLE else _seen(connection))
        except sa.exc.OperationalError as error:
            first_line = str(error.orig).strip().splitlines()[0]
            start = "Start it with: livery up." if settings.embedded_database else f"See {name}."
            yield fail("database", f"{role} cannot sign in: {first_line}", start)
            return


def _held(connection: sa.Connection) -> Iterator[Finding]:
    yield _version(connection)
    yield _migrations(connection)
    yield _walls(connection)


def _seen(connection: sa.Connection) -> Iterator[Finding]:
    if sa.inspect(connection).has_table("job"):
        yield _queue(connection)


def _version(connection: sa.Connection) -> Finding:
    number = int(str(connection.exec_driver_sql("SHOW server_version_num").scalar_one()))
    return judge_version(number)


def judge_version(number: int) -> Finding:
    """What to think of a server_version_num, such as 150014 for 15.14."""
    major, minor = divmod(number, 10_000)
    if major < OLDEST:
        return fail("database", f"PostgreSQL {major}.{minor} is too old", f"Use {OLDEST} or newer.")
    if minor < SAFE_MINOR.get(major, 0):
        return fail(
            "database",
            f"PostgreSQL {major}.{minor} has known gaps in row security"
            " (CVE-2024-10976, CVE-2025-8713)",
            f"Update to {major}.{SAFE_MINOR[major]} or newer.",
        )
    return ok("database", f"PostgreSQL {major}.{minor}")


def _role(connection: sa.Connection, role: str, variable: str) -> Finding:
    current = connection.exec_driver_sql("SELECT current_user").scalar_one()
    if current != role:
        return fail(
            "roles", f"{variable} signs in as {current}", f"Sign in as {role}: livery db init"
        )
    fault = connection.exec_driver_sql(_ROLE_FAULTS).scalar_one()
    if fault:
        return fail(
            "roles",
            f"{role} {fault}, so row security does not hold it",
            "Make the role anew with: livery db init --print",
        )
    return ok("roles", f"{role} owns nothing and passes no wall")


def _migrations(connection: sa.Connection) -> Finding:
    if not sa.inspect(connection).has_table("alembic_version"):
        return fail("migrations", "none has run", "Run: livery db migrate")
    missing = missing_revisions(connection)
    if missing:
        return fail(
            "migrations",
            f"{len(missing)} have not run: {', '.join(missing)}",
            "Run: livery db migrate",
        )
    return ok("migrations", "all have run")


def _walls(connection: sa.Connection) -> Finding:
    faults = find_wall_faults(connection)
    if not faults:
        return ok("walls", "row security stands on every table of tenants")
    listed = "; ".join(f"{fault.table}: {fault.rule} {fault.detail}".strip() for fault in faults)
    return fail(
        "walls",
        listed,
        "Stop the processes: brands may see each other's rows. Then run: livery db migrate",
    )


def _queue(connection: sa.Connection) -> Finding:
    """How long due work has waited, and whether any was given up."""
    waiting, minutes, dead = connection.exec_driver_sql(
        "SELECT count(*) FILTER (WHERE state = 'due' AND available_at < now()),"
        " coalesce(extract(epoch FROM now() - min(available_at)"
        "   FILTER (WHERE state = 'due' AND available_at < now())), 0)::int / 60,"
        " count(*) FILTER (WHERE state = 'dead') FROM job"
    ).one()
    if minutes >= LATE_MINUTES:
        return fail(
            "queue",
            f"{waiting} jobs are due, the oldest for {minutes} minutes",
            "See that the scheduler and the workers run.",
        )
    if dead:
        return warn("queue", f"{dead} jobs were given up", "Their last error is in job.last_error.")
    return ok("queue", f"{waiting} jobs are due, none for long")
