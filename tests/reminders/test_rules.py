"""Each starter rule on its day: what it must find, and the near misses beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select

from config.pack import Condition, Packs, ReminderRule
from reminders.rules import BadRule, compile_rule, selection, would_hit
from reminders.settling import compile_settle
from storage.database import Database, UnitOfWork
from storage.model.accounts import Entry
from storage.model.clock import MovableClock
from storage.model.people import Client
from storage.tables import clients, reminders
from tests.builders import Cast, a_client, a_contract, a_deposit, a_firm, a_loan, a_policy, an_account, months_of
from tests.reminders.conftest import System

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2025, 6, 9)


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


def ago(days: int) -> datetime:
    return datetime(2025, 6, 9, 3, tzinfo=UTC) - timedelta(days=days)


def spoken_to(uow: UnitOfWork, days: int, **values: Any) -> Client:
    client = a_client(uow, **values)
    uow.update(clients, {"id": client.id}, {"last_contact_at": ago(days)})
    return client


def entered(uow: UnitOfWork, days: int, **values: Any) -> Client:
    client = a_client(uow, **values)
    uow.update(clients, {"id": client.id}, {"created_at": ago(days)})
    return client


def a_lease(uow: UnitOfWork, due_on: Sequence[date] = (), **values: Any) -> Any:
    lease = a_contract(uow, a_firm(uow), "lease", **values)
    uow.contracts.add_instalments(
        lease, [{"number": n, "due_on": day, "amount": 3000} for n, day in enumerate(due_on, 1)]
    )
    return lease


Build = Callable[[UnitOfWork], Any]


@dataclass(frozen=True)
class Case:
    rule: str
    hit: Build
    misses: Sequence[Build]


def policy(**values: Any) -> Build:
    return lambda uow: a_policy(uow, a_client(uow), **values)


def loan(**values: Any) -> Build:
    return lambda uow: a_loan(uow, a_client(uow), **values)


def lease(**values: Any) -> Build:
    return lambda uow: a_lease(uow, **values)


def contract(kind: str, **values: Any) -> Build:
    return lambda uow: a_contract(uow, a_client(uow), kind, **values)


def client(**values: Any) -> Build:
    return lambda uow: a_client(uow, **values)


def firm(**values: Any) -> Build:
    return lambda uow: a_firm(uow, **values)


def agrees(to_care: bool, **values: Any) -> Build:
    """A client who first said the opposite and then this."""
    def build(uow: UnitOfWork) -> Client:
        found = a_client(uow, **values)
        for word in (not to_care, to_care):
            uow.consents.record(found, "care", word, channel="card")
        return found
    return build


def silent(days: int, **values: Any) -> Build:
    return lambda uow: spoken_to(uow, days, **values)


def never_spoken_to(days: int, **values: Any) -> Build:
    return lambda uow: entered(uow, days, **values)


def surplus(kind: str = "salary", **nets: int) -> Build:
    """Of an account from which so many thousands were left of each month."""
    def build(uow: UnitOfWork) -> Any:
        account = an_account(uow, a_client(uow), kind)
        months_of(uow, account, nets)
        return account
    return build


def wrote(kind: str, days_ago: int) -> Build:
    return lambda uow: uow.interactions.add(a_client(uow), kind, "…", happened_at=uow.now - timedelta(days=days_ago))


def moved(amount: int, days: int = 0) -> Build:
    def build(uow: UnitOfWork) -> Any:
        account = an_account(uow, a_client(uow))
        uow.accounts.enter(account, [Entry(on(days), Decimal(amount), "transfer", "t")])
        return account
    return build


CASES = [
    Case("salary_surplus", surplus(mar=21, apr=30, may=25), [
        surplus(apr=30, may=25), surplus(feb=30, mar=21, apr=30, may=25), surplus("savings", mar=21, apr=30, may=25),
    ]),
    Case("large_outflow", moved(-500_000), [moved(-499_000), moved(500_000), moved(-500_000, -7)]),
    Case("complaint_follow_up", wrote("complaint", 1), [wrote("complaint", 0), wrote("complaint", 30), wrote("call", 1)]),
    Case("policy_renewal", policy(ends_on=on(7)), [
        policy(ends_on=on(8)), policy(ends_on=on(-1)), policy(ends_on=on(7), state="surrendered"),
        contract("deposit", ends_on=on(7)),
        lambda uow: a_policy(uow, a_client(uow, stage="lost"), ends_on=on(7)),
    ]),
    Case("policy_renewal", policy(ends_on=on(7), product_code="INS-CAR-01"), [
        policy(ends_on=on(7), product_code="INS-CI-01"),
    ]),
    Case("policy_maturity", policy(ends_on=on(7), product_code="INS-CI-01"), [
        policy(ends_on=on(7), product_code="INS-CAR-01"), policy(ends_on=on(7)),
    ]),
    Case("policy_anniversary", policy(starts_on=date(2020, 6, 16), product_code="INS-CI-01"), [
        policy(starts_on=date(2020, 6, 17), product_code="INS-CI-01"), policy(starts_on=date(2020, 6, 16)),
        policy(starts_on=date(2025, 6, 16), product_code="INS-CI-01"),
        policy(starts_on=date(2020, 6, 16), product_code="INS-CI-01", state="surrendered"),
        policy(starts_on=date(2020, 6, 16), product_code="INS-CAR-01"),
    ]),
    Case("policy_renewal", policy(ends_on=on(60)), [policy(ends_on=on(59))]),
    Case("policy_renewal", policy(ends_on=on(0), state="grace"), [policy(ends_on=on(0), state="lapsed")]),
    Case("premium_due", policy(due_on=[on(7)]), [
        policy(due_on=[on(6), on(8)]), policy(due_on=[on(7)], state="suspended"), loan(due_on=[on(7)]),
    ]),
    Case("premium_due", policy(due_on=[on(0)]), [policy(due_on=[on(1)])]),
    Case("premium_in_grace", policy(due_on=[on(-10)], state="grace"), [
        policy(due_on=[on(-11)]), policy(due_on=[on(-10)], state="lapsed"),
    ]),
    Case("premium_before_lapse", policy(due_on=[on(-53)], grace_days=60), [
        policy(due_on=[on(-53)], grace_days=61), policy(due_on=[on(-54)], grace_days=60),
    ]),
    Case("deposit_maturity", contract("deposit", ends_on=on(30)), [
        contract("deposit", ends_on=on(29)), contract("deposit", ends_on=on(30), state="withdrawn"),
        contract("wealth", ends_on=on(30)),
    ]),
    Case("wealth_maturity", contract("wealth", ends_on=on(0)), [contract("deposit", ends_on=on(0))]),
    Case("fund_maturity", contract("fund", ends_on=on(7)), [contract("fund", ends_on=on(7), state="redeemed")]),
    Case("credit_line_maturity", contract("credit_line", ends_on=on(7)), [contract("credit_line", ends_on=on(6))]),
    Case("loan_maturity", loan(ends_on=on(7)), [loan(ends_on=on(7), state="settled")]),
    Case("lease_maturity", lease(ends_on=on(7)), [lease(ends_on=on(7), state="terminated")]),
    Case("loan_repayment", loan(due_on=[on(3)]), [
        loan(due_on=[on(2)]), loan(due_on=[on(3)], state="settled"), policy(due_on=[on(3)]),
        lease(due_on=[on(3)]),
    ]),
    Case("loan_repayment", loan(due_on=[on(1)], state="overdue"), [loan(due_on=[on(4)])]),
    Case("loan_repayment", loan(due_on=[on(0)]), []),
    Case("loan_overdue", loan(due_on=[on(-3)]), [loan(due_on=[on(-2)])]),
    Case("lease_rent_due", lease(due_on=[on(3)]), [lease(due_on=[on(5)]), loan(due_on=[on(3)])]),
    Case("lease_rent_overdue", lease(due_on=[on(-7)]), [lease(due_on=[on(-6)])]),
    Case("birthday", client(birthday=date(1985, 6, 9)), [
        client(birthday=date(1985, 6, 10)), client(birthday=date(1985, 6, 9), stage="lost"),
        client(birthday=date(1985, 6, 9), birthday_calendar="lunar", lunar_birthday=421),
    ]),
    Case("birthday", client(birthday=date(1985, 8, 1), birthday_calendar="lunar", lunar_birthday=514), [
        client(birthday_calendar="lunar", lunar_birthday=515),
        client(birthday=date(1985, 8, 1), lunar_birthday=514),
    ]),
    Case("birthday", client(birthday_calendar="lunar", lunar_birthday=-514), []),
    Case("birthday", agrees(True, birthday=date(1985, 6, 9)), [agrees(False, birthday=date(1985, 6, 9))]),
    Case("follow_up_due", client(next_follow_up_on=on(0)), [client(next_follow_up_on=on(1))]),
    Case("follow_up_due", client(next_follow_up_on=on(0), stage="lost"), []),
    Case("id_document_expiry", client(id_expires_on=on(30)), [
        client(id_expires_on=on(31)), client(id_expires_on=on(30), stage="lost"),
    ]),
    Case("risk_class_expiry", client(risk_class_expires_on=on(0)), [client(id_expires_on=on(0))]),
    Case("licence_expiry", firm(licence_expires_on=on(30)), [firm(licence_expires_on=on(10))]),
    Case("silent_client", silent(30, bank_tier="贵宾"), [
        silent(29, bank_tier="贵宾"), silent(400), silent(40, insurance_tier="黄金"),
        silent(31, bank_tier="贵宾", stage="lost"), never_spoken_to(29, bank_tier="贵宾"),
    ]),
    Case("silent_client", silent(30, insurance_tier="钻石", bank_tier="大众"), [silent(119, bank_tier="大众")]),
    Case("silent_client", never_spoken_to(45, insurance_tier="黄金"), [never_spoken_to(44, insurance_tier="黄金")]),
    Case("silent_client", silent(800, insurance_tier="标准"), []),
]  # fmt: skip


def subject(record: Any) -> int:
    """The client that a built record is about."""
    return int(record.id if isinstance(record, Client) else record.client_id)


def written(uow: UnitOfWork, rule: str) -> list[Any]:
    return list(uow.conn.execute(select(reminders).where(reminders.c.rule == rule).order_by(reminders.c.id)))


def switched_on(rule: ReminderRule) -> ReminderRule:
    """As it works where a firm uses it, though the packs may leave that to the firm."""
    return rule.model_copy(update={"enabled": True})


def run(uow: UnitOfWork, rule: ReminderRule, first: date = TODAY, last: date = TODAY) -> int:
    statement = compile_rule(
        rule, uow.packs, first, last, zone=ZONE, now=uow.now, dialect=uow.conn.dialect.name
    )
    return 0 if statement is None else uow.conn.execute(statement).rowcount


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case.rule}" for n, case in enumerate(CASES)])
def test_each_starter_rule_hits_exactly_what_it_is_for(
    sqlite_database: Database, clock: MovableClock, case: Case
) -> None:
    with sqlite_database.system(clock.now()) as uow:
        uow.users.add("lixiang", "李顾问", "adviser")
        wanted = subject(case.hit(uow))
        for miss in case.misses:
            miss(uow)
        run(uow, switched_on(uow.packs.rule(case.rule)))
        assert [row.client_id for row in written(uow, case.rule)] == [wanted]


def test_every_starter_rule_has_a_case(packs: Packs) -> None:
    assert {rule.id for rule in packs.rules} == {case.rule for case in CASES}


def test_both_engines_find_the_same_rows(system: System, cast: Cast) -> None:
    with system() as uow:
        built = {(case.rule, subject(case.hit(uow))) for case in CASES}
        for rule in uow.packs.rules:
            run(uow, switched_on(rule))
        found = {(row.rule, row.client_id) for row in uow.conn.execute(select(reminders))}
        assert built <= found


class TestARow:
    def test_tells_what_who_and_when(self, system: System, cast: Cast) -> None:
        with system() as uow:
            policy_ = a_policy(uow, a_client(uow), ends_on=on(7))
            run(uow, uow.packs.rule("policy_renewal"))
            (row,) = written(uow, "policy_renewal")
        assert row.key == f"policy_renewal:{policy_.id}:2025-06-16:-7:lixiang"
        assert (row.receiver_id, row.owner_id, row.client_id) == ("lixiang", "lixiang", policy_.client_id)
        assert (row.object_type, row.object_id, row.due_on, row.offset_days) == ("contract", policy_.id, on(7), -7)
        assert row.remind_at == datetime(2025, 6, 9, 0, 30, tzinfo=UTC)
        assert (row.weight, row.timed, row.state, row.data, row.version) == (80, False, "open", {}, 1)
        assert row.created_at == uow.now

    def test_is_read_back_as_a_reminder(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_policy(uow, a_client(uow, "王芳"), ends_on=on(7))
            run(uow, uow.packs.rule("policy_renewal"))
            (reminder,) = uow.reminders.open_until("lixiang", uow.now)
        assert (reminder.client_name, reminder.category, reminder.text) == ("王芳", "renewal", "")

    def test_is_written_once(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_policy(uow, a_client(uow), ends_on=on(7))
            assert [run(uow, uow.packs.rule("policy_renewal")) for _ in range(3)] == [1, 0, 0]

    def test_of_an_adviser_who_left_waits_for_the_colleague_who_takes_over(self, system: System, cast: Cast) -> None:
        with system() as uow:
            client = a_client(uow, owner_id="chenmo")
            a_policy(uow, client, ends_on=on(7))
            uow.users.deactivate(cast.chenmo)
            assert run(uow, uow.packs.rule("policy_renewal")) == 1
            uow.clients.hand_over(client, "lixiang")
            assert [r.client_id for r in uow.reminders.open_until("lixiang", uow.now)] == [client.id]


class TestDays:
    def test_a_stretch_of_days_writes_every_step_once(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_loan(uow, a_client(uow), due_on=[on(0)])
            assert run(uow, uow.packs.rule("loan_repayment"), on(-10), on(0)) == 3
            steps = {(r.offset_days, r.remind_at) for r in written(uow, "loan_repayment")}
        at = datetime(2025, 6, 9, 0, 30, tzinfo=UTC)
        assert steps == {(-3, at - timedelta(days=3)), (-1, at - timedelta(days=1)), (0, at)}

    def test_a_rule_counts_only_between_its_dates(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_policy(uow, a_client(uow), ends_on=on(7))
            rule = uow.packs.rule("policy_renewal")
            assert run(uow, rule.model_copy(update={"valid_from": on(1)})) == 0
            assert run(uow, rule.model_copy(update={"enabled": False})) == 0
            assert run(uow, rule.model_copy(update={"valid_until": TODAY})) == 1

    def test_a_birthday_of_more_than_a_week_ago_is_not_caught_up(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_client(uow, "早", birthday=date(1985, 5, 20))
            late = a_client(uow, "迟", birthday=date(1985, 6, 5))
            run(uow, uow.packs.rule("birthday"), on(-30), TODAY)
            assert [row.client_id for row in written(uow, "birthday")] == [late.id]


class TestSilence:
    def test_is_reminded_of_once_a_step(self, system: System, cast: Cast) -> None:
        with system() as uow:
            spoken_to(uow, 30, bank_tier="贵宾")
            rule = uow.packs.rule("silent_client")
            runs = [run(uow, rule, on(n), on(n)) for n in (0, 1, 29, 30, 31, 60, 61, 400)]
        assert runs == [1, 0, 0, 1, 0, 1, 0, 0]

    def test_an_imported_client_silent_for_a_year_is_found_at_the_last_step_only(
        self, system: System, cast: Cast
    ) -> None:
        with system() as uow:
            spoken_to(uow, 365, bank_tier="贵宾")
            assert run(uow, uow.packs.rule("silent_client")) == 1
            assert [row.offset_days for row in written(uow, "silent_client")] == [60]

    def test_a_contact_begins_a_new_silence(self, system: System, cast: Cast, clock: MovableClock) -> None:
        with system() as uow:
            quiet = spoken_to(uow, 30, bank_tier="贵宾")
            run(uow, uow.packs.rule("silent_client"))
        clock.advance(timedelta(hours=2))
        with system() as uow:
            uow.clients.touch(uow.clients.get(quiet.id))
            rule = uow.packs.rule("silent_client")
            assert len(uow.conn.execute(compile_settle(rule, uow.packs, zone=ZONE, now=uow.now)).all()) == 1
            assert run(uow, rule, on(1), on(1)) == 0
        clock.advance(timedelta(days=30))
        with system() as uow:
            assert run(uow, uow.packs.rule("silent_client"), on(30), on(30)) == 1


class TestConditions:
    def rule(self, packs: Packs, field: str, op: str, value: Any) -> ReminderRule:
        condition = Condition.model_validate({"field": field, "op": op, "value": value})
        return packs.rule("deposit_maturity").model_copy(update={"where": (condition,)})

    @pytest.mark.parametrize(
        ("field", "op", "value", "names"),
        [
            ("contract.amount", ">=", 200_000, {"many"}),
            ("contract.amount", "<=", 199_999.99, {"few"}),
            ("contract.term_months", ">=", 12, {"many"}),
            ("contract.branch", "=", "城东支行", {"many"}),
            ("contract.branch", "not in", ["城东支行"], {"few"}),
            ("client.has_house", "=", True, {"many"}),
            ("client.aum", ">=", 1_000_000, {"many"}),
            ("client.total_assets", ">=", 1_000_000, {"many"}),
            ("client.established_on", "<=", "2020-01-01", {"many"}),
            ("client.next_follow_up_on", ">=", "2025-07-01", {"many"}),
            ("client.last_contact_at", "<=", "2025-06-01", {"many"}),
            ("client.bank_tier", "in", ["私行", "贵宾"], {"many"}),
            ("client.bank_tier", "not in", ["大众"], {"many", "few"}),
            ("product.family", "in", ["存款"], set()),
            ("product.family", "not in", ["存款"], {"many", "few"}),
        ],
    )
    def test_columns_json_fields_and_products_are_compared_by_type(
        self, system: System, cast: Cast, field: str, op: str, value: Any, names: set[str]
    ) -> None:
        with system() as uow:
            rich = a_client(
                uow, "many", bank_tier="贵宾", aum=2_000_000, total_assets=3_000_000, has_house=True,
                established_on=date(2001, 5, 1), next_follow_up_on=date(2025, 7, 1),
            )  # fmt: skip
            uow.update(clients, {"id": rich.id}, {"last_contact_at": ago(20)})
            a_deposit(uow, rich, ends_on=on(7), amount=200_000, term_months=12, branch="城东支行")
            a_deposit(uow, a_client(uow, "few"), ends_on=on(7), amount=9_000, term_months=6)
            run(uow, self.rule(uow.packs, field, op, value))
            found = {uow.clients.get(row.client_id).name for row in written(uow, "deposit_maturity")}
        assert found == names

    def test_a_field_that_the_source_does_not_have_is_named(self, packs: Packs, clock: MovableClock) -> None:
        rule = self.rule(packs, "instalment.amount", ">=", 1)
        with pytest.raises(BadRule, match=r"instalment\.amount"):
            selection(rule, packs, TODAY, TODAY, zone=ZONE, now=clock.now())

    def test_without_a_word_on_states_only_contracts_in_force_count(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_policy(uow, a_client(uow), ends_on=on(7))
            a_policy(uow, a_client(uow), ends_on=on(7), state="surrendered")
            rule = uow.packs.rule("policy_renewal").model_copy(update={"where": ()})
            assert run(uow, rule) == 1

    def test_a_date_in_json_can_be_a_source(self, system: System, cast: Cast) -> None:
        with system() as uow:
            a_contract(uow, a_client(uow), "credit_line", review_on=on(7))
            a_contract(uow, a_client(uow), "credit_line", review_on=on(6))
            rule = uow.packs.rule("credit_line_maturity").model_copy(update={"source": "contract.review_on"})
            assert run(uow, rule) == 1


def test_a_dry_run_counts_and_writes_nothing(system: System, cast: Cast) -> None:
    with system() as uow:
        a_policy(uow, a_client(uow), ends_on=on(7))
        a_policy(uow, a_client(uow), ends_on=on(30))
        assert would_hit(uow, uow.packs.rule("policy_renewal"), TODAY, ZONE) == 2
        assert would_hit(uow, uow.packs.rule("policy_renewal"), on(1), ZONE) == 0
        assert written(uow, "policy_renewal") == []


# Big tables that a rule must never walk through. `users` and the slots are small.
_BIG = ("clients", "contracts", "instalments", "interactions", "reminders")


def test_on_sqlite_every_starter_rule_goes_by_an_index(
    sqlite_database: Database, clock: MovableClock, packs: Packs
) -> None:
    seen: list[tuple[str, Any]] = []
    event.listen(
        sqlite_database.engine, "before_cursor_execute",
        lambda conn, cursor, statement, parameters, context, many: seen.append((statement, parameters)),
    )  # fmt: skip
    with sqlite_database.system(clock.now()) as uow:
        for rule in packs.rules:
            seen.clear()
            run(uow, switched_on(rule))
            (statement, parameters), *_ = [s for s in seen if "INSERT" in s[0]]
            plan = uow.conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [row[3] for row in plan]
            assert [s for s in steps if s.startswith(tuple(f"SCAN {table}" for table in _BIG))] == [], (rule.id, steps)
