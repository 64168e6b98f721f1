"""What the words of a customer hint at where nothing else was read out of them, not even with words typed by their sound.

Only ever what is looked up or who is fetched: a complaint, a change or a report of a loss is never guessed."""

from __future__ import annotations

from handlers.language.intents.customers import FILLS
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import Lazy, lazy
from handlers.language.sentence import Sentence

_LONGEST = 80  # characters; who tells more than that is not answered by a hint
_HINTS: tuple[tuple[str, Lazy], ...] = (
    ("self.human", lazy(r"人工|真人|客服|顾问|业务员|联系我|打给我|回我电话|找人|叫人|你们(?:的)?人(?!寿)")),
    ("self.document", lazy(r"证明|发票|流水|回执|扫描|复印|打印|电子版|单证|盖章|表格")),
    ("self.claim_howto", lazy(r"(?:怎么|咋|如何|能|可以|要|有没有)[^,。]{0,10}(?:报销|赔)|社保|医保|自费|(?:门诊|住院|医药|手术)费")),
    ("self.claim_status", lazy(r"案子|赔|查勘|定损|核赔|[初复终]审|(?:材料|单子|单据)[^,。]{0,8}(?:审|交|收)")),
    ("self.loan_status", lazy(r"贷|借(?!口|你吉言)|月供|欠|还款|利率")),
    ("self.product", lazy(r"(?:想|要|打算|准备|适合|值得)[^,。]{0,6}(?:买|投|存|配)|推荐|理财产品|收益率|起投")),
    ("self.payment", lazy(r"[交缴扣](?:钱|费|款|过|上|了|的|不)|没[交缴扣]|保费|付款")),
    ("self.holding", lazy(r"理财|基金|存款|存单|定期|账户里|(?:我的|那笔|这笔)钱|剩多少")),
    ("self.policy", lazy(r"保险|保单|险(?!些|恶)|保障|投保|合同|那份|这份")),
    ("self.appointment", lazy(r"网点|柜台|上门|(?:我|我们)[^,。]{0,4}(?:过去|过来)")),
)


def hinted(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots) of the first class whose words are there."""
    if s.role != "customer" or len(s.text) > _LONGEST or s.dialogue.pending not in {"none", "list"}:
        return None
    intent = next((name for name, words in _HINTS if words.search(s.text)), None)
    slots = None if intent is None else FILLS[intent](s, None)
    return None if intent is None or slots is None else (intent, slots)
