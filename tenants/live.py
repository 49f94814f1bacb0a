"""Tells open pages that something changed: kind and ids only, through Redis, never content.

A page that hears of a change asks again, so permission and brand are checked in one place. What is
lost on the way costs a moment: pages also look by themselves.
"""

import json
from typing import Any

import redis
import structlog

from tenants.crypto import read_token, sign_token
from tenants.ledger import Event
from tenants.members.access import Access

log = structlog.get_logger()

TOKEN_SECONDS = 60
CHANNEL = "live"

_redis: redis.Redis | None = None


def connect(redis_url: str) -> None:
    """Publish through this Redis from now on."""
    global _redis  # noqa: PLW0603 - one Redis per process, chosen once at start
    _redis = redis.Redis.from_url(redis_url, socket_connect_timeout=1, socket_timeout=1)


def announce(event: Event) -> None:
    """Tell the streams of this event."""
    if _redis is None:
        return
    message = {
        "kind": event.kind,
        "agency": str(event.agency_id),
        "workspace": str(event.workspace_id) if event.workspace_id else None,
        "subject": str(event.subject_id),
    }
    try:
        _redis.publish(CHANNEL, json.dumps(message))
    except redis.RedisError as error:
        log.warning("live.not_announced", error=str(error))


def stream_token(access: Access) -> str:
    """What a page shows the stream process: who it is, and which workspaces it may hear of."""
    return sign_token(
        "stream",
        {
            "member": str(access.member_id),
            "workspaces": sorted(str(workspace_id) for workspace_id in access.all_workspace_ids),
        },
    )


def read_stream_token(token: str) -> dict[str, Any]:
    """The token's member and workspaces. Raises: NotFound once it is over a minute old."""
    return read_token("stream", token, max_age_seconds=TOKEN_SECONDS)
