"""What every repository shares: its unit of work and the scope."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Table

from storage.model.errors import NotAllowed
from storage.model.people import SYSTEM, Client
from storage.model.values import mask_free_text
from storage.scope import visible

if TYPE_CHECKING:
    from storage.database import UnitOfWork

CHANGED = "已修改"
R = TypeVar("R", bound="Repository")


class Repository:
    """The only place where SQL on its tables is written."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow

    def mine(self, table: Table) -> ColumnElement[bool]:
        """The condition that cuts a scoped table to what the actor may see."""
        return visible(self.uow.scope, table.c.owner_id)

    def own(self, table: Table) -> ColumnElement[bool]:
        """The same without the books of colleagues whom the actor covers for: what is counted, ranked or changed for
        many at once is his own."""
        return visible(self.uow.own_scope, table.c.owner_id)

    def refuse_if_locked(self, client: Client) -> None:
        """Raises NotAllowed where a member would write about a client who had his data erased."""
        if client.is_locked and self.uow.actor != SYSTEM:
            raise NotAllowed(f"「{client.name}」的资料已封存，只按法律保存，不能再修改或补充。")

    def _words(self, place: str, row: int | str, said: str, longest: int = 200) -> bytes | None:
        """What a person said, for a sealed column: numbers in it masked, None for nothing."""
        kept = mask_free_text(said)[:longest]
        return self.uow.seal(place, row, kept) if kept else None

    def _bags(
        self, place: str, row: int, old: tuple[Mapping[str, Any], Mapping[str, Any]],
        new: tuple[Mapping[str, Any], Mapping[str, Any]],
    ) -> dict[str, Any]:
        """Those of the columns `attrs` and `secrets` that `new` (values for the one, values for the other) changes.

        A field lies in one bag only: where its level changed since it was written, the other bag lets go of it."""
        attrs = merged(old[0], {**dict.fromkeys(new[1]), **new[0]})
        secrets = merged(old[1], {**dict.fromkeys(new[0]), **new[1]})
        changed: dict[str, Any] = {}
        if attrs != old[0]:
            changed["attrs"] = attrs
        if secrets != old[1]:
            changed["secrets"] = self.uow.seal(place, row, secrets) if secrets else None
        return changed

    def changes(
        self, record: str, columns: Collection[str], before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> list[list[Any]]:
        """What `after` changes as [name, old, new] for the audit, masked; prose as [name, 已修改], because what
        stands in the audit can never be removed.

        A column of ours need not be a field of the packs in force; it holds nothing to be masked."""
        declared = {spec.name for spec in self.uow.dictionary.fields(record)}
        plain_ones = {n: v for n, v in after.items() if n in columns and n not in declared}
        rest = {n: v for n, v in after.items() if n not in plain_ones}
        dictionary = self.uow.dictionary
        return [
            *(
                [c.name, CHANGED] if dictionary.field(record, c.name).prose else [c.name, c.old, c.new]
                for c in dictionary.differences(record, before, rest)
            ),
            *([n, plain(before.get(n)), plain(v)] for n, v in plain_ones.items() if before.get(n) != v),
        ]


class Part(Generic[R]):
    """A repository of a unit of work, made when it is first asked for. (functools.cached_property takes a lock.)"""

    def __init__(self, make: Callable[[UnitOfWork], R]) -> None:
        self._make = make

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, uow: UnitOfWork, owner: type) -> R:
        made = uow.__dict__[self._name] = self._make(uow)
        return made


def like(text: str) -> str:
    """`text` as a literal part of a LIKE pattern with ESCAPE '\\'."""
    for special in "\\%_":
        text = text.replace(special, "\\" + special)
    return text


def plain(value: Any) -> Any:
    """A field value as JSON holds it: decimals and dates become text."""
    return value if value is None or isinstance(value, str | int | float | bool | list | dict) else str(value)


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """`new` over `old`; what is None is gone."""
    return {name: value for name, value in {**old, **new}.items() if value is not None}
