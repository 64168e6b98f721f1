"""Statements compiled once for all databases of a kind. Tests open thousands of databases, and to compile anew for each
what the one before had compiled would be most of their time."""

from __future__ import annotations

from typing import Any

import sqlalchemy
from sqlalchemy import Engine
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache

import storage.engine

_COMPILED: Any = LRUCache(4_000)


def compile_once() -> None:
    """From now on engines that the product opens in this process share what they compile."""
    for dialect in (sqlalchemy.make_url(url).get_dialect() for url in ("sqlite://", "postgresql+psycopg://")):
        dialect.__eq__ = _alike
        dialect.__hash__ = lambda self: hash(type(self))
    vars(storage.engine)["create_engine"] = _create_engine


def _alike(one: Dialect, other: object) -> bool:
    return type(one) is type(other)


def _create_engine(*args: Any, **kwargs: Any) -> Engine:
    return sqlalchemy.create_engine(*args, **kwargs).execution_options(compiled_cache=_COMPILED)
