"""Follows the ledger and puts off what each event starts, once per event."""

from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa

from tenants.db import db
from tenants.jobs import Job, queue_of, registered_name
from tenants.ledger import Event, advance, read_next

READER = "reactions"
Reaction = Callable[..., None]


def react_once(
    reactions: Mapping[str, Sequence[Reaction]], *, seen: Callable[[Event], None]
) -> int:
    """Put off the work of the next events and show each to `seen`; returns how many were read.

    Cursor and job rows commit together, so a crash repeats nothing and loses nothing. Each job
    runs in the event's own workspace and is given the event's subject.
    """
    with db.system() as session:
        batch = read_next(READER)
        rows = [
            _job_row(event, reaction)
            for event in batch.events
            for reaction in reactions.get(event.kind, ())
        ]
        if rows:
            session.execute(sa.insert(Job), rows)
        if batch.events:
            advance(READER, batch)
    for event in batch.events:
        seen(event)
    return len(batch.events)


def _job_row(event: Event, reaction: Reaction) -> dict[str, object]:
    return {
        "agency_id": event.agency_id,
        "workspace_id": event.workspace_id,
        "agency_wide": event.workspace_id is None,
        "actor_kind": "system",
        "actor_id": None,
        "actor_name": "system",
        "queue": queue_of(reaction),
        "function": registered_name(reaction),
        "args": [{"uuid": str(event.subject_id)}],
    }
