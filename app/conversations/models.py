"""Conversations, their messages, attachments and deliveries."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from tenants.db import Base, WorkspaceScoped, json_column, workspace_key


class Conversation(WorkspaceScoped, Base):
    """One matter between a contact and a brand.

    `is_open` is true for open and snoozed-past-due work that belongs in a queue; `next_due_at` is
    the earliest due time of its running clocks; `team` says whose it is now: the L1 pool's or the
    pod's. All are kept beside the rows they follow, so that a list reads one table.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        workspace_key("contact_id", "contact"),
        workspace_key("inbox_id", "inbox"),
        sa.UniqueConstraint("workspace_id", "number"),
        sa.CheckConstraint("status IN ('open', 'pending', 'snoozed', 'closed')", name="status"),
        sa.CheckConstraint("team IN ('l1', 'pod')", name="team"),
        sa.Index(
            "ix_conversation_agency_queue",
            "agency_id",
            "next_due_at",
            "id",
            postgresql_where=sa.column("is_open"),
        ),
        sa.Index(
            "ix_conversation_queue",
            "workspace_id",
            "next_due_at",
            "id",
            postgresql_where=sa.column("is_open"),
        ),
        sa.Index(
            "ix_conversation_badges",
            "agency_id",
            "workspace_id",
            "next_due_at",
            postgresql_where=sa.column("is_open"),
        ),
        sa.Index(
            "ix_conversation_assignee",
            "assignee_id",
            "next_due_at",
            "id",
            postgresql_where=sa.column("is_open"),
        ),
        sa.Index(
            "ix_conversation_pending",
            "agency_id",
            "last_message_at",
            "id",
            postgresql_where=sa.column("status") == "pending",
        ),
        sa.Index("ix_conversation_recent", "workspace_id", "last_message_at", "id"),
        sa.Index("ix_conversation_created", "workspace_id", "created_at"),
        sa.Index("ix_conversation_closed", "workspace_id", "closed_at"),
        sa.Index("ix_conversation_contact", "workspace_id", "contact_id", "created_at"),
    )

    number: orm.Mapped[int]
    contact_id: orm.Mapped[UUID]
    inbox_id: orm.Mapped[UUID]
    channel: orm.Mapped[str] = orm.mapped_column(default="email")
    subject: orm.Mapped[str]
    topic: orm.Mapped[str | None]
    status: orm.Mapped[str] = orm.mapped_column(default="open")
    is_open: orm.Mapped[bool] = orm.mapped_column(default=True)
    team: orm.Mapped[str] = orm.mapped_column(default="l1")
    assignee_id: orm.Mapped[UUID | None]
    assignee_name: orm.Mapped[str | None]
    claimed_at: orm.Mapped[datetime | None]
    waiting_since: orm.Mapped[datetime | None]
    next_due_at: orm.Mapped[datetime | None]
    is_breached: orm.Mapped[bool] = orm.mapped_column(default=False)
    last_message_at: orm.Mapped[datetime]
    message_count: orm.Mapped[int] = orm.mapped_column(default=0)
    related_to_id: orm.Mapped[UUID | None]
    is_automatic: orm.Mapped[bool] = orm.mapped_column(default=False)
    created_at: orm.Mapped[datetime]
    closed_at: orm.Mapped[datetime | None]
    reopen_count: orm.Mapped[int] = orm.mapped_column(default=0)
    version: orm.Mapped[int] = orm.mapped_column(default=0)

    @property
    def is_closed(self) -> bool:
        """Whether the matter is done with."""
        return self.status == "closed"


