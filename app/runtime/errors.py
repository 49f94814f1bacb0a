"""What stops an installation from starting, in words for whoever starts it."""

import click


class CannotStart(click.ClickException):
    """One or two sentences: what is in the way, and what to do about it."""
