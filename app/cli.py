"""The `livery` command: every sub-command and where it lives; only the one asked for is loaded."""

import importlib
import importlib.util
import os
import sys
from functools import cache

import click

from app.config import SettingsError

COMMANDS = {
    "up": "app.runtime.commands.supervising:up",
    "demo": "app.runtime.demo.command:demo",
    "doctor": "app.runtime.commands.checking:doctor",
    "healthy": "app.runtime.commands.checking:healthy",
    "routes": "app.runtime.commands.checking:routes",
    "db": "app.runtime.commands.database:db",
    "mail": "app.inbound.commands:mail",
    "web": "app.runtime.commands.serving:web",
    "stream": "app.runtime.commands.serving:stream",
    "worker": "app.runtime.commands.working:worker",
    "scheduler": "app.runtime.commands.working:scheduler",
    "smtp": "app.runtime.commands.working:smtp",
    "catcher": "app.runtime.commands.serving:catcher",
}
# Those of features: they find database, queue and blobs connected.
ON_THE_DATA = {"mail"}


class _Commands(click.Group):
    """Looks sub-commands up in COMMANDS."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return [name for name, place in COMMANDS.items() if _exists(place.partition(":")[0])]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        return _load(cmd_name)


@cache
def _load(name: str) -> click.Command:
    module, _, attribute = COMMANDS[name].partition(":")
    command: click.Command = getattr(importlib.import_module(module), attribute)
    if name in ON_THE_DATA:
        _connect_first(command)
    return command


def _connect_first(command: click.Command) -> None:
    """Have each command of this family run with everything connected, but not its --help."""
    if isinstance(command, click.Group):
        for member in command.commands.values():
            _connect_first(member)
        return
    callback = command.callback

    def run(*args: object, **options: object) -> object:
        from app.runtime.connecting import connected  # noqa: PLC0415 - not for --help

        with connected():
            return callback(*args, **options) if callback else None

    command.callback = run


def _exists(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # nor its package
        return False


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="livery")
def cli() -> None:
    """Run and look after an installation. Settings come from the environment (docs/deploy.md)."""


def main() -> None:
    """Run one command; what it cannot do is told in words, without a traceback."""
    os.umask(0o077)  # mail and attachments are for nobody else on this machine
    try:
        cli()
    except SettingsError as error:
        click.secho(str(error), fg="red", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
