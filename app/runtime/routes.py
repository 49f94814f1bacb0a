"""Every way in over HTTP, as a list to read and to test against."""

from dataclasses import dataclass

from flask import Flask

from tenants.permissions import permission_of


@dataclass(frozen=True)
class Route:
    """One rule; permission and kind of host are None where a view names none."""

    methods: list[str]
    rule: str
    endpoint: str
    permission: str | None
    host_kind: str | None


def list_routes(app: Flask) -> list[Route]:
    """All routes, by rule."""
    found = []
    for rule in app.url_map.iter_rules():
        permission = permission_of(app.view_functions[rule.endpoint])
        blueprint = app.blueprints.get(rule.endpoint.rpartition(".")[0])
        found.append(
            Route(
                methods=sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}),
                rule=rule.rule,
                endpoint=rule.endpoint,
                permission=permission.value if permission else None,
                host_kind=getattr(blueprint, "host_kind", None),
            )
        )
    return sorted(found, key=lambda route: (route.rule, route.methods))
