"""`livery db`: what the owner of the database does."""

import click
import psycopg

from app.config import Settings
from app.runtime.errors import CannotStart
from app.runtime.migrations import migrate as run_migrations
from app.runtime.migrations import migration_sql
from app.runtime.roles import password_in, prepare_server, script
from tenants.walls import APP_ROLE, SYSTEM_ROLE


@click.group()
def db() -> None:
    """Prepare and migrate the database."""


@db.command()
@click.option("--print", "only_print", is_flag=True, help="Print the SQL instead of running it.")
def init(*, only_print: bool) -> None:
    """Make the roles and the database, as OWNER_DATABASE_URL.

    The roles' passwords are those in DATABASE_URL and SYSTEM_DATABASE_URL.
    """
    settings = Settings.from_environment()
    owner_url = _owner_url(settings)
    if only_print:
        click.echo(script(owner_url), nl=False)
        return
    passwords = {
        APP_ROLE: password_in(settings.database_url),
        SYSTEM_ROLE: password_in(settings.system_database_url),
    }
    try:
        prepare_server(owner_url, passwords=passwords)
    except psycopg.Error as error:
        raise CannotStart(f"The database refused: {error}") from error
    click.echo("Roles and database are there. Next: livery db migrate")


@db.command()
def migrate() -> None:
    """Bring the tables up to date, as OWNER_DATABASE_URL."""
    run_migrations(_owner_url(Settings.from_environment()))
    click.echo("The database is up to date.")


@db.command()
def sql() -> None:
    """Print all migrations as SQL; needs no database."""
    click.echo(migration_sql())


def _owner_url(settings: Settings) -> str:
    if not settings.owner_database_url:
        raise CannotStart("Set OWNER_DATABASE_URL: the role that owns the tables.")
    return settings.owner_database_url
