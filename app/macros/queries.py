"""Finding macros, and the values that fill them in one conversation."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from app.contacts.models import Contact
from app.conversations.models import Conversation, Message
from app.conversations.order_numbers import find_order_number
from app.macros.models import Macro
from tenants.db import db
from tenants.errors import NotFound
from tenants.workspaces.models import Workspace


def get_macro(macro_id: UUID) -> Macro:
    """The macro, archived or not. Raises: NotFound."""
    macro = db.session.scalar(sa.select(Macro).where(Macro.id == macro_id))
    if macro is None:
        raise NotFound
    return macro


def find_macro_by_name(name: str, *, workspace_id: UUID) -> Macro | None:
    """The brand's macro of this name, archived or not."""
    return db.session.scalar(
        sa.select(Macro).where(Macro.workspace_id == workspace_id, Macro.name == name)
    )


def list_macros(workspace_id: UUID, *, topic: str | None = None) -> Sequence[Macro]:
    """The brand's macros in use, by name; those of a topic come first where one is given."""
    by_name = (sa.func.lower(Macro.name), Macro.id)
    order = by_name if topic is None else (Macro.topic.is_distinct_from(topic), *by_name)
    return db.session.scalars(
        sa.select(Macro)
        .where(Macro.workspace_id == workspace_id, Macro.archived_at.is_(None))
        .order_by(*order)
    ).all()


def macro_context(conversation: Conversation, *, agent_name: str) -> dict[str, str]:
    """What macros may say in this conversation, by variable; what is not known is left out."""
    contact_name, brand = db.session.execute(
        sa.select(Contact.name, Workspace.name)
        .join(Workspace, Workspace.id == Contact.workspace_id)
        .where(
            Contact.workspace_id == conversation.workspace_id,
            Contact.id == conversation.contact_id,
        )
    ).one()
    order = find_order_number([conversation.subject, *_words_of_contact(conversation)])
    context = {
        "contact.name": contact_name,
        "contact.first_name": contact_name.split()[0] if contact_name.split() else "",
        "brand.name": brand,
        "agent.name": agent_name,
        "conversation.number": str(conversation.number),
        "order.number": order or "",
    }
    return {name: value for name, value in context.items() if value}


def _words_of_contact(conversation: Conversation) -> Sequence[str]:
    return db.session.scalars(
        sa.select(Message.visible_text)
        .where(
            Message.workspace_id == conversation.workspace_id,
            Message.conversation_id == conversation.id,
            Message.author_kind == "contact",
            Message.is_unverified.is_(False),
        )
        .order_by(Message.created_at, Message.id)
    ).all()
