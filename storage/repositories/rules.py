"""Rules that operations set: their numbers, their versions, and the book of what is in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.model.versions import Version
from storage.repositories.versions import VersionRepository
from storage.rules import RuleBook, overlaid
from storage.tables import rule_versions, rules


class RuleRepository(VersionRepository[RuleBook]):
    table, subject = rule_versions, "rule_id"
    mark_name, record = "rules", "rule"
    noun, history_words = "规则", "规则历史"

    # ------------------------------------------------------------ numbers

    def numbers(self) -> Mapping[str, int]:
        """The number of every rule by its id; a rule of the packs that has none yet gets the next."""
        known = self._numbers()
        missing = [rule.id for rule in self.uow.packs.rules if rule.id not in known]
        for rule_id in missing:
            self._enter(rule_id)
        return self._numbers() if missing else known

    def id_of(self, number: int) -> str | None:
        """The rule with this number."""
        return next((rule_id for rule_id, its in self.numbers().items() if its == number), None)

    def _numbers(self) -> dict[str, int]:
        found = self.uow.conn.execute(select(rules.c.id, rules.c.number).order_by(rules.c.number))
        return {row.id: row.number for row in found}

    def _enter(self, rule_id: str) -> None:
        """Give a rule the next number, unless it has one. Counted here, because a sequence would leave gaps."""
        make = postgresql.insert if self.uow.conn.dialect.name == "postgresql" else sqlite.insert
        next_one = select(func.coalesce(func.max(rules.c.number), 0) + 1).scalar_subquery()
        row = make(rules).values(number=next_one, id=rule_id, created_at=self.uow.now).on_conflict_do_nothing()
        while rule_id not in self._numbers():  # somebody may have taken the number a moment ago
            self.uow.conn.execute(row)

    # ------------------------------------------------------------ versions

    def stop(self, rule_id: str, body: Mapping[str, Any]) -> tuple[Version, list[Version]]:
        """Put a version in force that needs no second person, because it reminds nobody any more; with it those that
        waited for theirs and are withdrawn, so that no approval undoes the stop unseen."""
        self._lock(rule_id)
        withdrawn = self._withdraw(rule_id)
        self._retire(rule_id)
        stopped = self._add(rule_id, body, "stop", "in_force")
        self._mark()
        return stopped, withdrawn

    # ------------------------------------------------------------ inside

    def _overlaid(self, versions: Sequence[Version]) -> RuleBook:
        return overlaid(self.uow.dictionary, versions)

    def _lock(self, subject: str) -> None:
        """Enter the rule, and keep others from deciding about it until this transaction ends."""
        self.numbers()  # the packs' rules come first
        self._enter(subject)
        self.uow.conn.execute(select(rules.c.number).where(rules.c.id == subject).with_for_update())

    def _versions(self) -> Select[Any]:
        return select(rule_versions).join(rules, rules.c.id == rule_versions.c.rule_id).order_by(rules.c.number)
