"""Every table, for migrations: importing this module registers them all."""

import importlib
import pkgutil

import app
import billing
import tenants
import themes

for _package in (tenants, themes, billing, app):
    for _module in pkgutil.walk_packages(_package.__path__, f"{_package.__name__}."):
        if (
            _module.name.rsplit(".", 1)[-1] in {"models", "ledger", "jobs"}
            and _module.name != __name__
        ):
            importlib.import_module(_module.name)
