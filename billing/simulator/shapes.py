"""Whole objects of the pinned version, made from the library's annotations and held to them."""

from collections.abc import Iterable
from decimal import Decimal
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from billing.simulator import library

_EMPTY: dict[object, Any] = {int: 0, bool: False, str: "", float: 0.0}


def make(resource: str, **values: Any) -> dict[str, Any]:
    """An object with every field of the resource: `values`, and null or empty for the rest.

    Raises: ValueError when a value does not fit the resource; that is a defect of the simulator.
    """
    cls = library.resource_class(resource)
    made: dict[str, Any] = {**skeleton(cls), **values}
    hold(made, resource)
    return made


def hold(value: dict[str, Any], resource: str) -> None:
    """Check an object against its resource. Raises: ValueError naming every fault."""
    faults = list(find_faults(value, library.resource_class(resource), resource))
    if faults:
        raise ValueError("; ".join(faults))


def skeleton(hint: Any) -> Any:
    """The emptiest value of a type: null where allowed, the first of several words."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return None if type(None) in args else skeleton(args[0])
    if origin is Literal:
        return args[0]
    if origin is list:
        return []
    if library.is_list_object(hint):
        return {"object": "list", "data": [], "has_more": False, "url": ""}
    if library.is_resource(hint):
        fields = library.resource_hints(hint).items()
        return {name: skeleton(field) for name, field in fields if name != "deleted"}
    return {} if _is_free_mapping(hint) else _EMPTY.get(hint)


def find_faults(value: Any, hint: Any, path: str) -> Iterable[str]:
    """Each place where a value does not fit its type."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return _fit_one_of(value, closed(args), path)
    if origin is list:
        return _fit_list(value, args[0], path)
    if library.is_list_object(hint):
        return _fit_list_object(value, args[0] if args else Any, path)
    if library.is_resource(hint):
        return _fit_resource(value, hint, path)
    fits = value in args if origin is Literal else _fits_plain(value, hint)
    return [] if fits else [f"{path}: {value!r} is not {getattr(hint, '__name__', hint)}"]


def closed(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """The members of a union without the `str` that holds a list of words open."""
    words = any(get_origin(arg) is Literal and get_args(arg) != ("",) for arg in args)
    return tuple(arg for arg in args if not (words and arg is str))


def _fit_one_of(value: Any, choices: tuple[Any, ...], path: str) -> Iterable[str]:
    found: list[str] = []
    for choice in choices:
        faults = [f"{path}: not null"] if choice is type(None) and value is not None else []
        if choice is not type(None):
            faults = list(find_faults(value, choice, path))
        if not faults:
            return
        found = faults
    yield from found


def _fit_list(value: Any, item_hint: Any, path: str) -> Iterable[str]:
    if not isinstance(value, list):
        yield f"{path}: not a list"
        return
    for place, item in enumerate(value):
        yield from find_faults(item, item_hint, f"{path}[{place}]")


def _fit_list_object(value: Any, item_hint: Any, path: str) -> Iterable[str]:
    if not isinstance(value, dict) or value.get("object") != "list":
        yield f"{path}: not a list object"
        return
    yield from _fit_list(value["data"], item_hint, f"{path}.data")


def _fit_resource(value: Any, hint: type, path: str) -> Iterable[str]:
    if not isinstance(value, dict):
        yield f"{path}: not an object"
        return
    fields = library.resource_hints(hint)
    for name in value.keys() - fields.keys():
        yield f"{path}.{name}: no such field"
    for name, field in fields.items():
        if name in value:
            yield from find_faults(value[name], field, f"{path}.{name}")
        elif name != "deleted":
            yield f"{path}.{name}: missing"


def _is_free_mapping(hint: Any) -> bool:
    named = getattr(get_origin(hint) or hint, "__name__", "")
    return named in {"UntypedStripeObject", "dict", "Mapping"}


def _fits_plain(value: Any, hint: Any) -> bool:
    if _is_free_mapping(hint):
        return isinstance(value, dict)
    if hint is Any or hint is object or not isinstance(hint, type):
        return True
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if hint is float:
        return isinstance(value, int | float)
    return isinstance(value, str if hint is Decimal else hint)  # decimals travel as text
