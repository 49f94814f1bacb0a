"""What one simulated account holds, and the events that tell of its changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from billing.simulator import library, shapes
from billing.simulator.errors import no_such
from tenants.ids import new_id

Object = dict[str, Any]


class Store(Protocol):
    """Where the objects of one account are kept."""

    def find(self, object_id: str) -> Object | None:
        """The object with this id."""

    def put(self, value: Object) -> None:
        """Keep an object under its id, in place of the one that was there."""

    def list(self, kind: str) -> list[Object]:
        """Every object of a kind, newest first."""


@dataclass(frozen=True)
class World:
    """One account at one moment."""

    store: Store
    now: datetime

    @property
    def timestamp(self) -> int:
        """The moment in whole seconds, as the provider writes it."""
        return int(self.now.timestamp())

    def create(self, resource: str, prefix: str, **values: Any) -> Object:
        """A new object with an id of its own, kept."""
        created = {"created": self.timestamp} if "created" in _fields(resource) else {}
        made = shapes.make(resource, **{"id": new_object_id(prefix), **created, **values})
        self.store.put(made)
        return made

    def get(self, object_id: str, kind: str, *, param: str = "id") -> Object:
        """The object of this kind. Raises: Refusal when the account has none."""
        found = self.store.find(object_id)
        if found is None or found["object"] != kind:
            raise no_such(kind.replace(".", " "), object_id, param=param)
        return found

    def change(self, value: Object, resource: str, **changes: Any) -> Object:
        """The object with other values, held to its resource and kept."""
        changed = {**value, **changes}
        shapes.hold(changed, resource)
        self.store.put(changed)
        return changed

    def emit(self, kind: str, value: Object) -> Object:
        """An event about the object as it is now, to be delivered once."""
        return self.create(
            "_event.Event",
            "evt",
            type=kind,
            api_version=library.api_version(),
            data={"object": value, "previous_attributes": None},
            pending_webhooks=1,
        )


def new_object_id(prefix: str) -> str:
    """An id as the provider writes them; it holds a uuid, so it fits a typed URL."""
    return f"{prefix}_{new_id().hex}"


def page(values: list[Object], params: Mapping[str, Any], url: str) -> Object:
    """One page of a list, by cursor."""
    limit = params.get("limit", 10)
    ids = [value["id"] for value in values]
    if "starting_after" in params:
        if params["starting_after"] not in ids:
            raise no_such("object", params["starting_after"], param="starting_after")
        values = values[ids.index(params["starting_after"]) + 1 :]
    return {
        "object": "list",
        "data": values[:limit],
        "has_more": len(values) > limit,
        "url": url,
    }


def _fields(resource: str) -> dict[str, Any]:
    return library.resource_hints(library.resource_class(resource))
