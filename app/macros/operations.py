"""Writing a brand's ready answers."""

from datetime import datetime
from uuid import UUID

from app.macros.errors import BadMacro, MacroNameTaken
from app.macros.models import Macro
from app.macros.queries import find_macro_by_name
from app.macros.rendering import VARIABLES, render_text
from tenants.db import db
from tenants.errors import NotFound
from tenants.ledger import record

_LONGEST_NAME = 120


def create_macro(
    *, workspace_id: UUID, name: str, body: str, now: datetime, topic: str | None = None
) -> Macro:
    """A new ready answer of this brand. Raises: MacroNameTaken, BadMacro, NotFound out of scope."""
    if workspace_id not in db.scope.workspace_ids:
        raise NotFound
    name = _checked_name(name)
    _check_body(body)
    if find_macro_by_name(name, workspace_id=workspace_id) is not None:
        raise MacroNameTaken(field="name")
    macro = Macro(workspace_id=workspace_id, name=name, topic=topic, body=body, created_at=now)
    db.session.add(macro)
    record("macro.created", macro, at=now, data={"name": name})
    return macro


def change_macro(macro: Macro, *, name: str, body: str, topic: str | None, now: datetime) -> None:
    """New words for an answer; messages sent with the old ones stay as they are.

    Raises: MacroNameTaken, BadMacro.
    """
    name = _checked_name(name)
    _check_body(body)
    other = find_macro_by_name(name, workspace_id=macro.workspace_id)
    if other is not None and other.id != macro.id:
        raise MacroNameTaken(field="name")
    macro.name, macro.body, macro.topic = name, body, topic
    record("macro.changed", macro, at=now, data={"name": name})


def archive_macro(macro: Macro, *, now: datetime) -> None:
    """Offer it no more; what was sent with it still names it."""
    if macro.archived_at is None:
        macro.archived_at = now
        record("macro.archived", macro, at=now, data={"name": macro.name})


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise BadMacro("A macro needs a name.", field="name")
    if len(name) > _LONGEST_NAME:
        raise BadMacro(f"A name has at most {_LONGEST_NAME} characters.", field="name")
    return name


def _check_body(body: str) -> None:
    """Fill it in once on trial, so that it fails for its writer and not for an agent."""
    if not body.strip():
        raise BadMacro("A macro needs a text.", field="body")
    rendered = render_text(body, dict.fromkeys(VARIABLES, "Example"))
    if rendered.missing:
        raise BadMacro(f"There is no variable called “{rendered.missing[0]}”.", field="body")