class Message(WorkspaceScoped, Base):
    """One message of a conversation: from the contact, from an agent, or an internal note."""

    __tablename__ = "message"
    __table_args__ = (
        workspace_key("conversation_id", "conversation"),
        workspace_key("inbox_id", "inbox"),
        sa.CheckConstraint("author_kind IN ('contact', 'agent', 'system')", name="author_kind"),
        sa.CheckConstraint("NOT (is_note AND author_kind = 'contact')", name="notes_are_ours"),
        sa.Index("ix_message_transcript", "workspace_id", "conversation_id", "created_at", "id"),
        sa.Index("ix_message_mail_id", "workspace_id", "mail_id_hash"),
        sa.UniqueConstraint("workspace_id", "inbox_id", "external_id"),
    )

    conversation_id: orm.Mapped[UUID]
    inbox_id: orm.Mapped[UUID]
    author_kind: orm.Mapped[str]
    author_id: orm.Mapped[UUID | None]
    author_name: orm.Mapped[str]
    author_email: orm.Mapped[str | None]
    is_note: orm.Mapped[bool] = orm.mapped_column(default=False)
    is_automatic: orm.Mapped[bool] = orm.mapped_column(default=False)
    is_unverified: orm.Mapped[bool] = orm.mapped_column(default=False)
    body_text: orm.Mapped[str]
    visible_text: orm.Mapped[str]
    body_html: orm.Mapped[str | None]
    subject: orm.Mapped[str | None]
    external_id: orm.Mapped[str | None]
    mail_id: orm.Mapped[str | None]
    mail_id_hash: orm.Mapped[str | None]
    raw_digest: orm.Mapped[str | None]
    threaded_by: orm.Mapped[str | None]
    macro_id: orm.Mapped[UUID | None]
    created_at: orm.Mapped[datetime]


class Attachment(WorkspaceScoped, Base):
    """A file that came or went with a message; its bytes are a blob."""

    __tablename__ = "attachment"
    __table_args__ = (
        workspace_key("message_id", "message"),
        sa.Index("ix_attachment_message", "workspace_id", "message_id"),
    )

    message_id: orm.Mapped[UUID]
    filename: orm.Mapped[str]
    content_type: orm.Mapped[str]
    size_bytes: orm.Mapped[int]
    digest: orm.Mapped[str]
    content_id: orm.Mapped[str | None]
    is_inline: orm.Mapped[bool] = orm.mapped_column(default=False)
    is_blocked: orm.Mapped[bool] = orm.mapped_column(default=False)


class Delivery(WorkspaceScoped, Base):
    """One reply on its way out; its Message-ID is fixed before the first attempt."""

    __tablename__ = "delivery"
    __table_args__ = (
        workspace_key("message_id", "message"),
        sa.UniqueConstraint("workspace_id", "message_id", "recipient"),
        sa.CheckConstraint(
            "state IN ('queued', 'handing_over', 'accepted', 'refused', 'uncertain', 'bounced')",
            name="state",
        ),
        sa.Index("ix_delivery_message", "workspace_id", "message_id"),
        sa.Index(
            "ix_delivery_underway", "queued_at", postgresql_where=sa.column("ended_at").is_(None)
        ),
    )

    message_id: orm.Mapped[UUID]
    recipient: orm.Mapped[str]
    state: orm.Mapped[str] = orm.mapped_column(default="queued")
    attempts: orm.Mapped[int] = orm.mapped_column(default=0)
    last_response: orm.Mapped[str | None]
    queued_at: orm.Mapped[datetime]
    next_attempt_at: orm.Mapped[datetime | None]
    handed_over_at: orm.Mapped[datetime | None]
    ended_at: orm.Mapped[datetime | None]


class Draft(WorkspaceScoped, Base):
    """What an agent has typed and not sent, per conversation."""

    __tablename__ = "draft"
    __table_args__ = (
        workspace_key("conversation_id", "conversation"),
        sa.UniqueConstraint("workspace_id", "conversation_id", "member_id"),
    )

    conversation_id: orm.Mapped[UUID]
    member_id: orm.Mapped[UUID]
    body: orm.Mapped[str]
    saved_at: orm.Mapped[datetime]


class ConversationSettings(WorkspaceScoped, Base):
    """How a brand wants its conversations treated."""

    __tablename__ = "conversation_settings"
    __table_args__ = (sa.UniqueConstraint("workspace_id"),)

    reopen_days: orm.Mapped[int] = orm.mapped_column(default=14)
    signature: orm.Mapped[str] = orm.mapped_column(default="")
    policy: orm.Mapped[dict[str, Any]] = json_column()
