"""What the application asked: the form decoded, checked against the library, and typed."""

from collections.abc import Iterable
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, is_typeddict
from urllib.parse import parse_qsl

from billing.simulator import library
from billing.simulator.errors import Refusal, missing_parameter, unknown_parameter
from billing.simulator.shapes import closed


def read_form(form: str) -> dict[str, Any]:
    """`a[b]=1&c[0][d]=2` as nested mappings; the values are still text."""
    nested: dict[str, Any] = {}
    for name, value in parse_qsl(form, keep_blank_values=True):
        head, _, rest = name.partition("[")
        path = [head, *rest.rstrip("]").split("][")] if rest else [head]
        place = nested
        for part in path[:-1]:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                message = f"Invalid parameter: {name}"
                raise Refusal(message, param=name)
        place[path[-1] or str(len(place))] = value
    return nested


def check_params(params_class: type | None, given: dict[str, Any]) -> dict[str, Any]:
    """The parameters with their types. Raises: Refusal naming the first that does not fit."""
    if params_class is None:
        for name in given:
            raise unknown_parameter(name)
        return {}
    return _read_typed_dict(given, params_class, "")


def _read_typed_dict(given: Any, cls: type, path: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        message = f"Invalid object: {path}"
        raise Refusal(message, param=path)
    hints = library.parameter_hints(cls)
    for name in given:
        if name not in hints:
            raise unknown_parameter(_join(path, name))
    for name in sorted(library.required_parameters(cls)):
        if name in hints and name not in given:
            raise missing_parameter(_join(path, name))
    return {name: _read(value, hints[name], _join(path, name)) for name, value in given.items()}


def _read(given: Any, hint: Any, path: str) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return _read_one_of(given, closed(args), path)
    if origin is Literal:
        return _read_word(given, args, path)
    if origin is list:
        return [_read(item, args[0], f"{path}[{at}]") for at, item in _items(given, path)]
    if is_typeddict(hint) or hasattr(hint, "__required_keys__"):
        return _read_typed_dict(given, hint, path)
    if origin is dict or "UntypedStripeObject" in str(hint):
        return _read_mapping(given, path)
    return _read_plain(given, hint, path)


def _read_one_of(given: Any, choices: Iterable[Any], path: str) -> Any:
    refused: Refusal | None = None
    for choice in choices:
        try:
            return _read(given, choice, path)
        except Refusal as refusal:
            # The refusal that got deepest into the value says the most.
            if refused is None or len(refusal.error["param"]) >= len(refused.error["param"]):
                refused = refusal
    raise refused or unknown_parameter(path)


def _read_word(given: Any, words: tuple[Any, ...], path: str) -> Any:
    if given in words:
        return given
    message = f"Invalid {path}: must be one of {', '.join(map(str, words))}"
    raise Refusal(message, param=path)


def _items(given: Any, path: str) -> list[tuple[str, Any]]:
    if not isinstance(given, dict) or not all(place.isdigit() for place in given):
        message = f"Invalid array: {path}"
        raise Refusal(message, param=path)
    return sorted(given.items(), key=lambda item: int(item[0]))


def _read_mapping(given: Any, path: str) -> dict[str, str]:
    if not isinstance(given, dict):
        message = f"Invalid object: {path}"
        raise Refusal(message, param=path)
    return given


def _read_plain(given: Any, hint: Any, path: str) -> Any:
    if not isinstance(given, str):
        message = f"Invalid value: {path}"
        raise Refusal(message, param=path)
    if hint is bool:
        return _read_word(given.lower(), ("true", "false"), path) == "true"
    if hint is int:
        try:
            return int(given)
        except ValueError as error:
            message = f"Invalid integer: {given}"
            raise Refusal(message, code="parameter_invalid_integer", param=path) from error
    return given


def _join(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name
