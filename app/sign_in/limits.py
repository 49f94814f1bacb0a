"""How often one may try to sign in: per agency and address, per machine; without Redis, never."""

import structlog
from flask import current_app
from limits import RateLimitItemPerMinute, strategies
from limits.errors import StorageError
from limits.storage import RedisStorage
from redis.exceptions import RedisError

from app.config import Settings
from tenants.db import db
from tenants.errors import DomainError

log = structlog.get_logger()

_PER_ADDRESS = RateLimitItemPerMinute(10)
_PER_MACHINE = RateLimitItemPerMinute(60)


class TooManyTries(DomainError):
    """The limit of tries is spent."""

    status = 429
    message = "Too many tries. Wait a minute, then try again."


def spend_try(email: str, machine: str) -> None:
    """Count one try. Raises: TooManyTries."""
    limiter = strategies.MovingWindowRateLimiter(_storage(current_app.extensions["settings"]))
    try:
        address = (str(db.scope.agency_id), email.strip().lower())
        allowed = limiter.hit(_PER_ADDRESS, "sign-in", *address) and limiter.hit(
            _PER_MACHINE, "sign-in", machine
        )
    except (StorageError, RedisError) as error:
        log.warning("sign_in.limiter_unavailable", error=str(error))
        allowed = False
    if not allowed:
        raise TooManyTries(field="password")


def _storage(settings: Settings) -> RedisStorage:
    """Where tries are counted; the library spells a socket's address in its own way."""
    url = settings.redis_url
    return RedisStorage(f"redis+{url}" if url.startswith("unix://") else url)
