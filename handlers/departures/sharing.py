"""Who of a team gets which of a leaver's clients: by the rules of assignment, clients that have to do with each other
together, and each to whoever has the fewest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from reminders.assigning import Rules, pick
from storage.model.offers import Prospect
from storage.model.people import User

Shares = Mapping[str, Sequence[int]]


def share_out(
    rules: Rules, book: Sequence[Prospect], related: Iterable[tuple[int, int]], people: Sequence[User],
    loads: Mapping[str, int], away: Collection[str], otherwise: User,
) -> Shares:
    """The clients of each member, in the order of the book; `otherwise` gets those whom no rule gives to anybody. Of
    clients who belong together the first one's rule counts."""
    shares, running = dict[str, list[int]](), dict(loads)
    known = {prospect.id: prospect for prospect in book}
    for group in _groups([prospect.id for prospect in book], related):
        chosen = pick(rules, known[group[0]], people, running, away)
        to = chosen[0].id if chosen else otherwise.id
        shares.setdefault(to, []).extend(group)
        running[to] = running.get(to, 0) + len(group)
    place = {client: n for n, client in enumerate(known)}
    return {user: sorted(shares[user], key=place.__getitem__) for user in sorted(shares)}


def _groups(book: Sequence[int], related: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Clients who belong together, the largest group first: the small ones even out what it left."""
    head = {client: client for client in book}

    def top(client: int) -> int:
        while head[client] != client:
            head[client] = client = head[head[client]]
        return client

    for one, other in related:
        head[top(one)] = top(other)
    groups: dict[int, list[int]] = {}
    for client in book:
        groups.setdefault(top(client), []).append(client)
    return sorted(groups.values(), key=len, reverse=True)
