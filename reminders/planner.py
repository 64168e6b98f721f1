"""Planning: all rules over all data, as a handful of statements a rule; nothing is looped over in Python.

`settle` first closes what has no cause any more and opens what has it again, `plan` writes what falls due,
`roll_states` moves contracts whose instalments are overdue or whose time is over. All three may run again at any
time: the second run changes nothing. `pieces` are all three cut into short ones, each for a unit of work of its own,
so that messages are taken and answered while a day is planned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select, update

from config.pack import AT, ROLES_REMINDED, ContractKind, Packs, ReminderRule
from reminders.journeys import bring_up_to_date
from reminders.receivers import handed_over, supervisor_now
from reminders.rule_conditions import are_there
from reminders.rule_faults import apart
from reminders.rules import CAUSE_GONE, RULE_GONE, compile_rule
from reminders.settling import compile_retire, compile_return, compile_settle
from storage.database import UnitOfWork
from storage.model.plans import RENEWED_UNTIL_DAYS
from storage.rules import RuleBook
from storage.tables import clients, contracts, instalments, reminders

# Of the rule itself where it looked at records of another kind before: then few firms have any, and all are looked at.
_REMINDED = select(or_(
    exists().where(reminders.c.object_type == bindparam("record")),
    exists().where(reminders.c.state == "open", reminders.c.rule == bindparam("rule")),
))  # fmt: skip
_OPENED = ("state", "状态", "已取消", "未完成")  # as the trail has every change: name, label, before, after


@dataclass(frozen=True, slots=True)
class Planned:
    """How many new reminders each rule made, by rule id; rules that made none are left out."""

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a day's plan; `work` says how many rows it changed. `name` is unique among the pieces of a plan."""

    kind: Literal["moved", "settled", "added"]
    name: str
    work: Callable[[UnitOfWork], int]


def pieces(book: RuleBook, first: date, last: date, zone: ZoneInfo) -> Iterator[Piece]:
    """What `roll_states`, `settle` and `plan` do, in this order, a piece for each rule and receiver; journeys are
    brought up to date before their steps are settled."""
    yield Piece("moved", "states", partial(roll_states, today=last))
    yield Piece("settled", "owners", _settle_owners)
    yield Piece("moved", "journeys", partial(bring_up_to_date, first=first, last=last, zone=zone))
    for rule in book.enabled_lines:
        work = _of_line(rule.id, _is_reminded_of, partial(_settle_rule, zone=zone))
        yield Piece("settled", f"settle:{rule.id}", work)
    for rule in book.enabled_lines:
        work = _of_line(rule.id, _has_records, partial(_plan_rule, first=first, last=last, zone=zone))
        yield Piece("added", f"rule:{rule.id}", work)


def _of_line(
    line_id: str, is_needed: Callable[[UnitOfWork, ReminderRule], bool], work: Callable[[UnitOfWork, ReminderRule], int]
) -> Callable[[UnitOfWork], int]:
    """A plan takes its time: the line as it is in force by then, and nothing where it was stopped meanwhile."""

    def now(uow: UnitOfWork) -> int:
        line = next((line for line in uow.rules.in_force().enabled_lines if line.id == line_id), None)
        return work(uow, line) if line is not None and is_needed(uow, line) else 0

    return now


def _has_records(uow: UnitOfWork, line: ReminderRule) -> bool:
    return are_there(uow.conn, line.source_record)


def _is_reminded_of(uow: UnitOfWork, line: ReminderRule) -> bool:
    return bool(uow.conn.execute(_REMINDED, {"record": line.source_record, "rule": line.id}).scalar_one())


def plan(uow: UnitOfWork, first: date, last: date, zone: ZoneInfo) -> Planned:
    """Write the reminders of the days `first` to `last` for everybody, those of who comes into a journey on the way
    included. A second run adds nothing.

    Of a stretch of missed days every step is written, and lists show the latest one of each object."""
    lines = uow.rules.in_force().enabled_lines
    bring_up_to_date(uow, first, last, zone)
    added = {rule.id: _plan_rule(uow, rule, first, last, zone) for rule in lines if _has_records(uow, rule)}
    return Planned({rule: count for rule, count in added.items() if count})


