"""The shipped reminder rules as somebody would write them by hand for this schema: a statement for each table and date
or event that the rules look at, with every rule of that date in one list of values.

The figure that the planner is held against. It must write the very same reminders: the bench compares the keys,
and when a rule of a pack changes, it changes here too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from bench.plan_data import DAY
from reminders.calendar import LONGEST_KEPT

_INTO = """INSERT INTO reminders (key, rule, category, receiver_id, owner_id, client_id, object_type, object_id,
    due_on, offset_days, remind_at, weight, timed, state, data, snoozed, version, created_at)
"""
_ROW = """r.rule || ':' || {id} || ':' || r.due_on || ':' || r.days || ':' || {owner}, r.rule, r.category, {owner},
    {owner}, {client}, '{type}', {id}, r.due_on, r.days, {remind_at}, r.weight, {false}, 'open', {empty}, 0, 1, {now}"""
_END = "\nON CONFLICT (key) DO NOTHING"

_LONG_TERM = "('重疾险', '定期寿险', '增额终身寿', '年金险', '养老险', '教育金')"
_CONTRACT_ENDS = (
    "contract", "k.id", "k.owner_id", "k.client_id",
    f"""JOIN contracts k ON k.ends_on = r.due_on AND k.kind = r.kind AND k.state IN (r.one, r.two)
    JOIN clients c ON c.id = k.client_id AND c.stage <> 'lost'
    WHERE CASE r.rule
        WHEN 'policy_renewal' THEN (k.renewal_intent IS NULL OR k.renewal_intent <> 'none')
            AND (k.product_code IS NULL
                 OR k.product_code NOT IN (SELECT code FROM products WHERE family IN {_LONG_TERM}))
        WHEN 'policy_maturity' THEN k.product_code IN (SELECT code FROM products WHERE family IN {_LONG_TERM})
        ELSE 1 = 1 END""",
)  # fmt: skip
_CONTRACT_BEGAN = (
    "contract", "k.id", "k.owner_id", "k.client_id",
    f"""JOIN contracts k ON k.starts_on IN ({{years}}) AND k.kind = r.kind AND k.state IN (r.one, r.two)
    JOIN clients c ON c.id = k.client_id AND c.stage <> 'lost'
    WHERE k.product_code IN (SELECT code FROM products WHERE family IN {_LONG_TERM})""",
)
_INSTALMENT_DUE = (
    "instalment", "i.id", "i.owner_id", "i.client_id",
    """JOIN instalments i ON i.state = 'due' AND i.{column} = r.due_on
    JOIN contracts k ON k.id = i.contract_id AND k.kind = r.kind AND k.state IN (r.one, r.two) WHERE 1 = 1""",
)
_CLIENT_DATE = (
    "client", "c.id", "c.owner_id", "c.id",
    """JOIN clients c ON c.{column} = r.due_on AND {condition} WHERE 1 = 1""",
)
_BIRTHDAY = (
    "client", "c.id", "c.owner_id", "c.id",
    """JOIN clients c ON c.{column} IN {codes} AND c.kind = 'individual' AND c.stage <> 'lost' AND {calendar}
    WHERE COALESCE((SELECT s.granted FROM consents s WHERE s.client_id = c.id AND s.purpose = 'care'
                    ORDER BY s.at DESC, s.id DESC LIMIT 1), {true})""",
)
_TIER_DAYS = """CASE WHEN c.bank_tier = '私行' THEN 15 WHEN c.bank_tier = '贵宾' THEN 30
    WHEN c.insurance_tier = '钻石' THEN 30 WHEN c.insurance_tier = '黄金' THEN 45 WHEN c.bank_tier = '优质' THEN 60
    WHEN c.insurance_tier = '白银' THEN 90 WHEN c.bank_tier = '大众' THEN 120
    WHEN c.insurance_tier = '标准' THEN 180 END"""
_SILENT = (
    "client", "c.id", "c.owner_id", "c.id",
    f"""JOIN clients c ON {{since}} < {{outermost}} AND r.kind = {_TIER_DAYS}
        AND {{since}} < r.latest AND {{since}} >= r.earliest {{only}} AND c.stage <> 'lost'
    WHERE NOT EXISTS (SELECT 1 FROM reminders t WHERE t.object_type = 'client' AND t.object_id = c.id
        AND t.rule = r.rule AND t.offset_days >= r.days AND t.created_at >= {{since}})""",
)

_CALLED = """c.stage <> 'lost' AND COALESCE({limit}, '') NOT IN ('restricted', 'deceased')"""
_IN_USE = "a.state = 'open' AND a.currency = 'CNY'"
_SURPLUS = (
    "account", "a.id", "a.owner_id", "a.client_id",
    f"""JOIN account_months m ON m.month = r.month AND m.net > 2000000
    JOIN accounts a ON a.id = m.account_id AND a.kind = 'salary' AND {_IN_USE}
    JOIN clients c ON c.id = a.client_id AND {_CALLED}
    WHERE (SELECT COUNT(*) FROM account_months e WHERE e.account_id = m.account_id
           AND e.month BETWEEN m.month - 2 AND m.month - 1 AND e.net > 2000000) = 2
        AND NOT EXISTS (SELECT 1 FROM account_months e WHERE e.account_id = m.account_id
                        AND e.month = m.month - 3 AND e.net > 2000000)""",
)  # fmt: skip
_OUTFLOW = (
    "transaction", "t.id", "t.owner_id", "t.client_id",
    f"""JOIN transactions t ON t.happened_on = r.due_on AND t.amount <= -50000000
    JOIN accounts a ON a.id = t.account_id AND a.currency = 'CNY'
    JOIN clients c ON c.id = t.client_id AND {_CALLED} WHERE 1 = 1""",
)

_ENDS = [
    ("loan_maturity", "maturity", 70, "loan", "repaying", "overdue", (-30, -7, 0)),
    ("credit_line_maturity", "maturity", 75, "credit_line", "active", "frozen", (-30, -7, 0)),
    ("deposit_maturity", "maturity", 70, "deposit", "active", "matured", (-30, -7, 0)),
    ("wealth_maturity", "maturity", 70, "wealth", "active", "matured", (-30, -7, 0)),
    ("policy_renewal", "renewal", 80, "policy", "active", "grace", (-60, -30, -7, -1, 0)),
    ("policy_maturity", "maturity", 65, "policy", "active", "grace", (-30, -7, 0)),
    ("fund_maturity", "maturity", 70, "fund", "active", "matured", (-30, -7, 0)),
    ("lease_maturity", "maturity", 70, "lease", "active", "overdue", (-30, -7, 0)),
]
_DUE = [
    ("loan_repayment", "repayment", 75, "loan", "repaying", "overdue", (-3, -1, 0)),
    ("loan_overdue", "repayment", 90, "loan", "repaying", "overdue", (1, 3, 7, 15)),
    ("premium_due", "premium", 75, "policy", "active", "grace", (-7, 0)),
    ("premium_in_grace", "premium", 85, "policy", "active", "grace", (10, 30, 50)),
    ("lease_rent_due", "repayment", 75, "lease", "active", "overdue", (-3, -1, 0)),
    ("lease_rent_overdue", "repayment", 90, "lease", "active", "overdue", (1, 3, 7, 15)),
]
_LAPSING = [("premium_before_lapse", "premium", 95, "policy", "active", "grace", (-7, -1))]
_ANNIVERSARY = ("policy_anniversary", "anniversary", 30, "policy", "active", "grace", (-7,))
_ON_CLIENTS = [
    ("next_follow_up_on", "1 = 1", ("follow_up_due", "follow_up", 70, (0,))),
    ("id_expires_on", "c.stage <> 'lost'", ("id_document_expiry", "expiry", 50, (-30, 0))),
    ("risk_class_expires_on", "c.stage <> 'lost'", ("risk_class_expiry", "expiry", 55, (-30, 0))),
    ("licence_expires_on", "c.stage <> 'lost' AND c.kind = 'enterprise'", ("licence_expiry", "expiry", 50, (-30, 0))),
]
_STEPS = ((0, 30), (30, 60), (60, 100_000))
_TIERS = (15, 30, 45, 60, 90, 120, 180)


class BarePlan:
    """The statements for one day; `run` executes them on the driver's own cursor."""

    def __init__(self, *, postgres: bool, now: datetime) -> None:
        self._postgres = postgres
        self._words = {
            "true": "TRUE" if postgres else "1",
            "false": "FALSE" if postgres else "0", "empty": "'{}'::jsonb" if postgres else "'{}'",
            "limit": "c.attrs->>'contact_limit'" if postgres else "json_extract(c.attrs, '$.contact_limit')",
            "now": self._at(now), "remind_at": self._at(_shanghai(DAY, time(8, 30))),
        }  # fmt: skip
        self.statements = list(self._all())

    def run(self, cursor: Any) -> None:
        """Write the day's reminders; the caller commits."""
        for statement in self.statements:
            cursor.execute(statement)

    def _all(self) -> Iterator[str]:
        yield self._statement(_CONTRACT_ENDS, self._rules(_ENDS))
        years = ", ".join(self._day(date(year, 6, 16)) for year in range(DAY.year - 1, DAY.year - 1 - LONGEST_KEPT, -1))
        yield self._statement(_CONTRACT_BEGAN, self._rules([_ANNIVERSARY]), years=years)
        yield self._statement(_INSTALMENT_DUE, self._rules(_DUE), column="due_on")
        yield self._statement(_INSTALMENT_DUE, self._rules(_LAPSING), column="grace_ends_on")
        for column, condition, (rule, category, weight, days) in _ON_CLIENTS:
            listed = self._rules([(rule, category, weight, "", "", "", days)])
            yield self._statement(_CLIENT_DATE, listed, column=column, condition=condition)
        birthday = self._rules([("birthday", "birthday", 60, "", "", "", (0,))])
        by_sun = "(c.birthday_calendar = 'solar' OR c.lunar_birthday IS NULL)"
        yield self._statement(_BIRTHDAY, birthday, column="birth_day", codes="(609)", calendar=by_sun)
        by_moon = "c.birthday_calendar = 'lunar'"
        yield self._statement(_BIRTHDAY, birthday, column="lunar_birthday", codes="(514, -514)", calendar=by_moon)
        outermost = self._at(_shanghai(DAY - timedelta(days=min(_TIERS) - 1)))
        yield self._statement(_SILENT, self._silences(), since="c.last_contact_at", only="", outermost=outermost)
        yield self._statement(_SURPLUS, self._events("salary_surplus", 85, [DAY.replace(day=1)]))
        week = [DAY - timedelta(days=back) for back in range(7)]
        yield self._statement(_OUTFLOW, self._events("large_outflow", 88, week))
        never = "AND c.last_contact_at IS NULL"
        yield self._statement(_SILENT, self._silences(), since="c.created_at", only=never, outermost=outermost)

    def _statement(self, source: tuple[str, str, str, str, str], rules: str, **words: str) -> str:
        kind, id_column, owner, client, joins = source
        known = self._words | words | {"type": kind, "id": id_column, "owner": owner, "client": client}
        return f"{_INTO}{rules}\nSELECT {_ROW.format(**known)}\nFROM r {joins.format(**known)}{_END}"

    def _rules(self, rules: Iterable[tuple[str, str, int, str, str, str, tuple[int, ...]]]) -> str:
        rows = [
            f"('{rule}', '{category}', {weight}, '{kind}', '{one}', '{two}', {days}, "
            f"{self._day(DAY - timedelta(days=days))})"
            for rule, category, weight, kind, one, two, offsets in rules for days in offsets
        ]  # fmt: skip
        return f"WITH r(rule, category, weight, kind, one, two, days, due_on) AS (VALUES {', '.join(rows)})"

    def _events(self, rule: str, weight: int, days: Iterable[date]) -> str:
        """Of each day on which it may have happened, and the month before that, as the sums of months count."""
        rows = [f"('{rule}', 'event', {weight}, 0, {self._day(day)}, {day.year * 12 + day.month - 2})" for day in days]
        return f"WITH r(rule, category, weight, days, due_on, month) AS (VALUES {', '.join(rows)})"

    def _silences(self) -> str:
        rows = [
            f"('silent_client', 'silence', 40, {tier}, {days}, {self._day(DAY - timedelta(days=days))}, "
            f"{self._silent_for(tier + days)}, {self._silent_for(tier + further)})"
            for tier in _TIERS for days, further in _STEPS
        ]  # fmt: skip
        return (
            "WITH r(rule, category, weight, kind, days, due_on, latest, earliest) AS "
            f"(VALUES {', '.join(rows)})"
        )

    def _silent_for(self, days: int) -> str:
        return self._at(_shanghai(DAY - timedelta(days=days - 1)))

    def _day(self, day: date) -> str:
        return f"DATE '{day}'" if self._postgres else f"'{day}'"

    def _at(self, at: datetime) -> str:
        return f"TIMESTAMPTZ '{at}+00'" if self._postgres else f"'{at:%Y-%m-%d %H:%M:%S}.000000'"


def _shanghai(day: date, at: time = time()) -> datetime:
    """The instant in UTC, without zone: Shanghai is 8 hours ahead and knows no summer time."""
    return datetime.combine(day, at) - timedelta(hours=8)
