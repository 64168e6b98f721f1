"""Rules that operations set: their conditions, receivers and working days, on both kinds of database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from config.pack import ReminderRule
from reminders import planner
from reminders.briefs import agenda
from reminders.calendar import days_shifted_to, is_workday
from reminders.cards import reminder_card
from reminders.escalation import climb
from reminders.escalation import told as told_of
from storage.database import UnitOfWork
from storage.model.clock import MovableClock
from storage.model.people import Actor
from storage.repositories.assets import AssetRepository
from storage.tables import reminders
from tests.builders import Cast, a_client, a_contract, a_policy, a_rule, a_user
from tests.reminders.conftest import System
from tests.reminders.test_planner import TODAY, ZONE, on


def plan(uow: UnitOfWork, first: date = TODAY, last: date | None = None) -> int:
    planner.settle(uow, ZONE)
    found = planner.plan(uow, first, last or first, ZONE)
    return sum(count for rule, count in found.counts.items() if rule.startswith("ops_"))


def told(uow: UnitOfWork, state: str = "open") -> list[tuple[str, str]]:
    """(receiver, rule) of what rules of operations reminded of."""
    query = select(reminders.c.receiver_id, reminders.c.rule).where(
        reminders.c.rule.startswith("ops_"), reminders.c.state == state
    ).order_by(reminders.c.receiver_id, reminders.c.rule)
    return [tuple(row) for row in uow.conn.execute(query)]


def ids(uow: UnitOfWork) -> set[int]:
    query = select(reminders.c.object_id).where(reminders.c.rule.startswith("ops_"), reminders.c.state == "open")
    return set(uow.conn.execute(query).scalars())


class TestConditions:
    def test_a_condition_narrows_a_rule_and_counts_as_its_cause(self, system: System, cast: Cast) -> None:
        with system() as uow:
            vip, other = a_client(uow, "王芳", bank_tier="贵宾"), a_client(uow, "赵敏", bank_tier="大众")
            for client in (vip, other):
                a_policy(uow, client, ends_on=on(7))
            a_rule(uow, when="贵宾 且 非 持有基金")
            assert plan(uow) == 1
        with system() as uow:
            a_contract(uow, uow.clients.get(vip.id), "fund", state="active", ends_on=None)
            planner.settle(uow, ZONE)
            assert told(uow, "cancelled") == [("lixiang", "ops_rule")]

    def test_counts_in_a_window_and_changes_of_assets_narrow_a_rule(self, system: System, cast: Cast) -> None:
        with system() as uow:
            cross, calm = a_client(uow, "王芳", aum=Decimal(80)), a_client(uow, "赵敏", aum=Decimal(100))
            for client in (cross, calm):
                a_policy(uow, client, ends_on=on(7))
                AssetRepository(uow).note(client, on(-40), Decimal(100))
            for _ in range(2):
                uow.interactions.add(cross, "complaint", "等了太久")
            a_rule(uow, when="90天投诉2次 且 AUM下降20%")
            assert plan(uow) == 1
            query = select(reminders.c.client_id).where(reminders.c.rule.startswith("ops_"))
            assert uow.conn.execute(query).scalars().all() == [cross.id]

    def test_contract_fields_are_asked_of_the_rules_own_contract(self, system: System, cast: Cast) -> None:
        """She has a dear policy that ends next year; the cheap one that ends next week is not it."""
        with system() as uow:
            client = a_client(uow)
            a_policy(uow, client, ends_on=on(7), premium=300)
            a_policy(uow, client, ends_on=on(365), premium=90000)
            dear = a_policy(uow, a_client(uow, "赵敏"), ends_on=on(7), premium=20000)
            a_rule(uow, when="每期金额 1万以上")
            assert plan(uow) == 1
            assert ids(uow) == {dear.id}

    def test_instalment_fields_are_asked_of_the_rules_own_instalment(self, system: System, cast: Cast) -> None:
        """What she owes next week is little; the premium of next year is another instalment."""
        with system() as uow:
            client = a_client(uow)
            a_policy(uow, client, premium=300, due_on=[on(7)])
            a_policy(uow, client, premium=90000, due_on=[on(365)])
            dear = a_policy(uow, a_client(uow, "赵敏"), premium=20000, due_on=[on(7)])
            a_rule(uow, source="instalment.due_on", category="premium", template="premium_due",
                   when="应缴金额 1万以上")
            assert plan(uow) == 1
            assert ids(uow) == {part.id for part in uow.contracts.instalments([dear.id])}

    def test_a_sort_that_is_named_may_be_of_another_contract(self, system: System, cast: Cast) -> None:
        with system() as uow:
            client = a_client(uow)
            policy = a_policy(uow, client, ends_on=on(7))
            a_contract(uow, client, "deposit", state="active", amount=Decimal(500_000), ends_on=on(100))
            a_policy(uow, a_client(uow, "赵敏"), ends_on=on(7))
            a_rule(uow, when="持有存款 且 存款 40万以上")
            assert plan(uow) == 1
            assert ids(uow) == {policy.id}

    def test_a_condition_on_days_is_read_anew_each_day(self, system: System, cast: Cast, clock: MovableClock) -> None:
        with system() as uow:
            a_client(uow, id_expires_on=on(20), birthday=date(1980, 6, 12))
            a_rule(uow, source="client.birthday", kinds=[], category="birthday", template="birthday",
                   when="证件有效期至 在 未来 18 天内", offsets=[-3, 0])
            assert plan(uow) == 0  # eighteen days from today do not reach
        clock.advance(timedelta(days=3))
        with system() as uow:
            assert plan(uow, on(3)) == 1


class TestReceivers:
    def test_each_receiver_has_a_reminder_of_his_own(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_policy(uow, a_client(uow, bank_tier="贵宾"), ends_on=on(7))
            a_policy(uow, a_client(uow, "赵敏"), ends_on=on(7))
            a_rule(uow, receivers=["owner", {"to": "supervisor", "when": "贵宾"}])
            assert plan(uow) == 3
            assert told(uow) == [
                ("lixiang", "ops_rule"), ("lixiang", "ops_rule"), ("wangke", "ops_rule@supervisor"),
            ]
            assert plan(uow) == 0

    def test_what_the_adviser_finished_is_still_open_for_the_superior(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_policy(uow, a_client(uow), ends_on=on(7))
            a_rule(uow, receivers=["owner", "supervisor"])
            plan(uow)
            uow.reminders.finish(uow.reminders.open_until("lixiang", uow.now + timedelta(days=1))[0], "done")
            assert ("lixiang", "ops_rule") not in told(uow)
            assert ("wangke", "ops_rule@supervisor") in told(uow)

    def test_an_adviser_without_superior_has_none_reminded(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_policy(uow, a_client(uow, owner_id="wangke"), ends_on=on(7))
            a_rule(uow, receivers=["supervisor"])
            assert plan(uow) == 0

    def test_the_superiors_reminder_follows_the_client_to_another_team(self, system: System, cast: Cast) -> None:
        with system() as uow:
            client = a_client(uow)
            a_policy(uow, client, ends_on=on(7))
            a_rule(uow, receivers=["owner", "supervisor"])
            plan(uow)
            uow.clients.hand_over(client, "chenmo")
            planner.settle(uow, ZONE)
            assert told(uow) == [("chenmo", "ops_rule"), ("zhouning", "ops_rule@supervisor")]
            assert plan(uow) == 0


class TestRoles:
    def test_every_member_of_a_role_has_a_reminder_of_his_own_and_once(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_user(uow, "fang", name="方合规", role="compliance")
            a_policy(uow, a_client(uow), ends_on=on(7))
            a_rule(uow, receivers=["owner", "compliance"])
            assert plan(uow) == 3
            assert told(uow) == [
                ("fang", "ops_rule@compliance"), ("lixiang", "ops_rule"), ("shenyue", "ops_rule@compliance"),
            ]
            assert plan(uow) == 0

    def test_what_one_of_them_finished_is_still_open_for_the_other(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_user(uow, "fang", name="方合规", role="compliance")
            a_policy(uow, a_client(uow), ends_on=on(7))
            a_rule(uow, receivers=["compliance"])
            plan(uow)
            uow.reminders.finish(uow.reminders.open_until("fang", uow.now + timedelta(days=1))[0], "done")
            assert plan(uow) == 0
            assert told(uow) == [("shenyue", "ops_rule@compliance")]

    def test_who_leaves_the_role_has_nothing_open_and_who_comes_is_told_from_then_on(
        self, system: System, cast: Cast
    ) -> None:
        with system() as uow:
            a_policy(uow, a_client(uow), ends_on=on(7))
            a_rule(uow, receivers=["compliance"])
            plan(uow)
            uow.users.deactivate(cast.shenyue)
            a_user(uow, "fang", name="方合规", role="compliance")
            assert plan(uow) == 1
            assert told(uow) == [("fang", "ops_rule@compliance")]
            uow.users.activate(cast.shenyue)
            planner.settle(uow, ZONE)
            assert told(uow) == [("fang", "ops_rule@compliance"), ("shenyue", "ops_rule@compliance")]

    def test_nobody_in_the_role_is_no_fault(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_policy(uow, a_client(uow), ends_on=on(7))
            a_rule(uow, receivers=["risk"])
            assert plan(uow) == 0

    def test_a_condition_narrows_what_a_role_hears_of(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_policy(uow, a_client(uow, bank_tier="贵宾"), ends_on=on(7))
            a_policy(uow, a_client(uow, "赵敏"), ends_on=on(7))
            a_rule(uow, receivers=["owner", {"to": "compliance", "when": "贵宾"}])
            assert plan(uow) == 3
            assert [who for who, _ in told(uow)].count("shenyue") == 1

    def test_a_role_that_sees_no_clients_reads_no_name(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_user(uow, "qin", name="秦风控", role="risk")
            client = a_client(uow)
            a_policy(uow, client, ends_on=on(7), product_name="康佑医疗险")
            a_rule(uow, receivers=["risk", "compliance"])
            plan(uow)
        for who, shown in (("qin", "李顾问的客户"), ("shenyue", "王芳")):
            with system() as uow:
                user = uow.users.get(who)
                uow.act_as(Actor.of(user))
                brief = agenda(uow, user, ZONE)
                assert brief is not None
                assert shown in brief.text
                card = str(reminder_card(uow, uow.reminders.get(brief.ids[0]), user, ZONE))
                assert shown in card
                assert ("王芳" in brief.text + card) is (who == "shenyue")
                assert ("康佑医疗险" in brief.text + card) is (who == "shenyue")
        with system() as uow:
            uow.clients.hand_over(client, "chenmo")
            planner.settle(uow, ZONE)
            uow.act_as(Actor.of(uow.users.get("qin")))
            assert [r.client_name for r in uow.reminders.open_until("qin", uow.now)] == ["陈默的客户"]

    def test_a_superior_of_another_team_hears_no_name_when_it_climbs(
        self, system: System, cast: Cast, clock: MovableClock
    ) -> None:
        """周宁 leads the member of compliance and sees none of 李顾问's clients."""
        with system() as uow:
            uow.users.change(cast.shenyue, manager_id="zhouning")
            a_policy(uow, a_client(uow), ends_on=on(7))
            a_rule(uow, receivers=["compliance"])
            plan(uow)
        clock.advance(timedelta(days=4))
        with system() as uow:
            climbed = {user.id: found for user, found in climb(uow, ZONE)}
            uow.act_as(cast.zhou)
            words = told_of(uow, cast.zhouning, climbed["zhouning"], ZONE).message.content
            assert "李顾问的客户" in words
            assert "王芳" not in words


