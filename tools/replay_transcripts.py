"""Replays support chats as mail exchanges into an installation, so that a person can work on them.

    python tools/replay_transcripts.py FILE --inbox ADDRESS [--agent EMAIL] [--shift-to-now]

FILE holds one conversation per line (.jsonl or .jsonl.gz): turns of customer and agent with their
times, and the actions the agent took. What the customer says arrives as mail, threaded by the
Message-ID of the reply it answers; what the agent says is claimed and answered; actions become
notes. A chat greets before anybody has written, a mail exchange does not: the greeting is left out.
All of it happens at the times of the transcript. Contacts get addresses nobody can have.

A running scheduler takes promises of transcripts from last year for broken between one turn and
the next: shift the times to now, or replay while it is stopped.

Environment and `--help` are those of `livery`; the replies leave through its mail server.
"""

import gzip
import json
import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import click
import sqlalchemy as sa

from app.conversations.operations.closing import close
from app.conversations.operations.replying import add_note, reply_to
from app.conversations.queries import get_conversation
from app.inbound.importing import Source, import_mail
from app.inbound.recipients import Destination, find_destination
from app.l1_pool.operations import claim, release
from app.runtime.connecting import connected
from tenants.db import db, utc_now
from tenants.members.access import Access, find_access
from tenants.members.models import Member
from tenants.permissions import Permission, Role

DOMAIN = "shopper.example"  # reserved by RFC 2606: no mail ever reaches a person
_A_MOMENT = timedelta(milliseconds=1)
_LONGEST_SUBJECT = 70

Speaker = Literal["customer", "agent", "action"]


@dataclass(frozen=True)
class Turn:
    """What one side said or did, and when."""

    speaker: Speaker
    text: str
    at: datetime


@dataclass(frozen=True)
class Dialogue:
    """One chat as a mail exchange: it begins with what the customer wrote first."""

    name: str
    contact: str
    address: str
    turns: tuple[Turn, ...]

    @property
    def subject(self) -> str:
        """The beginning of what the customer wrote first."""
        return textwrap.shorten(self.turns[0].text, _LONGEST_SUBJECT, placeholder="…")

    def shifted(self, by: timedelta) -> "Dialogue":
        """The same, so much later."""
        return replace(self, turns=tuple(replace(turn, at=turn.at + by) for turn in self.turns))


