"""Structured logs in English: ids and codes, never a name, phone, document number, secret or token.

A redactor is the net under the rule: long digit runs and anything that looks like a token are blanked."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from pathlib import Path
from traceback import extract_tb
from typing import Any

import structlog

_PHONE_OR_NUMBER = re.compile(r"(?<![\dA-Za-z])(?:1[3-9]\d{9}|\d{15}|\d{17}[\dXx]|\d{16,19})(?![\dA-Za-z])")
_SECRET = re.compile(r"(access_token|corpsecret|secret|token|key)=([^&\s\"']+)", re.IGNORECASE)
_SAFE_KEYS = frozenset({"event", "level", "timestamp", "id", "row", "client_id", "inbox_id", "outbox_id"})


def redact(text: str) -> str:
    """`text` without phone, document and card numbers and without the values of secret parameters."""
    return _PHONE_OR_NUMBER.sub("…", _SECRET.sub(r"\1=…", text))


def _redact_event(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str) and (key not in _SAFE_KEYS or key == "event"):
            event[key] = redact(value)
    return event


def where_it_broke(error: BaseException) -> str:
    """Kinds of errors and lines of code, innermost first. Not their words: those may quote what a user typed."""
    told: list[str] = []
    chain: BaseException | None = error
    while chain is not None and len(told) < 5:
        frames = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(extract_tb(chain.__traceback__))]
        told.append(" < ".join([type(chain).__name__, *frames]))
        chain = chain.__cause__ or chain.__context__
    return " after ".join(told)


def _without_words(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        event["trace"] = where_it_broke(error)
    return event


class _RedactingFormatter(logging.Formatter):
    """For what libraries log through the standard module."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))

    def formatException(self, ei: Any) -> str:
        return where_it_broke(ei[1])


def configure(level: str) -> None:
    """One line a message on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("aiohttp.access", "apscheduler", "jieba", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # Noise from the internet would be logged with its bytes; faults of ours are logged by bot.web.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_words,
            _redact_event,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
