"""Who somebody on a contract is: the client himself, a relative, another client, or just a name."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.context import Context
from storage.model.people import Client

_SELF = ("本人", "自己", "她自己", "他自己", "投保人")


@dataclass(frozen=True, slots=True)
class Person:
    """A party as it would be written; `client_id` is empty for somebody outside the book."""

    role: str
    name: str
    client_id: int | None = None


def person_named(ctx: Context, client: Client, role: str, said: str) -> Person:
    """Somebody named on the client's contract: 本人, 儿子, 女儿小雨, or the name of another client."""
    said = said.strip()
    if said in _SELF or said == client.name:
        return Person(role, client.name, client.id)
    relation = _relation_word(ctx, said)
    rest = said.removeprefix(relation)
    relatives = [r for r in ctx.uow.clients.relations(client.id) if relation in _words(ctx, r.kind)]
    if relation and not rest and len(relatives) == 1:
        return Person(role, relatives[0].other_name, relatives[0].other_id)
    name = rest or said
    found = {hit.client_id for hit in ctx.uow.clients.named([name.lower()]) if hit.how in ("name", "alias")}
    return Person(role, name, found.pop() if len(found) == 1 else None)


def _relation_word(ctx: Context, said: str) -> str:
    """The word for a relative that the text begins with; the longest one."""
    words = [word for kind in ctx.packs.relations for word in _words(ctx, kind.name)]
    return max((word for word in words if said.startswith(word)), key=len, default="")


def _words(ctx: Context, kind_name: str) -> tuple[str, ...]:
    kind = ctx.packs.find_relation(kind_name)
    return (kind.label, *kind.synonyms) if kind else ()
