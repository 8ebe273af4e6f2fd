"""Structured logs: ids and routes, never names, texts, addresses or queries."""

import logging
import sys

import structlog


def configure(level: str) -> None:
    """One JSON object a line on stderr; `level` is a name of the standard logging levels."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def get() -> structlog.typing.FilteringBoundLogger:
    """The logger every module uses."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return logger
