"""The shape of a blueprint."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class MacroText:
    """A ready answer; the body is Liquid, filled in for the conversation at hand."""

    name: str
    topic: str | None
    body: str


@dataclass(frozen=True)
class Target:
    """What is promised for a topic (None: for everything else), in business minutes."""

    topic: str | None
    first_response_minutes: int
    resolution_minutes: int


@dataclass(frozen=True)
class Policy:
    """A set of promises; the first target that fits counts."""

    code: str
    name: str
    summary: str
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Blueprint:
    """Everything a workspace gets on its first day, apart from what is chosen in the form."""

    name: str
    version: int
    policies: tuple[Policy, ...]
    macros: tuple[MacroText, ...]
    week: Mapping[str, str]
    at_risk_share: float
    pod_accept_minutes: int
    reopen_days: int

    def policy(self, code: str) -> Policy:
        """The policy of this code. Raises: KeyError."""
        return {policy.code: policy for policy in self.policies}[code]
