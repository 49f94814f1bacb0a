"""Importing mail from files, folders and mbox files: the same way in as the listener's."""

import mailbox
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from uuid import UUID

from app.channels.email.incoming import REASONS
from app.channels.email.parse import parse
from app.contacts.queries import get_contact
from app.conversations.queries import get_conversation, get_message, list_attachments
from app.inbound.filing import settle
from app.inbound.models import RawMail
from app.inbound.operations import store_mail
from app.inbound.queries import lock_mail
from app.inbound.recipients import Destination
from tenants.blobs import get_blob
from tenants.db import db
from tenants.workspaces.queries import get_workspace

# Long enough to file it here; after a crash the job does.
_GRACE = timedelta(minutes=2)

Outcome = Literal["filed", "duplicate", "quarantined"]


@dataclass(frozen=True)
class ImportedFile:
    """An attachment as the import reports it."""

    filename: str
    content_type: str
    size: int


@dataclass(frozen=True)
class Imported:
    """What became of one mail of an import."""

    file: str
    outcome: Outcome
    workspace: str
    conversation: str | None = None
    contact: str | None = None
    subject: str | None = None
    text: str | None = None
    attachments: tuple[ImportedFile, ...] = ()
    reason: str | None = None

    def to_json(self) -> dict[str, object]:
        """Plain values, for one line of output."""
        return asdict(self)


@dataclass(frozen=True)
class Source:
    """One mail to import: where it was found, and its bytes."""

    name: str
    raw: bytes


def find_mails(paths: list[Path]) -> Iterator[Source]:
    """Every mail under these paths: single files, folders (in order of name), mbox files."""
    for path in paths:
        if path.is_dir():
            files = sorted(inner for inner in path.rglob("*") if inner.is_file())
            yield from find_mails(files)
        elif _is_mbox(path):
            yield from _read_mbox(path)
        else:
            yield Source(_name_of(path), path.read_bytes())


def import_mail(source: Source, *, to: Destination, address: str, now: datetime) -> Imported:
    """Store one mail, file it, and say what became of it; it arrives `now`."""
    raw_mail_id = store_mail(
        source.raw,
        to=to,
        envelope_from="",
        envelope_to=address,
        source="import",
        arrived_at=now,
        file_in=_GRACE,
    )
    with db.transaction(to.scope):
        mail = lock_mail(raw_mail_id)
        if mail.state == "stored":
            settle(mail, parse(get_blob(mail.digest)), now=now)
    with db.transaction(to.scope):
        return _report(source, raw_mail_id)


def _report(source: Source, raw_mail_id: UUID) -> Imported:
    mail = lock_mail(raw_mail_id)
    workspace = get_workspace(mail.workspace_id).slug
    if mail.state == "quarantined":
        reason = f"{mail.reason}: {REASONS[mail.reason or 'unprocessable']}"
        return Imported(source.name, "quarantined", workspace, subject=mail.subject, reason=reason)
    outcome: Outcome = "duplicate" if mail.state == "duplicate" else "filed"
    return _report_filed(source, mail, outcome, workspace)


def _report_filed(source: Source, mail: RawMail, outcome: Outcome, workspace: str) -> Imported:
    if mail.conversation_id is None or mail.message_id is None:
        return Imported(source.name, outcome, workspace, subject=mail.subject)
    conversation = get_conversation(mail.conversation_id)
    message = get_message(mail.message_id)
    files = tuple(
        ImportedFile(file.filename, file.content_type, file.size_bytes)
        for file in list_attachments(conversation)
        if file.message_id == message.id
    )
    return Imported(
        file=source.name,
        outcome=outcome,
        workspace=workspace,
        conversation=str(conversation.id),
        contact=message.author_email or get_contact(conversation.contact_id).email,
        subject=mail.subject,
        text=message.visible_text,
        attachments=files,
    )


def _name_of(path: Path) -> str:
    """The path as text that can be written anywhere: file names may hold any bytes."""
    return os.fsencode(path).decode("utf-8", "replace")


def _is_mbox(path: Path) -> bool:
    """By its first line; a file of that name alone would be read as holding no mail at all."""
    with path.open("rb") as file:
        head = file.read(2048)
    if path.suffix == ".mbox":
        return not head or head.startswith(b"From ")
    return path.suffix != ".eml" and head.startswith(b"From ") and b"\n" in head


def _read_mbox(path: Path) -> Iterator[Source]:
    box = mailbox.mbox(path, create=False)
    try:
        for key in box.keys():  # noqa: SIM118 - a mailbox iterates over its messages
            yield Source(f"{_name_of(path)}#{key}", box.get_bytes(key))
    finally:
        box.close()