def holidays() -> Iterable[date]:
    """The weeks around the National Day of 2025: eight days off in a row, and make-up days."""
    return (date(2025, 9, 20) + timedelta(days=n) for n in range(30))


class TestWorkingDays:
    @pytest.mark.parametrize("shift", ["previous", "next"])
    def test_every_day_is_kept_on_exactly_one_working_day(self, shift: str) -> None:
        kept = {meant: day for day in holidays() for meant in days_shifted_to(day, shift)}
        assert all(is_workday(day) for day in kept.values())
        for meant in (date(2025, 9, 25) + timedelta(days=n) for n in range(18)):
            assert (kept[meant] <= meant) if shift == "previous" else (kept[meant] >= meant)
            assert not is_workday(meant) or kept[meant] == meant

    @pytest.mark.parametrize(("shift", "day"), [("none", 8), ("previous", 6), ("next", 9)])
    def test_a_day_of_reminding_on_a_sunday_is_moved(self, system: System, cast: Cast, shift: str, day: int) -> None:
        """The policy ends on Sunday the 15th, so seven days before is Sunday the 8th of June."""
        with system() as uow:
            a_policy(uow, a_client(uow), ends_on=date(2025, 6, 15))
            a_rule(uow, shift=shift)
            counts = {n: planner.plan(uow, date(2025, 6, n), date(2025, 6, n), ZONE).counts.get("ops_rule", 0)
                      for n in range(5, 11)}
            assert {n for n, count in counts.items() if count} == {day}

    def test_silence_is_told_on_the_next_working_day(self, system: System, cast: Cast) -> None:
        with system() as uow:
            client = a_client(uow, bank_tier="贵宾")
            uow.clients.contacted(client.id, uow.now - timedelta(days=45))
            a_rule(uow, source="client.silence", kinds=[], category="silence", template="silent_client", offsets=[0], shift="next")
            assert plan(uow, date(2025, 6, 8)) == 0
            assert plan(uow, date(2025, 6, 9)) == 1


