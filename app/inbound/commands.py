"""`livery mail import`: what the command line may do with mail."""

import json
import sys
from collections import Counter
from pathlib import Path

import click

from app.inbound.importing import Imported, find_mails, import_mail
from app.inbound.recipients import find_destination
from tenants.db import utc_now


@click.group()
def mail() -> None:
    """Bring mail in."""


@mail.command("import")
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, readable=True, path_type=Path)
)
@click.option("--inbox", required=True, metavar="ADDRESS", help="The inbox that receives it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per message.")
def import_(paths: tuple[Path, ...], inbox: str, *, as_json: bool) -> None:
    """File every mail under PATHS (files, folders, mbox files) as if it had arrived now."""
    destination = find_destination(inbox)
    if destination is None:
        raise click.ClickException(f"No inbox has the address {inbox}.")
    outcomes: Counter[str] = Counter()
    for source in find_mails(list(paths)):
        imported = import_mail(source, to=destination, address=inbox, now=utc_now())
        outcomes[imported.outcome] += 1
        sys.stdout.write(_line(imported, as_json=as_json) + "\n")
    if not as_json:
        parts = [f"{outcomes[word]} {word}" for word in ("filed", "duplicate", "quarantined")]
        click.echo(f"{sum(outcomes.values())} mails: {', '.join(parts)}")


def _line(imported: Imported, *, as_json: bool) -> str:
    if as_json:
        return json.dumps(imported.to_json(), ensure_ascii=False)
    what = imported.reason or imported.subject or "(no subject)"
    return f"{imported.outcome:<12} {imported.file}  {what}"
