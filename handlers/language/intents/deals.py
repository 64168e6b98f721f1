"""Opportunities: what may be sold, and how far it has come."""

from __future__ import annotations

import re

from handlers.language import when as times
from handlers.language.intents import fills
from handlers.language.intents.pattern import Rule, Slots, rule
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence
from handlers.language.vocabulary import STAGES

_CUT = lazy(r"(?:新建|新增|录|加|记|建|登记|立|挂|报|开|起|上)(?:一?个|一?条|一下)?(?:的)?(?:线索)?(?:商机|机会)(?:建一下)?|商机|建一下|立一?个|挂一?条")
_NOT_YET = lazy(r"没成|没签|没戏|黄了|丢|输单|战败|流失|泡汤|没谈成|凉|飞了|吹了|放弃|抢走|截胡|谈崩|流产|搁浅")


def opportunity(s: Sentence, match: re.Match[str] | None) -> Slots:
    stage = "lost" if _NOT_YET.search(s.text) else fills.word_in(STAGES, s.text)
    due = next((s.when(e, times.DUE) for e in s.points), None)
    text = fills.content(s, [(c.start, c.end) for c in s.clients], _CUT)
    return fills.merged(fills.client(s), fills.product(s), {"stage": stage, "amount": fills.money(s, any_role=True), "expected": due, "content": text or None})


_NEW = r"新商机|(?:新建|新增|新开|录|加|建|登记|立|挂|报|开个|开一|起个|上个|上一|弄个|记).{0,8}(?:商机|机会|意向单)|(?:商机|意向单).{0,4}(?:建|录|登记|加|立|挂|记|新增)(?:一?下|上|个|进|$)"
_MOVES = r"推进|推到|进展|进到|进入|到了|改|更新|阶段|赢单|丢单|黄了|输单|转到|转成|变成|标|调|挪到|谈成|成了|没成|签了|没戏|凉了|泡汤|往前|升到|降到|关单|走到|跟到|报价|谈判|已报|成交|赢了|输了|丢了|流失|金额"
_LISTED = r"商机(?:列表|清单|情况|进度|有哪些|有什么|呢)?[\s。.!！?？吧呢吗]*$"


_ENDED = "报过价|报价|出(?:了)?方案|谈成|成|签(?:下来?|了|约|单|完)|拿下|搞定|黄|没戏|凉|吹|泡汤|丢|飞|没成|没谈成|搁浅|赢|输|抢走|截胡|谈崩|流产|落地|敲定"


def whose(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.client(s) if s.has("who") else {}


RULES: tuple[Rule, ...] = (
    rule("opportunity.list", 86, "opportunity", whose, no="remind", name="those there are", shape=r"^\W*(?:查看?|看看?|列出?|看一下)?\s?(?:我的|团队的?|全部|所有|进行中的?|[CS]的?)?\s?" + _LISTED),
    rule("opportunity.create", 82, "opportunity", opportunity, no="ask remind list", need="who", name="a new one", shape=_NEW),
    rule("opportunity.create", 76, "opportunity", opportunity, no="ask remind list", need="who", shape=r"商机|意向单|机会(?=\W*$|.{0,4}(?:M|X))"),
    rule("opportunity.update", 80, "opportunity", opportunity, no="ask remind list", need="who", shape=rf"(?:商机|机会|意向单|pipeline)(?!.{{0,3}}(?:建|录)).{{0,24}}(?:{_MOVES})|(?:{_MOVES}).{{0,8}}(?:商机|机会|意向单)"),
    rule("opportunity.update", 72, "any", opportunity, no="ask remind list note create claim ticket", need="client", shape=r"(?:推进\s?C?\s?到|进入谈判|谈判阶段|赢单|丢单|输单|已报方案|黄了(?!吧)|谈崩)"),
    rule("opportunity.update", 71, "client", opportunity, no="ask remind list note create claim ticket_no policy_no", name="how a deal ended",
         shape=rf"^(?:\W|T)*C(?:的|那|这|,|\s)*(?:一?(?:个|笔|张|单))?(?:X的?)?(?:商机|机会|单子?|生意|大单|合作|项目|案子)(?:也|已经|终于|总算|都|算是|基本|还是|最后|被)*(?:{_ENDED})(?:了|掉|\W)*(?:$|[\s,])"),
)
