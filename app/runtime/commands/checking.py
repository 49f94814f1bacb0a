"""`livery doctor` and `livery routes`: what state an installation is in, and what it answers to."""

import json
import sys
from dataclasses import asdict

import click

from app import create_app
from app.config import Settings
from app.runtime.doctor import examine
from app.runtime.greeting import greets
from app.runtime.processes import processes
from app.runtime.routes import list_routes

_MARKS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
def doctor(*, as_json: bool) -> None:
    """Look at everything this installation stands on; ends with 1 when something fails."""
    findings = []
    for finding in examine():
        findings.append(finding)
        if as_json:
            continue
        mark, colour = _MARKS[finding.level]
        click.echo(f"{click.style(mark, fg=colour)} {finding.name:<12}{finding.message}")
        if finding.advice:
            click.echo(f"{'':14}{finding.advice}")
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    sys.exit(any(finding.level == "fail" for finding in findings))


@click.command()
@click.argument("name", type=click.Choice(["web", "stream", "smtp"]))
def healthy(name: str) -> None:
    """End with 0 when this process answers on this machine; for health checks."""
    found = {process.name: process for process in processes(Settings.from_environment())}
    sys.exit(not all(greets(listener) for listener in found[name].listeners))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
def routes(*, as_json: bool) -> None:
    """Every route: methods, rule, view, the permission it needs, the kind of host it answers on."""
    found = list_routes(create_app(Settings.from_environment()))
    if as_json:
        click.echo(json.dumps([asdict(route) for route in found], indent=2))
        return
    rows: list[tuple[str | None, ...]] = [
        (",".join(route.methods), route.rule, route.endpoint, route.permission, route.host_kind)
        for route in found
    ]
    for row in _aligned(rows):
        click.echo(row)


def _aligned(rows: list[tuple[str | None, ...]]) -> list[str]:
    cells = [[cell or "-" for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
