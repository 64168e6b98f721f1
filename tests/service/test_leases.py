"""What a dead process held: free at once for the inbox, after the time of one call for the outbox."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import timedelta

from bot.leases import CALL_TAKES, is_dead, release_dead
from storage.database import Database
from storage.leases import lease_owner
from storage.model.clock import MovableClock
from storage.repositories.client_messages import ClientMessageRepository
from storage.repositories.kf import KfRepository
from storage.repositories.mailboxes import Arrival
from tests.builders import a_client, a_user

HERE = socket.gethostname()


def _a_dead_pid() -> int:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_a_process_is_dead_when_its_machine_is_ours_and_its_number_is_free():
    assert is_dead(f"{HERE}:{_a_dead_pid()}:abc123")
    assert not is_dead(f"{HERE}:{os.getppid()}:abc123")
    assert not is_dead(f"elsewhere:{_a_dead_pid()}:abc123")
    assert not is_dead("nonsense")


def test_one_that_had_our_own_number_before_us_is_dead():
    """In a container every process has number 1."""
    assert is_dead(f"{HERE}:{os.getpid()}:abc123")


def test_a_lease_owner_fits_its_column_and_is_never_the_same():
    assert lease_owner() != lease_owner()
    assert len(lease_owner()) <= 64


def test_what_the_dead_held_goes_on_and_what_the_living_hold_does_not(database: Database, clock: MovableClock):
    dead, alive = f"{HERE}:{_a_dead_pid()}:abc123", f"elsewhere:{_a_dead_pid()}:abc123"
    for number, owner in enumerate((dead, alive)):
        with database.system(clock.now()) as uow:
            uow.inbox.add([Arrival(f"k{number}", f"user{number}", "TextMessage", "<xml/>", clock.now())])
            uow.outbox.put(f"o{number}", f"user{number}", "send", b"{}", row_id=number + 1, priority=10)
            KfRepository(uow).rung(f"wk{number}", "", clock.now())
            client = a_client(uow, owner_id=a_user(uow, f"user{number}").id)
            assert ClientMessageRepository(uow).add(
                client, key=f"{client.id}:thanks:1", sender_id=f"user{number}", purpose="care", occasion="thanks",
                text="感谢您", route="group", state="queued", not_before=clock.now(), look_at=clock.now(),
                expires_at=clock.now() + timedelta(days=1),
            )  # fmt: skip
        with database.system(clock.now()) as uow:
            assert len(uow.inbox.claim(owner, 5)) == 1
            assert len(uow.outbox.claim(owner, 5)) == 1
            account = KfRepository(uow).claim(owner)
            assert account is not None
            assert len(ClientMessageRepository(uow).claim(owner, 1)) == 1
    assert release_dead(database, clock.now()) == 1
    with database.system(clock.now()) as uow:
        assert [row.sender for row in uow.inbox.claim("next", 5)] == ["user0"]
        assert uow.outbox.claim("next", 5) == []
        account = KfRepository(uow).claim("next")
        assert account is not None
        assert account.open_kfid == "wk0"
        assert KfRepository(uow).claim("next") is None
        assert ClientMessageRepository(uow).claim("next", 5) == []
    clock.advance(CALL_TAKES + timedelta(seconds=1))
    with database.system(clock.now()) as uow:
        assert [row.recipient for row in uow.outbox.claim("next", 5)] == ["user0"]
        assert [message.sender_id for message in ClientMessageRepository(uow).claim("next", 5)] == ["user0"]