class TestDaysAfter:
    def test_a_rule_may_speak_after_the_birthday(self, system: System, cast: Cast, clock: MovableClock) -> None:
        with system() as uow:
            a_client(uow, birthday=date(1980, 5, 30))
            a_client(uow, "赵敏", birthday_calendar="lunar", lunar_birthday=504, birthday=None)  # 2025-05-30 as well
            a_rule(uow, source="client.birthday", kinds=[], category="birthday", template="birthday", offsets=[10])
            assert plan(uow) == 2
        clock.advance(timedelta(days=3))
        with system() as uow:
            planner.settle(uow, ZONE)
            assert len(told(uow)) == 2
        clock.advance(timedelta(days=5))
        with system() as uow:
            planner.settle(uow, ZONE)
            assert told(uow) == []

    @pytest.mark.parametrize("source", ["client.anniversary", "contract.starts_on", "client.next_follow_up_on"])
    def test_any_date_may_be_counted_from(self, system: System, cast: Cast, source: str) -> None:
        with system() as uow:
            client = a_client(uow, anniversary=on(-3), next_follow_up_on=on(-3))
            a_policy(uow, client, starts_on=on(-3))
            a_rule(uow, source=source, kinds=["policy"] if source.startswith("contract") else [], category="follow_up",
                   template="follow_up", offsets=[3])
            assert plan(uow) == 1


