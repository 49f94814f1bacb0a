"""The provider's front door: a request in, the answer it would give out."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from billing.simulator import library
from billing.simulator.endpoints import ENDPOINTS
from billing.simulator.errors import Refusal, not_simulated
from billing.simulator.requests import check_params, read_form
from billing.simulator.world import Object, World, new_object_id

Answer = tuple[str, int, dict[str, str]]


class Simulator:
    """One simulated account, answering at one moment."""

    def __init__(self, world: World) -> None:
        self.world = world

    def answer(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> Answer:
        """The body, status and headers for one request; a repeated key repeats the answer."""
        parts = urlsplit(url)
        form = parts.query if method in {"GET", "DELETE"} else (body or "")
        key = headers.get("Idempotency-Key") if method == "POST" else None
        if key is None:
            return _as_answer(*self._respond(method, parts.path, form))
        digest = hashlib.sha256(f"{parts.path}?{form}".encode()).hexdigest()
        known = self.world.store.find(f"key:{key}")
        if known is None:
            status, value = self._respond(method, parts.path, form)
            self.world.store.put(
                {
                    "object": "idempotency_key",
                    "id": f"key:{key}",
                    "digest": digest,
                    "status": status,
                    "value": value,
                }
            )
        elif known["digest"] == digest:
            status, value = known["status"], known["value"]
        else:
            status, value = _as_error(_reused_key(key))
        return _as_answer(status, value)

    def _respond(self, method: str, path: str, form: str) -> tuple[int, Object]:
        try:
            return 200, self._perform(method, path, form)
        except Refusal as refusal:
            return _as_error(refusal)

    def _perform(self, method: str, path: str, form: str) -> Object:
        found = library.find_operation(method, path)
        if found is None:
            raise not_simulated(method, path)
        operation, ids = found
        params: dict[str, Any] = check_params(operation.params_class, read_form(form))
        endpoint = ENDPOINTS.get((method, operation.path))
        if endpoint is None:
            raise not_simulated(method, operation.path)
        for name in params:
            if name not in endpoint.honours:
                raise not_simulated(method, f"{operation.path} with parameter {name}")
        return endpoint.answer(self.world, params, **ids)


def _reused_key(key: str) -> Refusal:
    return Refusal(
        "Keys for idempotent requests can only be used with the same parameters they were first"
        f" used with. Try using a key other than '{key}'.",
        kind="idempotency_error",
    )


def _as_error(refusal: Refusal) -> tuple[int, Object]:
    return refusal.status, {"error": refusal.error}


def _as_answer(status: int, value: Object) -> Answer:
    headers = {
        "Request-Id": new_object_id("req"),
        "Content-Type": "application/json",
        "Stripe-Version": library.api_version(),
        # What is not simulated stays so: repeating the call would only cost time.
        "stripe-should-retry": "false",
    }
    return json.dumps(value), status, headers
