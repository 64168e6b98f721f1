"""What WeCom tells by itself that is no member's doing and about no member's customer: one `@notice` function each."""

from __future__ import annotations

from collections.abc import Callable

from storage.database import UnitOfWork
from storage.model.incoming import Event
from storage.repositories.kf import KfRepository

LONGEST_ID, LONGEST_TOKEN = 64, 128  # as the columns are
Notice = Callable[[UnitOfWork, Event], None]

NOTICES: dict[str, Notice] = {}


def notice(name: str) -> Callable[[Notice], Notice]:
    """Register what is done about a WeCom event; the unit of work is the system's."""
    def register(function: Notice) -> Notice:
        if name in NOTICES:
            raise ValueError(f"notice {name!r} is registered twice")
        NOTICES[name] = function
        return function
    return register


# ---------------------------------------------------------------- 微信客服 (path/94670, 97712)


@notice("kf_msg_or_event")
def bell_rang(uow: UnitOfWork, incoming: Event) -> None:
    """Customers wrote to the firm: what, is to be read by `reminders.kf_reading`."""
    for account in _ids(incoming, "OpenKfId"):
        token = incoming.raw.get("Token")
        kept = token.strip()[:LONGEST_TOKEN] if isinstance(token, str) else ""
        KfRepository(uow).rung(account, kept, incoming.created_at)


@notice("kf_account_auth_change")
def accounts_changed(uow: UnitOfWork, incoming: Event) -> None:
    """Accounts were given to the app, or taken from it."""
    kf = KfRepository(uow)
    for account in _ids(incoming, "AuthAddOpenKfId"):
        kf.rung(account, "", incoming.created_at)
    for account in _ids(incoming, "AuthDelOpenKfId"):
        kf.withdrawn(account)


def _ids(incoming: Event, name: str) -> list[str]:
    """The ids under a name that may come once, many times or not at all."""
    found = incoming.raw.get(name, [])
    said = found if isinstance(found, list) else [found]
    ids = [one.strip() for one in said if isinstance(one, str)]
    return [one for one in ids if 0 < len(one) <= LONGEST_ID]
