"""What the jobs do besides: doubts, old mail, the next event, the audit trail."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, update

from reminders.sending import Outcome
from storage.database import Database
from storage.model.people import Actor
from storage.repositories.mailboxes import Arrival
from storage.tables import audit, inbox, outbox
from tests.reminders.conftest import System
from tests.reminders.firm import Firm, add_timed, at


class TestTheRest:
    async def test_who_may_have_missed_a_message_is_told_once_a_day(self, firm: Firm) -> None:
        firm.sender.answer = lambda outgoing: Outcome("retry", 0, "timeout")
        await firm.at("09 08:30", "09 12:30")
        firm.sender.answer = lambda outgoing: Outcome("sent", 0, "")
        await firm.at("09 12:31", "09 12:40", "09 13:00")
        assert [text for text in firm.sender.texts("lixiang") if "没有送达" in text] != []
        assert len(firm.sender.texts("lixiang")) == 1

    async def test_of_one_message_in_doubt_nobody_is_told_again_the_next_day(self, firm: Firm) -> None:
        firm.sender.answer = lambda outgoing: Outcome("retry", 0, "timeout")
        await firm.at("09 08:30", "09 12:30")
        firm.sender.answer = lambda outgoing: Outcome("sent", 0, "")
        await firm.at("09 12:31", "10 08:20")
        assert len([text for text in firm.sender.texts("lixiang") if "没有送达" in text]) == 1

    async def test_old_mail_is_forgotten_at_night(self, firm: Firm, system: System) -> None:
        await firm.at("09 08:30")
        firm.clock.advance(timedelta(days=31))
        await firm.jobs.tick(firm.clock.now())
        with system() as uow:
            old = select(func.count()).where(outbox.c.key.like("brief:%2025-06-09%"))
            assert uow.conn.execute(old).scalar_one() == 0

    async def test_what_was_parked_and_never_let_go_is_forgotten_after_ninety_days(
        self, firm: Firm, system: System
    ) -> None:
        def left() -> list[str]:
            with system() as uow:
                rows = [*uow.conn.execute(select(inbox.c.key)), *uow.conn.execute(select(outbox.c.key))]
            return sorted(row.key for row in rows if row.key.startswith("dead"))

        with system() as uow:
            uow.inbox.add([Arrival("dead:in", "lixiang", "text", "<xml/>", uow.now)])
            uow.conn.execute(update(inbox).values(state="parked"))
            for state in ("uncertain", "parked"):
                uow.outbox.put(f"dead:{state}", "lixiang", "text", b"{}", row_id=uow.outbox.new_row_id(), priority=1)
                uow.conn.execute(update(outbox).where(outbox.c.key == f"dead:{state}").values(state=state))
        firm.clock.advance(timedelta(days=80))
        await firm.jobs.tick(firm.clock.now())
        assert left() == ["dead:in", "dead:parked", "dead:uncertain"]
        firm.clock.advance(timedelta(days=11))
        await firm.jobs.tick(firm.clock.now())
        assert left() == []

    async def test_the_next_event_is_the_nearest_of_briefs_reports_digests_and_clock_times(
        self, firm: Firm, system: System
    ) -> None:
        with system() as uow:
            add_timed(uow, "10 15:00")
        next_event = firm.jobs.next_event
        assert next_event(at("09 08:30")) == at("09 09:00")  # Monday's report of the week before
        assert next_event(at("10 07:00")) == at("10 08:30")
        assert next_event(at("10 08:30")) == at("10 15:00")
        assert next_event(at("10 15:00")) == at("10 18:00")
        assert next_event(at("10 18:00")) == at("11 08:30")

    async def test_what_a_brief_and_a_digest_showed_is_on_the_audit_trail(
        self, firm: Firm, database: Database
    ) -> None:
        await firm.at("09 08:30", "09 18:00")
        with database.engine.connect() as conn:
            noted = conn.execute(select(audit.c.actor, audit.c.action, audit.c.object_type))
            found = {tuple(row) for row in noted}
        assert {("lixiang", "list", "reminder"), ("wangke", "read", "digest")} <= found

    async def test_a_brief_is_read_as_its_reader(self, firm: Firm, system: System, database: Database) -> None:
        await firm.at("09 08:30")
        with database.transaction(Actor("chenmo", "adviser", "/zhouning/chenmo/"), firm.clock.now()) as uow:
            assert uow.reminders.open_until("lixiang", uow.now) == []
