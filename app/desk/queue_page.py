"""What the queue shows: views with counts, brands, rows with their wait and the time left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for

from app.desk.words import CLOCKS
from app.l1_pool.counts import Counts, count_queue
from app.l1_pool.queries import Cursor, QueueRow, View, list_queue
from app.look import BrandMark, brand_marks
from app.sla.queries import ClockReading, read_next_due
from tenants.members.session import current_access

LABELS = {
    View.POOL: ("Pool", "users"),
    View.MINE: ("Mine", "user"),
    View.AT_RISK: ("At risk", "timer"),
    View.WAITING: ("Waiting for shopper", "hourglass"),
    View.ESCALATED: ("Escalated", "arrow-up"),
    View.ALL: ("All open", "inbox"),
}
_EMPTY = {
    View.POOL: ("The pool is empty", "New conversations appear here, soonest due first."),
    View.MINE: ("You have nothing open", "Claim the next conversation from the pool."),
    View.AT_RISK: ("Nothing is at risk", "What is due within half an hour or late stands here."),
    View.WAITING: (
        "Nobody is being waited for",
        "Answered conversations wait here for the shopper.",
    ),
    View.ESCALATED: (
        "No pod has work",
        "What L1 escalates stands here until the pod hands it back.",
    ),
    View.ALL: ("Nothing is open", "Every conversation is answered or closed."),
}


@dataclass(frozen=True)
class Place:
    """Which view of the queue the agent is in; it travels with every link."""

    view: View = View.MINE
    brand: UUID | None = None

    @property
    def query(self) -> dict[str, Any]:
        """As the arguments of a link."""
        return {"view": self.view} | ({"brand": str(self.brand)} if self.brand else {})


@dataclass(frozen=True)
class ListRow:
    """One line as the list draws it."""

    url: str
    brand: BrandMark
    row: QueueRow
    standing: str
    seconds_left: float | None
    target: str
    is_current: bool


@dataclass(frozen=True)
class ListPane:
    """A page of rows and the words around it."""

    place: Place
    title: str
    rows: list[ListRow]
    next_url: str | None
    is_first_page: bool
    empty: tuple[str, str]
    queue_url: str


@dataclass(frozen=True)
class ViewLink:
    """One line of the views pane."""

    label: str
    url: str
    icon: str | None
    brand: BrandMark | None
    count: int
    current: bool
    is_urgent: bool = False


def list_pane(
    place: Place,
    *,
    now: datetime,
    after: Cursor | None = None,
    current_id: UUID | None = None,
) -> ListPane:
    """The rows of a view; `current_id` marks the conversation that is open beside it."""
    brands = brand_marks()
    page = list_queue(
        place.view,
        member_id=current_access().member_id,
        now=now,
        workspace_id=place.brand,
        after=after,
    )
    readings = read_next_due([row.id for row in page.rows], now=now)
    return ListPane(
        place=place,
        title=_title(place, brands),
        rows=[_list_row(row, brands, place, readings.get(row.id), current_id) for row in page.rows],
        next_url=_page_url(place, page.next) if page.next else None,
        is_first_page=after is None,
        empty=_EMPTY[place.view],
        queue_url=url_for("desk.queue", **place.query),
    )


def view_links(place: Place, counts: Counts) -> list[ViewLink]:
    """The views, each keeping the brand that is filtered for."""
    return [
        ViewLink(
            label=label,
            url=url_for("desk.queue", **Place(view, place.brand).query),
            icon=icon,
            brand=None,
            count=counts.by_view[view],
            current=view is place.view,
            is_urgent=view is View.AT_RISK and counts.by_view[view] > 0,
        )
        for view, (label, icon) in LABELS.items()
    ]


def brand_links(place: Place, counts: Counts) -> list[ViewLink]:
    """The brands, each keeping the view; the one filtered for leads back to all of them."""
    return [
        ViewLink(
            label=brand.name,
            url=url_for(
                "desk.queue",
                **Place(place.view, None if workspace_id == place.brand else workspace_id).query,
            ),
            icon=None,
            brand=brand,
            count=counts.open_by_brand.get(workspace_id, 0),
            current=workspace_id == place.brand,
        )
        for workspace_id, brand in brand_marks().items()
    ]


def counts_now(now: datetime) -> Counts:
    """The counts of the member at this screen."""
    return count_queue(member_id=current_access().member_id, now=now)


def _list_row(
    row: QueueRow,
    brands: Mapping[UUID, BrandMark],
    place: Place,
    reading: ClockReading | None,
    current_id: UUID | None,
) -> ListRow:
    return ListRow(
        url=url_for("desk.conversation", conversation_id=row.id, **place.query),
        brand=brands[row.workspace_id],
        row=row,
        standing=reading.standing if reading else "none",
        seconds_left=reading.seconds if reading else None,
        target=CLOCKS[reading.kind] if reading else "",
        is_current=row.id == current_id,
    )


def _title(place: Place, brands: Mapping[UUID, BrandMark]) -> str:
    label = LABELS[place.view][0]
    brand = brands.get(place.brand) if place.brand else None
    return f"{label} · {brand.name}" if brand else label


def _page_url(place: Place, after: Cursor) -> str:
    at = after.at.isoformat() if after.at else ""
    return url_for("desk.queue", **place.query, after=f"{at}~{after.id}")
