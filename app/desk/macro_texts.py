"""A macro as it would stand in the composer of one conversation."""

from dataclasses import dataclass
from uuid import UUID

from app.conversations.models import Conversation
from app.macros.models import Macro
from app.macros.queries import get_macro, macro_context
from app.macros.rendering import render_macro
from tenants.errors import NotFound
from tenants.members.session import current_access


@dataclass(frozen=True)
class MacroText:
    """What is inserted, and the variables that nothing filled."""

    id: UUID
    text: str
    missing: list[str]


def macro_text(conversation: Conversation, macro_id: UUID) -> MacroText:
    """The macro filled in. Raises: NotFound, also for a macro of another brand."""
    macro = get_macro_of(conversation, macro_id)
    agent_name = current_access().shown_name
    rendered = render_macro(macro, macro_context(conversation, agent_name=agent_name))
    return MacroText(macro.id, rendered.text, rendered.missing)


def get_macro_of(conversation: Conversation, macro_id: UUID) -> Macro:
    """A macro of the conversation's own brand. Raises: NotFound."""
    macro = get_macro(macro_id)
    if macro.workspace_id != conversation.workspace_id:
        raise NotFound
    return macro
