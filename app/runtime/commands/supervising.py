"""`livery up`: everything on this machine."""

import click

from app.config import Settings
from app.runtime.supervisor import supervise


@click.command()
@click.option("--reload", is_flag=True, help="Start again when a source file changes.")
def up(*, reload: bool) -> None:
    """Run everything on this machine, until Ctrl-C."""
    supervise(Settings.from_environment(), reload=reload)
