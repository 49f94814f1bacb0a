"""Events of the simulated account: listed for reconciling, delivered once each."""

from typing import Any

from billing.simulator.world import Object, World, page


def list_events(world: World, params: dict[str, Any]) -> Object:
    """Events by type, newest first."""
    kinds = params.get("types") or ([params["type"]] if "type" in params else None)
    found = [
        event for event in world.store.list("event") if kinds is None or event["type"] in kinds
    ]
    return page(found, params, "/v1/events")


def list_undelivered(world: World) -> list[Object]:
    """Events nobody has answered yet, oldest first."""
    return [event for event in reversed(world.store.list("event")) if event["pending_webhooks"]]


def mark_delivered(world: World, event_id: str) -> None:
    """The webhook answered."""
    world.store.put({**world.get(event_id, "event"), "pending_webhooks": 0})
