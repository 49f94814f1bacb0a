"""`livery routes` lists every way in."""

import json

from click.testing import CliRunner
from flask import Flask

from app.cli import cli
from app.runtime.routes import list_routes


def test_every_route_names_its_permission_and_kind_of_host(app: Flask) -> None:
    routes = list_routes(app)
    assert len(routes) == len(list(app.url_map.iter_rules()))
    assert [route.rule for route in routes if not (route.permission and route.host_kind)] == []


def test_the_command_prints_them_as_json() -> None:
    result = CliRunner().invoke(cli, ["routes", "--json"], env={"APP_ENV": "test"})
    assert result.exit_code == 0, result.output
    routes = json.loads(result.output)
    assert {"methods", "rule", "endpoint", "permission", "host_kind"} == set(routes[0])
    assert all(route["methods"] for route in routes)
