"""Questions about products: facts of the approved shelf, never advice, always with the notice on risk."""

from __future__ import annotations

import re

from config.pack import Product
from handlers.contracts.shelf import products_named
from handlers.language import Meaning
from handlers.self_service.tickets import DEMAND, open_matter
from handlers.self_service.visit import Visit, answers
from reminders.gate_checks import unfit

MOST = 3
_ADVICE = re.compile(  # what to choose is no fact of the shelf
    r"推荐|建议|该买|该不该|要不要|应该|哪(?:个|款|种|家)(?:更|最|比较)?(?:好|合适|划算|适合|强|靠谱|稳)|选哪|买哪|怎么选|适合我|值得|还是"
)
_SHORTEST_NAME = 2


@answers("self.product")
def product(visit: Visit, meaning: Meaning) -> None:
    """What is on the shelf of what was named; whoever wants to be advised gets a person."""
    visit.interested = True
    if _ADVICE.search(visit.text):
        visit.hand_over("advice", f"客户想要推荐或比较产品：{visit.shortly}")
        open_matter(visit, DEMAND, visit.text)
        return
    found = [item for item in _asked_about(visit, meaning) if _may_be_shown(visit, item)][:MOST]
    if not found:
        visit.hand_over("product_which", f"客户想了解产品：{visit.shortly}")
        open_matter(visit, DEMAND, visit.text)
        return
    visit.say("product", facts="\n".join(facts_of(visit, item) for item in found))
    visit.say("risk_notice")
    visit.note(f"客户在了解{'、'.join(item.name for item in found)}，可以跟进。")


def _may_be_shown(visit: Visit, item: Product) -> bool:
    """Of whom it is known who he is, nothing is shown that must not be recommended to him."""
    client = visit.client
    return client is None or item.risk_class is None or not unfit(client, item, visit.today.isoformat())


def _asked_about(visit: Visit, meaning: Meaning) -> list[Product]:
    by_name = [
        item for item in visit.packs.products
        if any(len(name) >= _SHORTEST_NAME and name in visit.text for name in (item.name, *item.synonyms))
    ]
    said = str(meaning.get("product") or "")
    return by_name or (products_named(visit.packs, said) if said else [])


def facts_of(visit: Visit, item: Product) -> str:
    """安康重疾险：重疾险，山岚人寿，犹豫期 15 天，宽限期 60 天"""
    parts = [item.family, item.provider]
    if item.risk_class:
        parts.append(f"风险等级 {item.risk_class}")
    if item.cooling_off_days:
        parts.append(f"犹豫期 {item.cooling_off_days} 天")
    if item.grace_days:
        parts.append(f"缴费宽限期 {item.grace_days} 天")
    if item.term_days:
        parts.append(f"期限 {item.term_days} 天")
    return f"{item.name}：{'，'.join(parts)}"
