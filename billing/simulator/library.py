"""The installed stripe library as a specification: its operations, parameters and resources.

The library is read here, not called: service modules are parsed for their operations, and the
annotations of parameters and resources are resolved the first time they are needed. This leans on
library internals, so the version is pinned and a test counts the routes.
"""

import ast
import importlib
import importlib.util
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, get_origin, get_type_hints

PACKAGE = "stripe"


@dataclass(frozen=True)
class Import:
    """A name and the module it comes from."""

    module: str
    name: str

    def load(self) -> Any:
        """What the name stands for."""
        return getattr(_module(self.module), self.name)


@dataclass(frozen=True)
class Operation:
    """One operation of the provider's interface, as the library would call it."""

    method: str
    path: str
    pattern: re.Pattern[str]
    params: str | None
    imports: Mapping[str, "Import"]

    def path_arguments(self, path: str) -> dict[str, str] | None:
        """The ids in the path, or None when the path belongs to another operation."""
        match = self.pattern.fullmatch(path)
        return match.groupdict() if match else None

    @property
    def params_class(self) -> type | None:
        """The TypedDict of what the operation accepts, if it accepts anything."""
        loaded: type | None = self.imports[self.params].load() if self.params else None
        return loaded


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation of the installed library; exact paths before those with an id in them."""
    found = [
        operation
        for path in sorted(_package_folder().rglob("_*_service.py"))
        for operation in _operations_in(path)
    ]
    return tuple(sorted(found, key=lambda operation: operation.path.count("{")))


def find_operation(method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
    """The operation a request addresses, with the ids of its path."""
    for operation in operations():
        if operation.method == method:
            arguments = operation.path_arguments(path)
            if arguments is not None:
                return operation, arguments
    return None


@cache
def resource_class(name: str) -> type:
    """A resource by its place in the library: "_customer.Customer", "_price.Price.Recurring"."""
    module, _, classes = name.rpartition("._")
    file, *nested = classes.removeprefix("_").split(".")
    found: Any = _module(".".join(part for part in (PACKAGE, module, f"_{file}") if part))
    for cls in nested:
        found = getattr(found, cls)
    resource: type = found
    return resource


@cache
def resource_hints(cls: type) -> dict[str, Any]:
    """The fields of a resource with their types; nothing private, nothing of the library's base."""
    names = _TypeNames(_module(cls.__module__))
    hints = {}
    for base in reversed(cls.__mro__):
        if base.__module__.startswith(f"{PACKAGE}.") and base.__name__ != "StripeObject":
            hints.update(get_type_hints(base, localns=names))
    return {
        name: hint
        for name, hint in hints.items()
        if not name.startswith("_") and get_origin(hint) is not ClassVar and name != "OBJECT_NAME"
    }


@cache
def parameter_hints(cls: type) -> dict[str, Any]:
    """The parameters of a request; what the library itself takes out (key, headers) is left out."""
    options = _module(f"{PACKAGE}._request_options")
    hints = get_type_hints(cls, localns=_TypeNames(options))
    taken_out = options.RequestOptions.__annotations__
    return {name: hint for name, hint in hints.items() if name not in taken_out}


def required_parameters(cls: type) -> frozenset[str]:
    """The parameters a request must name."""
    required: frozenset[str] = getattr(cls, "__required_keys__")  # noqa: B009 - no type declares it
    return required


def is_resource(hint: object) -> bool:
    """Whether a type is an object of the provider, and not a plain value or a free mapping."""
    return (
        isinstance(hint, type)
        and hint.__module__.startswith(f"{PACKAGE}.")
        and hint.__name__ not in {"UntypedStripeObject", "ListObject"}
        and hasattr(hint, "_construct_from")
    )


def is_list_object(hint: object) -> bool:
    """Whether a type is the provider's page of objects."""
    return getattr(get_origin(hint) or hint, "__name__", "") == "ListObject"


def api_version() -> str:
    """The version of the interface the library is generated for."""
    version: str = _module(PACKAGE).api_version
    return version


class _TypeNames(dict[str, Any]):
    """Names a module imports for type checking only, imported when an annotation asks for one."""

    def __init__(self, module: ModuleType) -> None:
        super().__init__()
        self._imports = _type_imports(ast.parse(Path(str(module.__file__)).read_text()))

    def __missing__(self, name: str) -> object:
        self[name] = found = self._imports[name].load()
        return found


def _operations_in(path: Path) -> Iterator[Operation]:
    tree = ast.parse(path.read_text())
    imports = _type_imports(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef):
            continue
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and _called(call) in {"_request", "_request_stream"}:
                method, url = ast.literal_eval(call.args[0]), _template(call.args[1])
                yield Operation(
                    method=method.upper(),
                    path=url,
                    pattern=re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(url))),
                    params=_params_class(node),
                    imports=imports,
                )


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _template(url: ast.expr) -> str:
    """The path of a request: a text, or a text that is formatted with ids."""
    if isinstance(url, ast.Call) and isinstance(url.func, ast.Attribute):
        url = url.func.value
    template: str = ast.literal_eval(url)
    return template


def _params_class(function: ast.FunctionDef) -> str | None:
    """The class named in `params: Optional["CustomerCreateParams"]`, if there are parameters."""
    for argument in function.args.args:
        if argument.arg == "params" and argument.annotation is not None:
            for node in ast.walk(argument.annotation):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    return node.value
    return None


def _type_imports(tree: ast.Module) -> dict[str, Import]:
    return {
        alias.asname or alias.name: Import(node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


@cache
def _module(name: str) -> ModuleType:
    return importlib.import_module(name)


def _package_folder() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        message = f"the {PACKAGE} library is not installed"
        raise ImportError(message)
    return Path(spec.submodule_search_locations[0])
