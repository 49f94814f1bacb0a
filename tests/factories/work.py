"""Does the work that is due, in this process: what the dispatcher and a worker do together."""

import sqlalchemy as sa

from tenants.db import db
from tenants.jobs import Job, run_row


def run_due_jobs(*, limit: int = 200) -> int:
    """Run every due job, and those they put off, oldest first; returns how many ran."""
    ran = 0
    while ran < limit:
        row = _send_next()
        if row is None:
            return ran
        run_row(*row)
        ran += 1
    message = f"more than {limit} jobs: something enqueues itself"
    raise AssertionError(message)


def _send_next() -> tuple[int, int] | None:
    with db.system() as session:
        job_id = session.scalar(
            sa.select(Job.id)
            .where(Job.state == "due", Job.available_at <= sa.func.clock_timestamp())
            .order_by(Job.id)
            .limit(1)
        )
        if job_id is None:
            return None
        now = sa.func.clock_timestamp()
        attempt: int = session.execute(
            sa.update(Job)
            .where(Job.id == job_id)
            .values(state="sent", attempts=Job.attempts + 1, sent_at=now)
            .returning(Job.attempts)
        ).scalar_one()
        return job_id, attempt
