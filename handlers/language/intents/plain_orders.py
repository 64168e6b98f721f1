"""Orders by evidence: the verb and its object plain in the sentence, in any order, with whom it is about.

They stand below the rules that know the usual wordings, and pass the same gate of questions, quotations and tales."""

from __future__ import annotations

import re

from handlers.language.intents import consents, fills, mood, relations, tickets
from handlers.language.intents.pattern import Fill, Rule, Slots, rule
from handlers.language.sentence import Sentence


def _all(*classes: str, no: str = "") -> str:
    """A shape that asks for a word of every class, in any order, and for none of `no`."""
    return "^" + (f"(?!.*(?:{no}))" if no else "") + "".join(f"(?=.*(?:{c}))" for c in classes)


def _unasked(fill: Fill) -> Fill:
    def filled(s: Sentence, match: re.Match[str] | None) -> Slots | None:
        return None if mood.asks(s) or mood.supposes(s) or mood.reminding(s) is not None else fill(s, match)
    return filled


def relative(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """卢俊义多了个女儿，小名糯米: who was born or came into the family."""
    return relations.family_add(s, match)


def of_one(s: Sentence, match: re.Match[str] | None) -> Slots:
    return fills.client(s)


_WRITE = r"登记?|建|提|录|开|报|记|立|走|挂|起|补|处理一下|走流程"
_COMPLAINT = r"投诉|客诉|工单|诉求|需求单|不满"
_PAPER = r"协议|授权|同意书?|告知书|隐私|双录|条款|征信"
_SIGNED = r"已?签(?:了|好|完|过|字|署|回)|已签|给了|同意了?|勾(?:了|选)|拒绝|撤(?:回|销|了)|收回|不给|不同意"
_AWAY = r"不要了|删(?:了|掉|除)?|移(?:出|走|除)|踢(?:出|掉)|清(?:出|掉|走)|剔(?:出|除|掉)|拿掉|划掉|去掉"
_NO = "ask list search draft"
RULES: tuple[Rule, ...] = (
    rule("client.delete", 39, "client", _unasked(of_one), no="ask search draft policy product reminder_thing contact_verb opportunity claim ticket", name="a client is wanted no longer",
         shape=_all("C", r"这个?(?:客户|人)|客户(?!的)|名单|列表|名下", _AWAY, no=r"标签|标(?!准)|提醒|电话|备注|跟进|等级|记录|商机")),
    rule("client.delete", 40, "client focus", _unasked(of_one), no="search draft policy product reminder_thing opportunity claim ticket tag", name="a client is not wanted",
         shape=rf"^\W*(?:我)?(?:不想要|不要)?C[\s,]*+(?:我|就|已经|真的|真)*(?:不要|流失|跑|不做|走)?了?(?:[\s,。]++|(?<=[\s,。]))(?:就|直接|给我|帮我|请|麻烦)*(?:{_AWAY}|删)(?:吧|哈|\W)*$|^\W*C[\s,]*不要了(?:{_AWAY})(?:吧|哈|\W)*$"),
    rule("ticket.create", 38, "complaint ticket demand", _unasked(tickets.ticket), need="client", no=_NO + " ticket_no settle", name="a complaint to be registered", shape=_all("C", _COMPLAINT, _WRITE)),
    rule("consent.record", 37, "client", _unasked(consents.consent), no=_NO + " claim opportunity", name="a paper is signed", shape=_all("C", _PAPER, _SIGNED, no=r"单子|保单|合同|方案")),
    rule("client.family_add", 66, "client", _unasked(relative), no="ask list search draft claim remind", name="somebody new in the family",
         shape=rf"C?(?:添加|新增|加|登记|录入?|补充?)(?:子女|家属|家庭成员|亲属|家人|配偶|父母)(?:信息|资料|情况)?[\s,:]+(?:{relations.KIN})|C(?:家|家里|又|也|刚|上个?月|T)*(?:多|添|新添|喜添|喜得|迎来|生)(?:丁|娃|人口)?(?:了)?[\s,]*(?:一?个|一?位)?(?:大|小|二)?(?:{relations.KIN})"),
)
