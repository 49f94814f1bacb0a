"""Which steps there are, in the order they are taken."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.provisioning.models import Opening
from app.provisioning.steps.content import ensure_macros, ensure_scorecard
from app.provisioning.steps.identity import (
    ensure_host,
    ensure_inbox,
    ensure_look,
    ensure_settings,
    ensure_workspace,
    require_free_address,
)
from app.provisioning.steps.people import ensure_client_people
from app.provisioning.steps.service import (
    ensure_calendar,
    ensure_contract,
    ensure_pod,
    ensure_policy,
    ensure_report_schedule,
)


class Ensure(Protocol):
    """Makes sure that one thing is there."""

    def __call__(self, opening: Opening, *, now: datetime) -> None:
        """In the scope of the workspace being opened. Raises: DomainError."""


@dataclass(frozen=True)
class Step:
    """One step: its name in the database, in words, and the part of the form that decides it.

    `before` looks over all agencies, in system work, just before the step.
    """

    name: str
    words: str
    part: str
    ensure: Ensure
    before: Callable[[Opening], None] | None = None


STEPS = (
    Step("workspace", "Workspace", "brand", ensure_workspace),
    Step("host", "Host name", "brand", ensure_host),
    Step("theme", "Theme", "look", ensure_look),
    Step("contract", "Contract", "tier", ensure_contract),
    Step("calendar", "Business hours", "channels", ensure_calendar),
    Step("policy", "Service levels", "service", ensure_policy),
    Step("inbox", "Mail address", "channels", ensure_inbox, before=require_free_address),
    Step("settings", "Reply settings", "brand", ensure_settings),
    Step("macros", "Macros", "tier", ensure_macros),
    Step("scorecard", "Scorecard", "service", ensure_scorecard),
    Step("pod", "Pod", "brand", ensure_pod),
    Step("reports", "Report schedule", "service", ensure_report_schedule),
    Step("people", "Client’s people", "service", ensure_client_people),
)


def part_of(step_name: str) -> str:
    """The part of the form a step takes its values from."""
    return next(step.part for step in STEPS if step.name == step_name)


def words_of(step_name: str) -> str:
    """A step in words."""
    return next(step.words for step in STEPS if step.name == step_name)
