"""Leases that a process took into its grave: the next one on the same machine need not wait for their end.

What it had in hand was rolled back, so messages in are free at once. What it was sending may still be on its
way to WeCom: messages out, and texts to clients, get the time that one call may take."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta

import structlog

from storage.database import Database
from storage.repositories.client_messages import ClientMessageRepository
from storage.repositories.kf import KfRepository
from storage.repositories.kf_replies import KfReplyRepository

log = structlog.get_logger(__name__)

CALL_TAKES = timedelta(seconds=12)  # a little more than the client waits for an answer


def is_dead(owner: str, host: str | None = None) -> bool:
    """Whether the owner was a process of this machine that is gone. One elsewhere counts as alive."""
    where, pid, _ = (*owner.rsplit(":", 2), "", "")[:3]
    if where != (host or socket.gethostname()) or not pid.isdigit():
        return False
    return int(pid) == os.getpid() or not _is_running(int(pid))


def release_dead(database: Database, now: datetime) -> int:
    """Free what dead processes hold; says how many of them there were. For the start, before any lease is ours."""
    with database.system(now) as uow:
        kf, written, replies = KfRepository(uow), ClientMessageRepository(uow), KfReplyRepository(uow)
        held = (uow.inbox, uow.outbox, kf, written, replies)
        owners = set[str]().union(*(mailbox.lease_owners() for mailbox in held))
        dead = {owner for owner in owners if is_dead(owner)}
        for owner in dead:
            uow.inbox.end_leases(owner)
            kf.end_leases(owner)
            uow.outbox.end_leases(owner, now + CALL_TAKES)
            written.end_leases(owner, now + CALL_TAKES)
            replies.end_leases(owner, now + CALL_TAKES)
    if dead:
        log.info("leases.released", dead=len(dead))
    return len(dead)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
