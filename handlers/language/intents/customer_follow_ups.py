"""What a customer asks on: 那第二张呢, 要哪些材料, 多久能到 after an answer, of the matter before."""

from __future__ import annotations

from handlers.language.intents import fills
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.meaning import Dialogue, Meaning
from handlers.language.sentence import Sentence, take_apart
from handlers.language.single import single

_LONGEST = 16  # characters; who says more says what it is about
_SO = r"^\W*(?:那|那么|然后|还有|另外|请问|我|就|得|该|还|都|大概|一般)*"
_END = r"(?:啊|呀|呢|咧|嘞|哦|嘛|哇|的|了|吗|么|\W)*$"
_OF_ANOTHER = lazy(r"^\W*(?:那|那么|还有|另外|再看看)?(?:我的?|我那|我家)?(?:第[一二三四五六七八九十\d]{1,2}|另外?一?|剩下那?|下一?|上一?)?(?:[个张份笔只期]|X|T|X那?[个张份笔])(?:保单|保险|合同|贷款|理财|存单)?的?(?:呢|咧|嘞|\?|怎么样)\W*$")
_PAPERS = lazy(_SO + r"(?:要|需要|带|准备|交|提供|拿|带上)*(?:哪些|什么|啥|几样)(?:材料|资料|手续|证件|东西|单子|单据|证明|文件)" + _END)
_LONG = lazy(_SO + r"(?:要|需要|得|等)*(?:多久|几天|多长时间|什么时候|啥时候|几时|多少天)(?:能|可以|才|会|能够)*(?:到|到账|好|下来|办好|批|完|给|打过来|弄好|有结果)*" + _END)
_COST = lazy(_SO + r"(?:要|收)?(?:不要|不收)?(?:多少)?(?:钱|手续费|费用|费|违约金)" + _END + r"|" + _SO + r"有没?有?(?:手续费|违约金|费用|损失|影响)" + _END)
_HOW = lazy(_SO + r"(?:要|应该|具体|我)*(?:怎么|咋|如何|怎样|在哪里?|去哪里?|哪里|找谁|上哪)(?:个)?(?:办|弄|申请|操作|做|搞|走流程|办理|交|提交|算)?(?:流程)?" + _END)
_CLAIMS = frozenset({"self.claim_report", "self.claim_status", "self.claim_howto"})

_SAYS_NOTHING = _CLAIMS | {"none", "chitchat", "help"}  # 多久能到账 sounds like a claim, whatever was spoken of


# A time, a product, an amount and hardly a word more: what the bot asked for.
_BARE = lazy(r"(?:[TRDXMPNEV]|那|就|是|的|吧|要|在|到|我|想|改|约|可以|都行|都可以|这个?|用|份|笔|张|早上|上午|中午|下午|晚上|左右|以后|之后|呗|啊|呀|哈|好|嗯|行|\W)+")


def answering(s: Sentence) -> tuple[str, Slots] | None:
    """The matter before with what the bot asked for: 约我的经理见个面 … 您什么时候方便 … 那就明天吧."""
    if s.role != "customer" or not s.dialogue.said or s.dialogue.pending != "text" or not _BARE.fullmatch(s.shape):
        return None
    if not (s.times or s.products or s.amounts or s.protected):
        return None
    before = _before(s, s.dialogue.said)
    both = _before(s, f"{s.dialogue.said} {s.normal.said}")
    return (both.intent, dict(both.slots)) if before.intent.startswith("self.") and both.intent == before.intent else None


def following(s: Sentence) -> tuple[str, Slots] | None:
    """(intent, slots) of a short question of a customer that only makes sense after the one before."""
    if s.role != "customer" or not s.dialogue.said or s.dialogue.pending not in {"none", "list", "text"} or len(s.text) > _LONGEST:
        return None
    if _OF_ANOTHER.match(s.shape):
        return _of_another(s)
    asks_on = next((form for form in (_PAPERS, _LONG, _COST, _HOW) if form.match(s.text)), None)
    if asks_on is None or single(s).intent not in _SAYS_NOTHING:
        return None
    intent = _before(s, s.dialogue.said).intent
    if not intent.startswith("self."):
        return None
    if asks_on in (_PAPERS, _HOW) and intent in _CLAIMS:
        intent = "self.claim_howto"
    return intent, {"field": "documents"} if asks_on is _PAPERS and intent == "self.claim_howto" else {}


def _before(s: Sentence, said: str) -> Meaning:
    return single(take_apart(said, s.now, s.role, s.book, Dialogue(), s.lexicon))


def _of_another(s: Sentence) -> tuple[str, Slots] | None:
    """The question before, of another contract: with another product it may be about a contract of another kind."""
    before = take_apart(s.dialogue.said, s.now, s.role, s.book, Dialogue(), s.lexicon)
    said = s.dialogue.said
    if s.products and before.products:
        new, old = s.products[0], before.products[0]
        said = said.replace(before.said(old[0], old[1]), s.said(new[0], new[1]), 1)
    found = _before(s, said)
    if not found.intent.startswith("self."):
        return None
    slots = dict(found.slots) if s.products else {name: value for name, value in found.slots.items() if name != "product"}
    return found.intent, fills.merged(slots, fills.product(s))
