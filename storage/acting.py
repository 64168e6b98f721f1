"""Who does it: a member, or the product itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from storage.database import UnitOfWork
from storage.model.people import SYSTEM


@contextmanager
def as_system(uow: UnitOfWork) -> Iterator[None]:
    """What is done inside is the product's own doing (a flow's, a rule's), not the actor's."""
    before = uow.actor
    uow.act_as(SYSTEM)
    try:
        yield
    finally:
        uow.act_as(before)
