"""How much each view and each brand holds: one statement, its answer kept for some seconds."""

import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from app.conversations.models import Conversation
from app.l1_pool.queries import View, in_view
from tenants.context import Scope
from tenants.db import db

_KEPT_SECONDS = 5.0
_MOST_KEPT = 512


@dataclass(frozen=True)
class Counts:
    """Conversations by view; open ones also by brand."""

    by_view: dict[View, int]
    open_by_brand: dict[UUID, int]


_kept: dict[tuple[UUID, Scope], tuple[float, Counts]] = {}


def count_queue(*, member_id: UUID, now: datetime) -> Counts:
    """The counts of this member's scope; they may be some seconds old."""
    key = (member_id, db.scope)
    found = _kept.get(key)
    if found and time.monotonic() - found[0] < _KEPT_SECONDS:
        return found[1]
    counts = _count(member_id, now)
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[key] = (time.monotonic(), counts)
    return counts


def forget_counts(member_id: UUID) -> None:
    """Count afresh for a member who has just changed something."""
    for key in [key for key in _kept if key[0] == member_id]:
        _kept.pop(key, None)


def _count(member_id: UUID, now: datetime) -> Counts:
    rows = db.session.execute(
        sa.select(
            Conversation.workspace_id,
            *(sa.func.count().filter(in_view(view, member_id=member_id, now=now)) for view in View),
        )
        .where(sa.or_(Conversation.is_open, in_view(View.WAITING, member_id=member_id, now=now)))
        .group_by(Conversation.workspace_id)
    ).all()
    by_brand = {row[0]: dict(zip(View, row[1:], strict=True)) for row in rows}
    return Counts(
        by_view={view: sum(counts[view] for counts in by_brand.values()) for view in View},
        open_by_brand={brand: counts[View.ALL] for brand, counts in by_brand.items()},
    )
