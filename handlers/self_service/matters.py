"""What a person must deal with: claims, complaints, surrender, prepayment. The bot takes it in, with the facts."""

from __future__ import annotations

from handlers.contracts.shelf import LOANS, answers_to
from handlers.language import Meaning
from handlers.self_service.contracts import contracts_of, named, policy_text
from handlers.self_service.visit import Visit, answers
from handlers.tickets.closing import MARK as OPEN
from storage.model.values import money_text

MOST_FACTS = 3


@answers("self.claim_howto")
def claim_howto(visit: Visit, meaning: Meaning) -> None:
    visit.say("claim_howto")


@answers("self.claim_report")
def claim_report(visit: Visit, meaning: Meaning) -> None:
    """What happened is kept and told at once."""
    if visit.known is not None:
        visit.uow.interactions.add(visit.known, "note", f"客户报案：{visit.text}")
    visit.give_task(f"报案：{visit.name} 说「{visit.shortly}」，请联系核实")
    visit.hand_over("claim_reported", _facts(visit, meaning, ("policy",)))


@answers("self.claim_status")
def claim_status(visit: Visit, meaning: Meaning) -> None:
    visit.hand_over("claim_status", "客户问理赔进度。")


@answers("self.complaint")
def complaint(visit: Visit, meaning: Meaning) -> None:
    """On record at once, so that nothing is sold to him meanwhile; the manager hears of it as well."""
    if visit.known is not None:
        visit.uow.interactions.add(visit.known, "complaint", visit.text)
        if not visit.known.value(OPEN) and f"client.{OPEN}" in visit.packs.paths:
            visit.known = visit.uow.clients.update(visit.known, **{OPEN: True})
    visit.give_task(f"投诉：{visit.name} 在微信客服说「{visit.shortly}」，请马上回复")
    visit.write_to_manager(f"「{visit.name}」在微信客服投诉：{visit.shortly}")
    visit.hand_over("complained", f"投诉已登记，营销和关怀先不发。处理完请发送「{visit.name} 投诉处理完了」。")


@answers("self.surrender")
def surrender(visit: Visit, meaning: Meaning) -> None:
    """Never decided here: a person talks it over, with the facts before him."""
    visit.give_task(f"退保意向：{visit.name} 说「{visit.shortly}」，请联系")
    visit.hand_over("surrender", _facts(visit, meaning, ("policy",)))


@answers("self.loan_prepay")
def prepay(visit: Visit, meaning: Meaning) -> None:
    visit.give_task(f"提前还款：{visit.name} 说「{visit.shortly}」，请测算后答复")
    visit.hand_over("prepay", _facts(visit, meaning, LOANS))


def _facts(visit: Visit, meaning: Meaning, kinds: tuple[str, ...]) -> str:
    """For the member: the contracts that it may be about."""
    if visit.known is None:
        return ""
    found, said = contracts_of(visit, visit.known, kinds), meaning.get("product")
    found = [c for c in found if said and answers_to(visit.packs, c, str(said))] or found
    lines = [
        policy_text(visit, c) if c.kind == "policy" else
        named(visit, c) + (f"，剩余本金 {money_text(c.balance)}" if c.balance is not None else "")
        for c in found[:MOST_FACTS]
    ]
    return "\n".join(["可能说的是：", *(f"· {line}" for line in lines)]) if lines else ""