def read_dialogues(path: Path) -> Iterator[Dialogue]:
    """Every conversation of the file, in its order."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    for line in text.splitlines():
        yield _dialogue(json.loads(line))


def _dialogue(chat: dict[str, Any]) -> Dialogue:
    turns: list[Turn] = []
    at = None
    for said in chat["turns"]:
        if "ts" in said:
            at = datetime.fromisoformat(said["ts"]).replace(tzinfo=UTC)
        elif at is not None:
            at += _A_MOMENT  # actions carry no time: right after what was said last
        if at is not None and (turns or said["speaker"] == "customer"):
            turns.append(Turn(said["speaker"], _words(said), at))
    name, address = _contact(chat)
    return Dialogue(chat["conversation_id"], name, address, tuple(turns))


def _words(said: dict[str, Any]) -> str:
    if said["speaker"] != "action":
        return str(said["text"]).strip()
    arguments = said["arguments"] or {}
    given = ", ".join(f"{key}: {value}" for key, value in arguments.items())
    return f"{said['name']} ({given})\n{said['result']}".strip()


def _contact(chat: dict[str, Any]) -> tuple[str, str]:
    """Name and address, where the agent looked them up, at a domain nobody has."""
    for said in chat["turns"]:
        if said.get("name") == "get_user_details":
            found = re.search(r'"first_name": "(.*?)", "last_name": "(.*?)"', said["result"])
            email = re.search(r'"email": "(.*?)@', said["result"])
            if found and email:
                return f"{found[1]} {found[2]}", f"{email[1]}@{DOMAIN}"
    return "", f"{chat['conversation_id']}@{DOMAIN}"


@dataclass
class Replay:
    """Plays one dialogue after the other: mail comes to `inbox`, `agent` answers."""

    destination: Destination
    inbox: str
    agent: Access
    closes: bool = False

    def play(self, dialogue: Dialogue) -> UUID | None:
        """The conversation it became; None when it has been played into this inbox before.

        At its end it is closed, or put back into the pool for somebody to go on with.
        """
        conversation_id: UUID | None = None
        chain: list[str] = []
        for number, turn in enumerate(dialogue.turns):
            if turn.speaker == "customer":
                mail_id = f"<{dialogue.name}.{number}@{DOMAIN}>"
                mail = _mail(dialogue, number, to=self.inbox, mail_id=mail_id, chain=chain)
                filed_in = self._arrive(mail, f"{dialogue.name}, turn {number}", turn.at)
                if filed_in is None:
                    return None
                conversation_id = conversation_id or filed_in
                chain.append(mail_id)
            elif conversation_id is not None:
                chain += self._work(conversation_id, turn)
        if conversation_id is not None:
            self._leave(conversation_id, dialogue.turns[-1].at + _A_MOMENT)
        return conversation_id

    def _arrive(self, mail: EmailMessage, name: str, at: datetime) -> UUID | None:
        source = Source(name, mail.as_bytes())
        found = import_mail(source, to=self.destination, address=self.inbox, now=at)
        if found.outcome == "duplicate":
            return None
        if found.conversation is None:
            raise click.ClickException(f"{name} was not filed: {found.reason}")
        return UUID(found.conversation)

    def _work(self, conversation_id: UUID, turn: Turn) -> list[str]:
        """Answer or note; returns the Message-ID of what was sent."""
        scope = self.agent.scope_for(Permission.CONVERSATIONS_REPLY)
        with db.transaction(scope):
            conversation = get_conversation(conversation_id)
            if turn.speaker == "action":
                add_note(conversation, body=turn.text, author=scope.actor, now=turn.at)
                return []
            claim(conversation, by=scope.actor, now=turn.at)
            message = reply_to(conversation, body=turn.text, author=scope.actor, now=turn.at)
            return [message.mail_id] if message.mail_id else []

    def _leave(self, conversation_id: UUID, at: datetime) -> None:
        scope = self.agent.scope_for(Permission.CONVERSATIONS_REPLY)
        with db.transaction(scope):
            conversation = get_conversation(conversation_id)
            if self.closes:
                close(conversation, by=scope.actor, now=at)
            elif conversation.assignee_id == scope.actor.id:
                release(conversation, by=scope.actor, now=at)


def _mail(
    dialogue: Dialogue, number: int, *, to: str, mail_id: str, chain: list[str]
) -> EmailMessage:
    """What the customer says, as their mail program sends it: below it the mail it answers."""
    turn = dialogue.turns[number]
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"{dialogue.contact} <{dialogue.address}>".strip()
    mail["To"] = to
    mail["Subject"] = f"Re: {dialogue.subject}" if chain else dialogue.subject
    mail["Date"] = turn.at
    mail["Message-ID"] = mail_id
    if chain:
        mail["In-Reply-To"] = chain[-1]
        mail["References"] = " ".join(chain)
    mail.set_content("\n\n".join([turn.text, *_quoted(dialogue.turns[:number])]))
    return mail


def _quoted(before: tuple[Turn, ...]) -> list[str]:
    answered = next((turn for turn in reversed(before) if turn.speaker == "agent"), None)
    if answered is None:
        return []
    quote = textwrap.indent(answered.text, "> ", lambda _: True)
    return [f"On {answered.at:%a, %d %b %Y at %H:%M}, Support wrote:\n{quote}"]


def find_agent(destination: Destination, email: str | None) -> Access | None:
    """Who may reply in the inbox's workspace: the member with this address, or an L1 agent."""
    with db.system() as session:
        members = sa.select(Member.id).where(Member.agency_id == destination.agency_id)
        if email is not None:
            members = members.where(Member.email == email.lower())
        for member_id in session.scalars(members.order_by(Member.id)).all():
            access = find_access(destination.agency_id, member_id)
            if access and _may_answer(access, destination.workspace_id, is_named=email is not None):
                return access
    return None


def _may_answer(access: Access, workspace_id: UUID, *, is_named: bool) -> bool:
    roles = access.agency_roles | access.workspace_roles.get(workspace_id, frozenset())
    may_reply = workspace_id in access.workspaces_for(Permission.CONVERSATIONS_REPLY)
    return may_reply and (is_named or Role.L1_AGENT in roles)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--inbox", required=True, metavar="ADDRESS", help="The inbox customers write to.")
@click.option("--agent", metavar="EMAIL", help="Who answers; else the first L1 agent.")
@click.option("--shift-to-now", is_flag=True, help="Move all times so that the last turn is now.")
@click.option("--close", "closes", is_flag=True, help="Close each at its end; else it is released.")
@click.option("--limit", type=int, help="Only so many conversations.")
def main(
    file: Path,
    inbox: str,
    agent: str | None,
    *,
    shift_to_now: bool,
    closes: bool,
    limit: int | None,
) -> None:
    """Replay the chats of FILE as mail exchanges."""
    dialogues = list(read_dialogues(file))[:limit]
    if shift_to_now:
        last = max(dialogue.turns[-1].at for dialogue in dialogues)
        dialogues = [dialogue.shifted(utc_now() - last) for dialogue in dialogues]
    with connected():
        destination = find_destination(inbox)
        if destination is None:
            raise click.ClickException(f"No inbox has the address {inbox}.")
        access = find_agent(destination, agent)
        if access is None:
            raise click.ClickException("No such member may reply there.")
        replay = Replay(destination, inbox, access, closes)
        played = [_report(dialogue, replay.play(dialogue)) for dialogue in dialogues]
    print(f"{sum(played)} of {len(dialogues)} conversations, answered by {access.shown_name}")


def _report(dialogue: Dialogue, conversation_id: UUID | None) -> bool:
    what = conversation_id or "was here before"
    sys.stdout.write(f"{dialogue.name:<20} {len(dialogue.turns):>3} turns  {what}\n")
    return conversation_id is not None


if __name__ == "__main__":
    main()
