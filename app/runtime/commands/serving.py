"""`livery web`, `livery stream` and `livery catcher`: processes that listen."""

import asyncio
import os
import sys
from typing import NoReturn

import click

from app.config import Settings
from app.runtime.catcher import catch_mail
from app.runtime.errors import CannotStart
from app.runtime.processes import Process, stream_process, web_process


@click.command()
def web() -> None:
    """Serve the pages."""
    _become(web_process(Settings.from_environment()))


@click.command()
def stream() -> None:
    """Serve live updates to open pages."""
    process = stream_process(Settings.from_environment())
    if process is None:
        raise CannotStart("This release has no live updates.")
    _become(process)


@click.command()
def catcher() -> None:
    """Take outgoing mail and deliver none of it: for development and the demo."""
    settings = Settings.from_environment()
    asyncio.run(catch_mail(settings.var_dir / "mail", settings.catcher_port))


def _become(process: Process) -> NoReturn:
    sys.stdout.flush()
    os.execv(process.command[0], process.command)  # noqa: S606 - no shell is wanted