@dataclass(frozen=True, slots=True)
class Effect:
    """How many reminders a change of a rule made and cancelled on the spot; `faults` are the ids of its lines that
    could not run."""

    added: int
    cancelled: int
    faults: tuple[str, ...] = ()


def bring_in(uow: UnitOfWork, rule_id: str, today: date, zone: ZoneInfo) -> Effect:
    """Let a rule that was put in force, changed or stopped just now count at once: what it no longer asks for is
    cancelled, what it asks for today is written."""
    book = uow.rules.in_force()
    lines = [line for line in book.enabled_lines if line.id.partition(AT)[0] == rule_id]
    gone = uow.conn.execute(compile_retire([line.id for line in book.enabled_lines], uow.now)).all()
    _note(uow, "cancelled", gone, cause=RULE_GONE)
    faults: list[str] = []
    settled = sum(_settle_rule(uow, line, zone, faults) for line in lines)
    added = sum(_plan_rule(uow, line, today, today, zone, faults) for line in lines)
    return Effect(added, len(gone) + settled, tuple(dict.fromkeys(faults)))


def _plan_rule(
    uow: UnitOfWork, rule: ReminderRule, first: date, last: date, zone: ZoneInfo, faults: list[str] | None = None
) -> int:
    added = 0
    with apart(uow, rule, faults):
        statement = compile_rule(
            rule, uow.packs, first, last, zone=zone, now=uow.now, dialect=uow.conn.dialect.name
        )
        if statement is not None:
            added = max(0, uow.conn.execute(statement).rowcount)
    return added


def settle(uow: UnitOfWork, zone: ZoneInfo) -> int:
    """Bring what was written before up to date; says how many reminders were cancelled.

    Reminders follow a client to a new adviser. Those whose cause or rule is gone are cancelled, and open again
    when it is back."""
    lines = uow.rules.in_force().enabled_lines
    return _settle_owners(uow) + sum(_settle_rule(uow, rule, zone) for rule in lines if _is_reminded_of(uow, rule))


def _settle_owners(uow: UnitOfWork) -> int:
    """What belongs to nobody's rule any more, and what belongs to another adviser now."""
    lines = uow.rules.in_force().enabled_lines
    _follow_clients(uow)
    if any(line.to == "supervisor" for line in lines):
        _follow_supervisors(uow)
    if any(line.role_reminded for line in lines):
        _follow_owners(uow)
    retired = uow.conn.execute(compile_retire([line.id for line in lines], uow.now)).all()
    _note(uow, "cancelled", retired, cause=RULE_GONE)
    return len(retired)


def _settle_rule(uow: UnitOfWork, rule: ReminderRule, zone: ZoneInfo, faults: list[str] | None = None) -> int:
    gone: Sequence[Any] = ()
    with apart(uow, rule, faults):
        back = uow.conn.execute(compile_return(rule, uow.packs, zone=zone, now=uow.now)).all()
        gone = uow.conn.execute(compile_settle(rule, uow.packs, zone=zone, now=uow.now)).all()
        _note(uow, "update", back, fields=[_OPENED])
        _note(uow, "cancelled", gone, cause=CAUSE_GONE)
    return len(gone)


def _note(uow: UnitOfWork, action: str, rows: Iterable[Any], **detail: Any) -> None:
    """Each on the trail of its client."""
    for row in rows:
        uow.audit.record(action, "reminder", row.id, client_id=row.client_id, rule=row.rule, **detail)


def _follow_clients(uow: UnitOfWork) -> None:
    """A client that was given to a colleague takes its open reminders along, unless one was handed to a third."""
    owner = select(clients.c.owner_id).where(clients.c.id == reminders.c.client_id).scalar_subquery()
    uow.conn.execute(
        update(reminders)
        .where(reminders.c.state == "open", reminders.c.client_id.is_not(None), reminders.c.owner_id != owner)
        .where(reminders.c.receiver_id == reminders.c.owner_id)
        .values(owner_id=owner, receiver_id=owner, version=reminders.c.version + 1)
    )


