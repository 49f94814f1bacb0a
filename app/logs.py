"""Logs: one line per thing that happened; a bug's trace without anybody's values in it."""

import structlog

from app.config import Settings


def configure(settings: Settings) -> None:
    """JSON where real clients are served, readable lines elsewhere.

    Tracebacks never show local variables: they would hold passwords, tokens and mail.
    """
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer()
        if settings.is_production
        else structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
    )
    first: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if settings.is_production:
        first.append(structlog.processors.format_exc_info)
    structlog.configure(processors=[*first, renderer], cache_logger_on_first_use=False)
