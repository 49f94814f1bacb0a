"""Reading and filing a stored mail."""

from uuid import UUID

from app.channels.email.parse import parse
from app.inbound.filing import settle
from app.inbound.queries import lock_mail
from tenants.blobs import get_blob
from tenants.db import utc_now
from tenants.jobs import job


@job("mail")
def file_mail(raw_mail_id: UUID) -> None:
    """Read the mail in a bounded child process and settle it; nothing to do once it is settled."""
    mail = lock_mail(raw_mail_id)
    if mail.state == "stored":
        settle(mail, parse(get_blob(mail.digest)), now=utc_now())
