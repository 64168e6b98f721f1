"""Versions of what operations set by chat, over what the packs say: reminder rules, the tier standard, the hours of
escalation and of pushes.

A version is written down when it is handed in. It counts once a second person approved it, and until the next one
does. Whatever changes what is in force changes the mark, by which every process sees that it must read again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Select, Table, bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.dictionary import Dictionary
from storage.model.errors import Conflict
from storage.model.ids import new_id, new_token
from storage.model.versions import Act, Version, VersionState
from storage.prepared import Prepared
from storage.repositories.base import Repository
from storage.tables import revisions

B = TypeVar("B")
_MARK = Prepared(select(revisions.c.mark).where(revisions.c.name == bindparam("name")))
DECIDED = "这个版本已经处理过了，请发送「{history}」查看。"
OVERTAKEN = "提交以后，生效的版本已经换了，或{noun}被停用了，这个版本不能再批准。请提交人按现在的{noun}重新提交。"


class VersionRepository(Repository, ABC, Generic[B]):
    """`B` is the whole of what is in force. `mark_name` names its mark in `revisions`, `record` what the audit calls
    a subject, `noun` and `history_words` what people do; the first column after `id` of `table` holds the subject."""

    table: ClassVar[Table]
    subject: ClassVar[str]
    mark_name: ClassVar[str]
    record: ClassVar[str]
    noun: ClassVar[str]
    history_words: ClassVar[str]
    # What was read last, for each dictionary of packs: with the mark that it had then.
    _kept: ClassVar[WeakKeyDictionary[Dictionary, tuple[str, Any]]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls._kept = WeakKeyDictionary()

    @abstractmethod
    def _overlaid(self, versions: Sequence[Version]) -> B:
        """The packs' under the versions that are in force."""

    def _lock(self, subject: str) -> None:
        """Keep others from deciding about a subject until this transaction ends: here, about any."""
        make = postgresql.insert if self.uow.conn.dialect.name == "postgresql" else sqlite.insert
        row = make(revisions).values(name=self.mark_name, mark=new_token())
        self.uow.conn.execute(row.on_conflict_do_nothing())
        query = select(revisions.c.mark).where(revisions.c.name == self.mark_name)
        self.uow.conn.execute(query.with_for_update())

    # ------------------------------------------------------------ what is in force

    def in_force(self) -> B:
        """What is in force at this moment, for every process; costs one look at the mark while nothing changes."""
        found = self.uow.rows(_MARK, {"name": self.mark_name})
        mark = found[0].mark if found else ""
        known = self._kept.get(self.uow.dictionary)
        if known is None or known[0] != mark:
            query = self._versions().where(self.table.c.state == "in_force")
            versions = [self._version(row) for row in self.uow.conn.execute(query)] if mark else []
            known = self._kept[self.uow.dictionary] = (mark, self._overlaid(versions))
        book: B = known[1]
        return book

    # ------------------------------------------------------------ versions

    def history(self, subject: str) -> list[Version]:
        """All versions of a subject, the latest first."""
        query = self._versions().where(self._of(subject)).order_by(None).order_by(self.table.c.version.desc())
        return [self._version(row) for row in self.uow.conn.execute(query)]

    def waiting(self, subject: str) -> Version | None:
        """The version that waits for its second person."""
        return next((version for version in self.history(subject) if version.state == "submitted"), None)

    def all_waiting(self) -> list[Version]:
        """The versions of all subjects that wait for their second person, the oldest first."""
        query = self._versions().where(self.table.c.state == "submitted").order_by(None)
        query = query.order_by(self.table.c.created_at, self.table.c.id)
        return [self._version(row) for row in self.uow.conn.execute(query)]

    def find(self, version_id: int) -> Version | None:
        found = self.uow.conn.execute(self._versions().where(self.table.c.id == version_id)).one_or_none()
        return self._version(found) if found else None

    def submit(
        self, subject: str, body: Mapping[str, Any] | None, act: Act, approver_id: str | None = None
    ) -> Version:
        """Write a version down for approval, by `approver_id` if one was asked. An earlier one that still waits is
        withdrawn."""
        self._lock(subject)
        self._withdraw(subject)
        return self._add(subject, body, act, "submitted", approver_id)

    def decide(self, version: Version, *, approved: bool, reason: str = "") -> Version:
        """Put a version in force in place of the one before, or refuse it.

        Raises Conflict when it was decided, and when what is in force now was not when it was handed in."""
        self._lock(version.subject)
        if approved:
            self._check_not_overtaken(version)
            self._retire(version.subject)
        self._set(version, "in_force" if approved else "rejected", reason)
        if approved:
            self._mark()
        self.uow.audit.record(
            "approve" if approved else "refuse", self.record, version.subject, version=version.version,
            author=version.author_id,
        )
        decided = self.find(version.id)
        assert decided is not None
        return decided

    def take_back(self, version: Version) -> None:
        """Withdraw what the actor handed in himself. Raises Conflict when it was decided."""
        self._lock(version.subject)
        self._set(version, "withdrawn")
        self.uow.audit.record("withdraw", self.record, version.subject, version=version.version)

    # ------------------------------------------------------------ inside

    def _add(
        self, subject: str, body: Mapping[str, Any] | None, act: Act, state: VersionState,
        approver_id: str | None = None,
    ) -> Version:  # fmt: skip
        last = select(func.max(self.table.c.version)).where(self._of(subject))
        version = (self.uow.conn.execute(last).scalar_one() or 0) + 1
        made = {"decided_by": self.uow.actor.user_id, "decided_at": self.uow.now} if state == "in_force" else {}
        row_id = new_id()
        row = {
            "id": row_id, self.subject: subject, "version": version, "state": state, "act": act,
            "body": dict(body) if body is not None else None, "author_id": self.uow.actor.user_id,
            "approver_id": approver_id, "created_at": self.uow.now, **made,
        }  # fmt: skip
        self.uow.conn.execute(insert(self.table).values(row))
        self.uow.audit.record(act, self.record, subject, version=version)
        found = self.find(row_id)
        assert found is not None
        return found

    def _set(self, version: Version, state: VersionState, reason: str = "") -> None:
        decided = update(self.table).where(self.table.c.id == version.id, self.table.c.state == "submitted")
        done = self.uow.conn.execute(decided.values(
            state=state, decided_by=self.uow.actor.user_id, decided_at=self.uow.now,
            reason=self._words(self._place, version.id, reason),
        ))
        if not done.rowcount:
            raise Conflict(DECIDED.format(history=self.history_words))

    def _withdraw(self, subject: str) -> list[Version]:
        waiting = [version for version in self.history(subject) if version.state == "submitted"]
        for version in waiting:
            self._set(version, "withdrawn")
        return waiting

    def _check_not_overtaken(self, version: Version) -> None:
        """One version waits at a time, so what came into force since it was handed in has a higher number."""
        now = next((v for v in self.history(version.subject) if v.state == "in_force"), None)
        if now is not None and now.version > version.version:
            raise Conflict(OVERTAKEN.format(noun=self.noun))

    def _retire(self, subject: str) -> None:
        in_force = (self._of(subject), self.table.c.state == "in_force")
        self.uow.conn.execute(update(self.table).where(*in_force).values(state="retired"))

    def _mark(self) -> None:
        make = postgresql.insert if self.uow.conn.dialect.name == "postgresql" else sqlite.insert
        mark = {"mark": new_token()}
        row = make(revisions).values(name=self.mark_name, **mark)
        self.uow.conn.execute(row.on_conflict_do_update(index_elements=["name"], set_=mark))

    @property
    def _place(self) -> str:
        return f"{self.table.name}.reason"

    def _of(self, subject: str) -> Any:
        return self.table.c[self.subject] == subject

    def _versions(self) -> Select[Any]:
        return select(self.table)

    def _version(self, row: Any) -> Version:
        values = row._asdict()
        reason = self.uow.unseal(self._place, row.id, row.reason) or ""
        return Version(subject=values.pop(self.subject), **{**values, "reason": reason})
