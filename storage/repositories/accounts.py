"""Accounts, their transactions and the sums of each month. Written by a sync or an import, read by everybody else.

Who reads for a person writes the read on the trail (`uow.audit.read`), as for all records of a client."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.model.accounts import KEPT, Account, Entry, Flow, MonthSum, Transaction, month_number
from storage.model.errors import Conflict
from storage.model.ids import new_id
from storage.model.people import Client
from storage.repositories.base import Repository
from storage.tables import account_months, accounts, transactions

TAIL = 4
CENT = Decimal("0.01")
AT_ONCE = 1000  # references that one statement asks for
TAKEN_IN = KEPT - timedelta(days=2)  # wherever the day began first, nothing so young was forgotten
ANOTHERS = "尾号 {tail} 的账户登记在另一位客户名下，没有改动。请核对账号和客户。"
_ACCOUNT = [accounts.c[name] for name in Account.__slots__]
_TRANSACTION = [transactions.c[name] for name in Transaction.__slots__]
_MONTH = [account_months.c[name] for name in MonthSum.__slots__]


class AccountRepository(Repository):
    def put(
        self, client: Client, number: str, kind: str, *, state: str = "open", currency: str = "CNY",
        balance: Decimal | None = None, opened_on: date | None = None,
    ) -> Account:
        """Enter an account, or bring the one with this number up to date. Raises Conflict when it is another
        client's."""
        number = "".join(number.split()).replace("-", "").upper()
        mark = self.uow.vault.blind("account_number", number)
        values = {"kind": kind, "state": state, "currency": currency, "balance": balance, "opened_on": opened_on,
                  "updated_at": self.uow.now}  # fmt: skip
        known = select(accounts.c.id, accounts.c.client_id).where(accounts.c.number_index == mark)
        found = self.uow.conn.execute(known).one_or_none()
        if found is not None and found.client_id != client.id:
            raise Conflict(ANOTHERS.format(tail=number[-TAIL:]))
        if found is None:
            account_id = new_id()
            self.uow.conn.execute(insert(accounts).values(
                id=account_id, client_id=client.id, owner_id=client.owner_id, number_tail=number[-TAIL:],
                number_index=mark, **values,
            ))
        else:
            account_id = found.id
            self.uow.conn.execute(update(accounts).where(accounts.c.id == account_id).values(**values))
        self.uow.audit.record("create" if found is None else "update", "account", account_id, client_id=client.id)
        row: Any = self.uow.conn.execute(select(*_ACCOUNT).where(accounts.c.id == account_id)).one()
        return Account(*row)

    def enter(self, account: Account, entries: Iterable[Entry]) -> int:
        """Enter what is not on record yet, put right what is told otherwise than before, and bring the sums of the
        months to it; how many entries were new or put right.

        What is so old that it may have been forgotten is passed over: it would be added to its month again."""
        since = self.uow.now.date() - TAKEN_IN
        told = {e.reference: replace(e, amount=e.amount.quantize(CENT)) for e in entries if e.happened_on >= since}
        if not told:
            return 0
        # One sync at a time: two that put the same entry right would move its month twice.
        self.uow.conn.execute(select(accounts.c.id).where(accounts.c.id == account.id).with_for_update())
        known = self._known(account, list(told))
        wrong = [(row_id, old, told[old.reference]) for row_id, old in known if old != told[old.reference]]
        on_record = {old.reference for _, old in known}
        new = [entry for reference, entry in told.items() if reference not in on_record]
        self._put_right(wrong)
        if new:
            self.uow.conn.execute(insert(transactions), [self._row(account, entry) for entry in new])
        self._add_up(account, [*new, *(right for *_, right in wrong)], [old for _, old, _ in wrong])
        self.uow.audit.record(
            "import", "account", account.id, client_id=account.client_id, entries=len(new), corrected=len(wrong)
        )
        return len(new) + len(wrong)

    def _known(self, account: Account, references: Sequence[str]) -> list[tuple[int, Entry]]:
        c, found = transactions.c, list[tuple[int, Entry]]()
        for first in range(0, len(references), AT_ONCE):
            of_these = (c.account_id == account.id, c.reference.in_(references[first : first + AT_ONCE]))
            rows = self.uow.conn.execute(select(c.id, *(c[name] for name in Entry.__slots__)).where(*of_these))
            found += [(row.id, Entry(*row[1:])) for row in rows]
        return found

    def _row(self, account: Account, entry: Entry) -> dict[str, Any]:
        return {
            "id": new_id(), "account_id": account.id, "client_id": account.client_id, "owner_id": account.owner_id,
            "happened_on": entry.happened_on, "amount": entry.amount, "category": entry.category,
            "reference": entry.reference,
        }  # fmt: skip

    def _put_right(self, wrong: Sequence[tuple[int, Entry, Entry]]) -> None:
        for row_id, _, right in wrong:
            values = {"happened_on": right.happened_on, "amount": right.amount, "category": right.category}
            self.uow.conn.execute(update(transactions).where(transactions.c.id == row_id).values(**values))

    def _add_up(self, account: Account, added: Iterable[Entry], taken: Iterable[Entry]) -> None:
        sums: dict[int, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for sign, entries in ((1, added), (-1, taken)):
            for entry in entries:
                sums[month_number(entry.happened_on)][entry.amount < 0] += sign * abs(entry.amount)
        c, statement = account_months.c, self._insert(account_months)
        more = statement.excluded
        grown = statement.on_conflict_do_update(index_elements=["account_id", "month"], set_={
            name: c[name] + more[name] for name in ("money_in", "money_out", "net")
        })  # fmt: skip
        if sums:
            self.uow.conn.execute(grown, [
                {"account_id": account.id, "month": month, "owner_id": account.owner_id, "money_in": came,
                 "money_out": went, "net": came - went}
                for month, (came, went) in sums.items()
            ])  # fmt: skip

    def _insert(self, table: Any) -> Any:
        return (postgresql.insert if self.uow.conn.dialect.name == "postgresql" else sqlite.insert)(table)

    # ------------------------------------------------------------ reading

    def of_client(self, client_id: int) -> list[Account]:
        """The accounts of a client in scope, those that are open first, the oldest first."""
        query = select(*_ACCOUNT).where(accounts.c.client_id == client_id, self.mine(accounts))
        found: Any = self.uow.execute(query.order_by(accounts.c.opened_on, accounts.c.id))
        return sorted((Account(*row) for row in found), key=lambda account: account.state != "open")

    def flows(self, client_id: int, first: date, last: date) -> list[Flow]:
        """What came in and went out from `first` to `last`, by currency and category, the largest first."""
        incoming = (transactions.c.amount > 0).label("incoming")
        total = func.sum(transactions.c.amount).label("total")
        query = (
            select(accounts.c.currency, transactions.c.category, incoming, total, func.count())
            .join(accounts, accounts.c.id == transactions.c.account_id)
            .where(*self._between(client_id, first, last))
            .group_by(accounts.c.currency, transactions.c.category, incoming)
        )
        found: Any = self.uow.execute(query)
        flows = [Flow(currency, category, bool(into), Decimal(sum_), n) for currency, category, into, sum_, n in found]
        return sorted(flows, key=lambda flow: -abs(flow.total))

    def largest(self, client_id: int, first: date, last: date, most: int) -> list[Transaction]:
        """The largest transactions from `first` to `last`, in or out."""
        query = select(*_TRANSACTION).where(*self._between(client_id, first, last))
        return self._read(query.order_by(func.abs(transactions.c.amount).desc(), transactions.c.id).limit(most))

    def _between(self, client_id: int, first: date, last: date) -> Sequence[ColumnElement[bool]]:
        c = transactions.c
        return (c.client_id == client_id, c.happened_on.between(first, last), self.mine(transactions))

    def _read(self, query: Select[Any]) -> list[Transaction]:
        found: Any = self.uow.execute(query)
        return [Transaction(*row) for row in found]

    def months(self, account_ids: Collection[int], since: int) -> list[MonthSum]:
        """The sums of accounts in scope from a month on (`month_number`), oldest first."""
        query = select(*_MONTH).where(
            account_months.c.account_id.in_(list(account_ids)), account_months.c.month >= since,
            self.mine(account_months),
        )
        found: Any = self.uow.execute(query.order_by(account_months.c.month, account_months.c.account_id))
        return [MonthSum(*row) for row in found]

    # ------------------------------------------------------------ keeping

    def forget(self, day: date) -> int:
        """Transactions from before `day` and the sums of months that ended two years before it; how many rows."""
        old = delete(transactions).where(transactions.c.happened_on < day)
        sums = delete(account_months).where(account_months.c.month < month_number(day) - 24)
        return self.uow.conn.execute(old).rowcount + self.uow.conn.execute(sums).rowcount
