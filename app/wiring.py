"""Hands the settings to the packages below, once per process."""

from app import logs
from app.channels.email import outgoing
from app.config import Settings
from app.reports import links
from tenants import blobs, crypto, dispatcher, live
from tenants.db import db


def connect(settings: Settings) -> None:
    """Point database, queue, blob store and keys at what the settings name."""
    logs.configure(settings)
    db.connect(settings.database_url, settings.system_database_url, pool_size=settings.web_threads)
    live.connect(settings.redis_url)
    dispatcher.connect(settings.redis_url, lease_seconds=settings.job_lease_seconds)
    blobs.connect(settings.blob_url)
    crypto.connect(
        secret_key=settings.secret_key_bytes, credentials_key=settings.credentials_key_bytes
    )
    outgoing.connect(
        smtp_url=settings.smtp_url,
        mail_domain=settings.mail_domain,
        token_secret=crypto.derived_key("mail tokens"),
    )
    links.connect(settings.url_of)
