"""Hands the settings to the packages below, once per process."""

from app.config import Settings
from tenants import blobs, crypto, dispatcher
from tenants.db import db


def connect(settings: Settings) -> None:
    """Point database, queue, blob store and keys at what the settings name."""
    db.connect(settings.database_url, settings.system_database_url, pool_size=settings.web_threads)
    dispatcher.connect(settings.redis_url, lease_seconds=settings.job_lease_seconds)
    blobs.connect(settings.blob_url)
    crypto.connect(
        secret_key=settings.secret_key_bytes, credentials_key=settings.credentials_key_bytes
    )
