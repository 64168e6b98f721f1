"""Who of a team gets which of a leaver's clients: clients that have to do with each other stay together, and each goes
to whoever has the fewest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from storage.model.people import User

Shares = Mapping[str, Sequence[int]]


def takers(leaver: User, team: Iterable[User], away: Collection[str]) -> list[User]:
    """Advisers of his line under his own manager, else of his line, else anybody; who is away only where nobody else
    is there."""
    advisers = [user for user in team if user.role == "adviser" and user.active and user.id != leaver.id]
    there = [user for user in advisers if user.id not in away] or advisers
    of_line = [user for user in there if user.line == leaver.line]
    beside = [user for user in there if user.manager_id == leaver.manager_id]
    return [user for user in beside if user in of_line] or of_line or beside or there


def share_out(book: Sequence[int], related: Iterable[tuple[int, int]], loads: Mapping[str, int]) -> Shares:
    """The clients of each member of `loads`, who has so many already; in the order of the book."""
    shares: dict[str, list[int]] = {user: [] for user in loads}
    for group in _groups(book, related):
        least = min(loads, key=lambda user: (loads[user] + len(shares[user]), user))
        shares[least] += group
    place = {client: n for n, client in enumerate(book)}
    return {user: sorted(found, key=place.__getitem__) for user, found in shares.items() if found}


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