def _follow_supervisors(uow: UnitOfWork) -> None:
    """What a superior is reminded of goes to whoever is the adviser's superior now, unless somebody handed it over."""
    owner = select(clients.c.owner_id).where(clients.c.id == reminders.c.client_id).scalar_subquery()
    uow.conn.execute(
        update(reminders)
        .where(reminders.c.state == "open", reminders.c.rule.endswith(f"{AT}supervisor"))
        .where(reminders.c.receiver_id != supervisor_now(), ~handed_over())
        .values(owner_id=owner, receiver_id=supervisor_now(), version=reminders.c.version + 1)
    )


def _follow_owners(uow: UnitOfWork) -> None:
    """What members of a role are reminded of says whose client it is now."""
    owner = select(clients.c.owner_id).where(clients.c.id == reminders.c.client_id).scalar_subquery()
    uow.conn.execute(
        update(reminders)
        .where(reminders.c.state == "open", or_(*(reminders.c.rule.endswith(f"{AT}{to}") for to in ROLES_REMINDED)))
        .where(reminders.c.owner_id != owner)
        .values(owner_id=owner, version=reminders.c.version + 1)
    )


# ---------------------------------------------------------------- contract states


@dataclass(frozen=True, slots=True)
class Move:
    """Contracts of a kind in state `before` go to `after` when they are among `which`."""

    kind: str
    before: str
    after: str
    which: ColumnElement[bool]


def roll_states(uow: UnitOfWork, today: date) -> int:
    """Move contracts whose instalments are overdue or whose time is over, as far as their kind's states allow;
    how many moved.

    A premium past its day → 宽限期; past the last day of grace → 效力中止 (Insurance Law art. 36; 已失效 where
    a kind has no such state); a repayment past its day → 逾期; past the last day, when a renewal is no longer to
    be noted → 已到期. Each move is audited."""
    moves = [move for kind in uow.packs.kinds for move in _moves_down(kind, uow.packs, today)]
    return sum(_move(uow, move) for move in moves)


def _moves_down(kind: ContractKind, packs: Packs, today: date) -> Sequence[Move]:
    late, past_grace = _late(today), _unpaid(instalments.c.grace_ends_on < today)
    ended = "suspended" if kind.may_move("grace", "suspended") else "lapsed"
    moves = [
        Move(kind.name, "active", ended, past_grace), Move(kind.name, "grace", ended, past_grace),
        Move(kind.name, "active", "grace", late), Move(kind.name, _served(kind), "overdue", late),
        Move(kind.name, "active", "expired", _over(packs, today)),
    ]  # fmt: skip
    return [move for move in moves if kind.may_move(move.before, move.after)]


def _served(kind: ContractKind) -> str:
    """The state in which a kind with an overdue state is paid as agreed."""
    return next((state.name for state in kind.states if "overdue" in state.moves), "")


def _over(packs: Packs, today: date) -> ColumnElement[bool]:
    """Past the last day by more than renewals wait, and than the product's own grace where that is longer."""
    waiting = RENEWED_UNTIL_DAYS
    longer = {p.code: p.grace_days for p in packs.products if p.grace_days and p.grace_days > waiting}
    code, ends_on = contracts.c.product_code, contracts.c.ends_on
    usual = or_(code.is_(None), code.not_in(sorted(longer)))
    return and_(ends_on < today - timedelta(days=waiting), or_(usual, *(
        and_(code == product, ends_on < today - timedelta(days=grace)) for product, grace in longer.items()
    )))  # fmt: skip


def _late(today: date) -> ColumnElement[bool]:
    return _unpaid(instalments.c.due_on < today)


def _unpaid(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    # From the overdue instalments to their contracts: the index on (state, due_on) keeps this small.
    return contracts.c.id.in_(
        select(instalments.c.contract_id).where(instalments.c.state == "due", condition)
    )


def _move(uow: UnitOfWork, move: Move) -> int:
    moved = uow.conn.execute(
        update(contracts)
        .where(contracts.c.kind == move.kind, contracts.c.state == move.before, move.which)
        .values(
            state=move.after, version=contracts.c.version + 1, updated_at=uow.now,
            updated_by=uow.actor.user_id,
        )
        .returning(contracts.c.id, contracts.c.client_id)
    ).all()  # fmt: skip
    kind = uow.packs.kind(move.kind)
    change = ["state", "状态", kind.state_label(move.before), kind.state_label(move.after)]
    for row in moved:
        uow.audit.record("update", "contract", row.id, client_id=row.client_id, fields=[change])
    return len(moved)
