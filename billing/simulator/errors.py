"""How the provider refuses, in its own words and codes."""

from typing import Any


class Refusal(Exception):
    """An answer with an error in it."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        decline_code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        given = {"code": code, "param": param, "decline_code": decline_code}
        self.error: dict[str, Any] = {"type": kind, "message": message} | {
            name: value for name, value in given.items() if value is not None
        }


def unknown_parameter(param: str) -> Refusal:
    """A parameter the operation does not have."""
    return Refusal(f"Received unknown parameter: {param}", code="parameter_unknown", param=param)


def missing_parameter(param: str) -> Refusal:
    """A parameter the operation cannot do without."""
    return Refusal(f"Missing required param: {param}.", code="parameter_missing", param=param)


def no_such(noun: str, object_id: str, *, param: str = "id") -> Refusal:
    """An id this account does not have."""
    return Refusal(
        f"No such {noun}: '{object_id}'", status=404, code="resource_missing", param=param
    )


def not_simulated(method: str, path: str) -> Refusal:
    """Known or not to the provider: we do not answer it, rather than answer it wrongly."""
    return Refusal(f"Not simulated: {method} {path}", status=501, kind="api_error")
