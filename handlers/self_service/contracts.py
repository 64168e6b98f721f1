"""A client's own policies, holdings and loans, and what is to be paid next. Numbers show their tail only.

Of a policy on which he is only insured or to benefit, it is for the holder to ask."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import cast

from handlers.contracts.describing import left_text
from handlers.contracts.shelf import HOLDINGS, LOANS, answers_to
from handlers.language import Meaning, When
from handlers.self_service.visit import Visit, answers, in_charge_of
from storage.model.contracts import Contract, Instalment
from storage.model.people import Client
from storage.model.values import money_text, percent_text

MOST_LINES = 6
_PER = {"annual": "每年", "semiannual": "每半年", "quarterly": "每季", "monthly": "每月"}
# An adult's own, though what is on record of the client himself may be for that one (我给我妈买的保单).
_SOMEBODY_ELSE_S = re.compile(
    r"(?<!给)(?:我|俺|咱)(?:的|们)?(?:老公|老婆|先生|太太|爱人|对象|男朋友|女朋友|爸爸?|妈妈?|父亲|母亲|父母|爷爷|奶奶|外公|外婆|姥姥|姥爷|岳父|岳母|"
    r"公公|婆婆|哥哥?|姐姐?|弟弟?|妹妹?|兄弟|姐妹|朋友|同事|邻居|亲戚)(?:的|名下|那[份个笔张])"
)
# What is not on record, or only a person should say.
_FOR_A_PERSON = frozenset({"cash_value", "profit", "units"})


@answers("self.policy", personal=True)
def policies(visit: Visit, meaning: Meaning) -> None:
    """What is insured, for how much, what it costs, and until when."""
    _show(visit, meaning, ("policy",), "保单", _policy_line)


@answers("self.holding", personal=True)
def holdings(visit: Visit, meaning: Meaning) -> None:
    """Deposits, wealth products and funds, with the days they mature."""
    _show(visit, meaning, HOLDINGS, "存款、理财或基金", _holding_line)


@answers("self.loan_status", personal=True)
def loans(visit: Visit, meaning: Meaning) -> None:
    """What is to be paid next, or in the time that was asked about, and what is still owed."""
    _show(visit, meaning, LOANS, "贷款", _loan_line)


@answers("self.payment", personal=True)
def payments(visit: Visit, meaning: Meaning) -> None:
    """The next premium or repayment of each contract."""
    _show(visit, meaning, ("policy", *LOANS), "要缴费的合同", _payment_line)


# ---------------------------------------------------------------- which


def contracts_of(visit: Visit, client: Client, kinds: Collection[str]) -> list[Contract]:
    """The open contracts of a client and of the minors he answers for, the one that ends first in front."""
    people = in_charge_of(visit, client)
    found = [
        contract for person in people for contract in visit.uow.contracts.of_client(person.id, kinds)
        if contract.client_id == person.id and contract.state in visit.packs.kind(contract.kind).open_states
    ]
    return sorted(found, key=lambda c: (c.ends_on is None, c.ends_on or visit.today, c.id))


Line = Callable[[Visit, Meaning, Contract, Sequence[Instalment]], str]


def _show(visit: Visit, meaning: Meaning, kinds: Collection[str], what: str, line: Line) -> None:
    client = cast(Client, visit.client)
    if _SOMEBODY_ELSE_S.search(visit.text):
        visit.say("others")
    found = contracts_of(visit, client, kinds)
    if said := meaning.get("product"):
        found = [c for c in found if answers_to(visit.packs, c, str(said))] or found
    if not found:
        visit.say("nothing_found", what=what)
        return
    parts = _unpaid(visit, found)
    lines = [text for c in found if (text := line(visit, meaning, c, parts[c.id]))]
    if not lines:
        visit.say("nothing_found", what="要缴的款项")
        return
    more = [f"……共 {len(lines)} 项，其余请发送「转人工」。"] if len(lines) > MOST_LINES else []
    visit.tell("\n".join([f"您名下的{visit.packs.kind(found[0].kind).label if len(kinds) == 1 else what}：",
                          *(f"· {text}" for text in lines[:MOST_LINES]), *more]))
    if meaning.get("field") in _FOR_A_PERSON:
        visit.hand_over("to_person", f"客户问的这一项系统里不能直接答：{visit.shortly}")


def _unpaid(visit: Visit, found: Sequence[Contract]) -> Mapping[int, list[Instalment]]:
    due: dict[int, list[Instalment]] = {c.id: [] for c in found}
    for part in visit.uow.contracts.instalments(list(due)):
        if part.state == "due":
            due[part.contract_id].append(part)
    return {contract_id: sorted(parts, key=lambda p: p.due_on) for contract_id, parts in due.items()}


# ---------------------------------------------------------------- in words


def named(visit: Visit, contract: Contract) -> str:
    """康佑重疾险（尾号 1234）"""
    tail = f"（尾号 {contract.number_tail}）" if contract.number_tail else ""
    return f"{contract.product_name or visit.packs.kind(contract.kind).label}{tail}"


def policy_text(visit: Visit, contract: Contract) -> str:
    """All that matters of a policy in one line."""
    kind = visit.packs.kind(contract.kind)
    parts = [named(visit, contract), kind.state_label(contract.state)]
    if contract.amount is not None:
        parts.append(f"保额 {money_text(contract.amount)}")
    if contract.premium is not None:
        parts.append(f"保费{_PER.get(contract.pay_mode or '', '')} {money_text(contract.premium)}")
    return "，".join([*parts, _until(visit, contract, kind.ends_on_label)])


def _until(visit: Visit, contract: Contract, label: str) -> str:
    if contract.ends_on is None:
        return "长期有效"
    return f"{label} {contract.ends_on}（{left_text(contract.ends_on, visit.today)}）"


def _policy_line(visit: Visit, meaning: Meaning, contract: Contract, unpaid: Sequence[Instalment]) -> str:
    if meaning.get("field") == "beneficiary":
        people = [p for p in visit.uow.contracts.parties([contract.id]) if p.role == "beneficiary"]
        return f"{named(visit, contract)}，受益人 {'、'.join(p.name for p in people) or '没有登记'}"
    return policy_text(visit, contract)


def _holding_line(visit: Visit, meaning: Meaning, contract: Contract, unpaid: Sequence[Instalment]) -> str:
    value = contract.balance if contract.balance is not None else contract.amount
    parts = [named(visit, contract), *([f"金额 {money_text(value)}"] if value is not None else [])]
    if contract.rate_percent is not None and contract.kind != "fund":
        parts.append(f"年利率 {percent_text(contract.rate_percent)}")
    if contract.ends_on is not None:
        parts.append(_until(visit, contract, visit.packs.kind(contract.kind).ends_on_label))
    return "，".join(parts)


def _loan_line(visit: Visit, meaning: Meaning, contract: Contract, unpaid: Sequence[Instalment]) -> str:
    parts = [named(visit, contract), *_due_texts(visit, meaning, unpaid)]
    if contract.balance is not None:
        parts.append(f"剩余本金 {money_text(contract.balance)}")
    return "，".join([*parts, f"还剩 {len(unpaid)} 期"] if unpaid else parts)


def _due_texts(visit: Visit, meaning: Meaning, unpaid: Sequence[Instalment]) -> list[str]:
    """What is overdue, and what is due in the time asked about, else next."""
    asked = meaning.get("range")
    overdue = [p for p in unpaid if p.is_overdue(visit.today)]
    if isinstance(asked, When) and asked.problem is None:
        wanted = [p for p in unpaid if asked.date <= p.due_on <= asked.last_date]
        said = [_due(p, visit.today) for p in wanted if p not in overdue] or [f"{asked.text}没有要还的"]
    else:
        said = [_due(p, visit.today) for p in unpaid if p not in overdue][:1]
    return [*(_due(p, visit.today) for p in overdue[:2]), *said]


def _payment_line(visit: Visit, meaning: Meaning, contract: Contract, unpaid: Sequence[Instalment]) -> str:
    return f"{named(visit, contract)}，{_due(unpaid[0], visit.today)}" if unpaid else ""


def _due(part: Instalment, today: date) -> str:
    """2025-07-10 应缴 8,600 元（还有 31 天）"""
    if not part.is_overdue(today):
        return f"{part.due_on} 应缴 {money_text(part.amount)}（{left_text(part.due_on, today)}）"
    late = f"{part.due_on} 应缴的 {money_text(part.amount)} 已过 {(today - part.due_on).days} 天"
    return f"{late}，宽限期到 {part.grace_ends_on}" if part.is_in_grace(today) else late
