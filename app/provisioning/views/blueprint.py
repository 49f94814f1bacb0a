"""The opening's blueprint, and what all its pages have in common."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, redirect, url_for

from app.navigation import nav_items
from app.provisioning.choices import PARTS, choices_of
from app.provisioning.models import Opening
from app.provisioning.operations import may_change
from tenants.members.session import current_access
from themes.page import render

bp = Blueprint("openings", __name__, template_folder="../templates", url_prefix="/openings")

LABELS = {
    "brand": "Brand",
    "look": "Look",
    "channels": "Channels",
    "service": "Service",
    "tier": "Tier",
    "check": "Check and go live",
}


@dataclass(frozen=True)
class Mark:
    """One step as the stepper shows it."""

    label: str
    url: str | None
    state: str


def page(template: str, opening: Opening, *, at: str, **context: Any) -> Response:  # noqa: ANN401 - what it reads
    """A page of the form; what can no longer be chosen shows how far its making has come."""
    if at in PARTS and not may_change(opening, at):
        return redirect(url_for("openings.show_progress", opening_id=opening.id), 303)  # type: ignore[return-value]
    brand = choices_of(opening).get("brand")
    return render(
        f"provisioning/{template}",
        nav=nav_items("clients"),
        member=current_access(),
        opening=opening,
        brand_name=brand["name"] if brand else None,
        marks=_marks(opening, at),
        **context,
    )


def to_part(part: str, opening: Opening) -> Response:
    """On to this step."""
    return redirect(url_for(f"openings.show_{part}", opening_id=opening.id), 303)  # type: ignore[return-value]


def _marks(opening: Opening, at: str) -> list[Mark]:
    return [
        Mark(
            label=label,
            url=url_for(f"openings.show_{part}", opening_id=opening.id),
            state=_state(opening, part, at),
        )
        for part, label in LABELS.items()
    ]


def _state(opening: Opening, part: str, at: str) -> str:
    if part == at:
        return "current"
    return "done" if part in PARTS and part in opening.choices else "todo"
