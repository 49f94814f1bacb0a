"""Does the work that is due, in this process: what the dispatcher and a worker do together."""

from tenants import dispatcher


def run_due_jobs(*, limit: int = 200) -> int:
    """Run every due job, and those they put off, oldest first; returns how many ran."""
    return dispatcher.run_due_jobs(limit=limit)
