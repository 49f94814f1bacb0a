"""What the supervisor prints: its own words, and the lines of its processes under their names."""

import sys

import click

_WIDTH = 16
_COLOURS = ("cyan", "green", "magenta", "blue", "yellow")
_colour_of: dict[str, str] = {}


def say(text: str) -> None:
    """The supervisor's own words."""
    click.secho(text, bold=True)


def tell(name: str, line: str) -> None:
    """One line of a process."""
    colour = _colour_of.setdefault(name, _COLOURS[len(_colour_of) % len(_COLOURS)])
    click.echo(f"{click.style(f'{name:<{_WIDTH}}', fg=colour)}{line}", file=sys.stdout)
