"""The stream process: one Redis listener, fanned out in memory to the pages that may hear of it.

Served by uvicorn beside the web process, under /stream/ on every host. A stream lasts a minute;
the page then comes back with a fresh token, which is refused once the access is gone. What ends a
member's access ends the member's streams at once.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import redis.asyncio
import structlog
from redis.exceptions import RedisError

from app.config import Settings
from tenants import crypto
from tenants.errors import NotFound
from tenants.live import CHANNEL, TOKEN_SECONDS, read_stream_token

log = structlog.get_logger()

HEARTBEAT_SECONDS = 20
MAX_WAITING = 200
ENDS_STREAMS = frozenset({"member.signed_out", "member.role_removed", "member.deactivated"})

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


@dataclass(eq=False)
class Listener:
    """One open page: what it may hear of, and what waits to be sent to it."""

    member: str
    workspaces: frozenset[str]
    waiting: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(MAX_WAITING))

    def offer(self, line: str | None) -> None:
        """Put a line in the page's queue; a page too slow to read is told to look for itself.

        None ends the stream, however much waits.
        """
        if self.waiting.full():
            while not self.waiting.empty():
                self.waiting.get_nowait()
            line = _line("missed", {}) if line is not None else None
        self.waiting.put_nowait(line)


_listeners: set[Listener] = set()


async def app(scope: Message, receive: Receive, send: Send) -> None:
    """The ASGI application uvicorn runs."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http":
        await _answer(scope, receive, send)


async def _live(receive: Receive, send: Send) -> None:
    settings = Settings.from_environment()
    crypto.connect(
        secret_key=settings.secret_key_bytes, credentials_key=settings.credentials_key_bytes
    )
    await receive()
    hearing = asyncio.create_task(_hear(settings.redis_url))
    await send({"type": "lifespan.startup.complete"})
    await receive()
    hearing.cancel()
    await send({"type": "lifespan.shutdown.complete"})


async def _answer(scope: Message, receive: Receive, send: Send) -> None:
    token = parse_qs(scope["query_string"].decode("ascii", "replace")).get("token", [""])[0]
    try:
        known = read_stream_token(token)
    except NotFound:
        await _refuse(send)
        return
    listener = Listener(known["member"], frozenset(known["workspaces"]))
    async with _listening(listener):
        await _start(send)
        gone = asyncio.create_task(_wait_for_close(receive))
        lines = asyncio.create_task(_send_lines(listener, send))
        await asyncio.wait({gone, lines}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        lines.cancel()


@asynccontextmanager
async def _listening(listener: Listener) -> AsyncIterator[None]:
    _listeners.add(listener)
    try:
        yield
    finally:
        _listeners.discard(listener)


async def _send_lines(listener: Listener, send: Send) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + TOKEN_SECONDS
    await _write(send, "retry: 1500\n\n")
    while (left := until - loop.time()) > 0:
        try:
            line = await asyncio.wait_for(
                listener.waiting.get(), timeout=min(left, HEARTBEAT_SECONDS)
            )
        except TimeoutError:
            line = ": still here\n\n"
        if line is None:
            break
        await _write(send, line)
    await send({"type": "http.response.body", "body": b""})


async def _hear(redis_url: str) -> None:
    """Follow Redis for as long as the process lives, through every outage of Redis."""
    while True:
        try:
            async with (
                redis.asyncio.Redis.from_url(redis_url) as client,
                client.pubsub() as channel,
            ):
                await channel.subscribe(CHANNEL)
                async for message in channel.listen():
                    if message["type"] == "message":
                        _fan_out(json.loads(message["data"]))
        except RedisError as error:
            log.warning("stream.waiting_for_redis", error=str(error))
        await asyncio.sleep(1)


def _fan_out(event: dict[str, Any]) -> None:
    ends = event["kind"] in ENDS_STREAMS
    line = _line("changed", {"kind": event["kind"], "subject": event["subject"]})
    for listener in list(_listeners):
        if ends and event["subject"] == listener.member:
            listener.offer(None)
        elif event["workspace"] in listener.workspaces:
            listener.offer(line)


def _line(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


async def _start(send: Send) -> None:
    headers = [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"access-control-allow-origin", b"*"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain"), (b"access-control-allow-origin", b"*")]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": b"Not found.\n"})


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _wait_for_close(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
