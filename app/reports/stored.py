"""Frozen dataclasses as JSON and back, by their own annotations."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


def write(value: Any) -> Any:  # noqa: ANN401 - JSON
    """The JSON of a dataclass, and of everything in it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: write(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [write(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): write(value[key]) for key in sorted(value, key=str)}
    return value.isoformat() if isinstance(value, date) else value


def read(kind: type[T], stored: Any) -> T:  # noqa: ANN401 - JSON
    """What `write` wrote, as `kind`. Raises: KeyError when a field is missing."""
    found: T = _read(kind, stored)
    return found


def _read(kind: Any, stored: Any) -> Any:  # noqa: ANN401 - JSON
    origin, inner = get_origin(kind), get_args(kind)
    if origin is UnionType:  # X | None is the only union in use
        return None if stored is None else _read(inner[0], stored)
    if origin is tuple:
        return tuple(_read(inner[0], each) for each in stored)
    if origin is not None:
        return {key: _read(inner[1], each) for key, each in stored.items()}
    if kind is date:
        return date.fromisoformat(stored)
    if is_dataclass(kind) and isinstance(kind, type):
        return kind(**{name: _read(hint, stored[name]) for name, hint in _hints(kind).items()})
    return stored


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)
