"""`livery web`, `livery stream` and `livery catcher`: processes that listen."""

import asyncio
import os
import sys
from typing import NoReturn

import click

from app.config import Settings
from app.runtime.catcher import catch_mail
from app.runtime.caught_mail import show_mails
from app.runtime.processes import Process, stream_process, web_process


@click.command()
def web() -> None:
    """Serve the pages."""
    _become(web_process(Settings.from_environment()))


@click.command()
def stream() -> None:
    """Serve live updates to open pages."""
    _become(stream_process(Settings.from_environment()))


@click.command()
def catcher() -> None:
    """Take outgoing mail and deliver none of it: for development and the demo."""
    settings = Settings.from_environment()
    folder = settings.var_dir / "mail"
    show_mails(folder, settings.catcher_page_port)
    asyncio.run(catch_mail(folder, settings.catcher_port))


def _become(process: Process) -> NoReturn:
    sys.stdout.flush()
    os.execv(process.command[0], process.command)  # noqa: S606 - no shell is wanted