def test_a_rule_that_takes_effect_or_stops_does_so_at_once(system: System, cast: Cast) -> None:
    with system() as uow:
        a_policy(uow, a_client(uow), ends_on=on(7))
        rule: ReminderRule = a_rule(uow)
        assert planner.bring_in(uow, rule.id, TODAY, ZONE) == planner.Effect(added=1, cancelled=0)
        uow.rules.stop(rule.id, {**rule.as_json(), "enabled": False})
        assert planner.bring_in(uow, rule.id, TODAY, ZONE) == planner.Effect(added=0, cancelled=1)
        assert told(uow) == []
        assert told(uow, "cancelled") == [("lixiang", "ops_rule")]


@pytest.mark.parametrize("how", ["stopped", "changed"])
def test_a_rule_that_is_stopped_or_changed_while_a_plan_runs_is_not_planned_as_it_was(
    system: System, cast: Cast, how: str
) -> None:
    with system() as uow:
        a_policy(uow, a_client(uow), ends_on=on(7))
        rule: ReminderRule = a_rule(uow)
        pieces = [piece for piece in planner.pieces(uow.rules.in_force(), TODAY, TODAY, ZONE) if "ops_rule" in piece.name]
    with system() as uow:
        if how == "stopped":
            uow.rules.stop(rule.id, {**rule.as_json(), "enabled": False})
        else:
            uow.rules.decide(uow.rules.submit(rule.id, {**rule.as_json(), "offsets": [-30]}, "update"), approved=True)
    for piece in pieces:
        with system() as uow:
            piece.work(uow)
    with system() as uow:
        assert told(uow) == []
