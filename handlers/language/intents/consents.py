"""Consents: given, withdrawn, missing."""

from __future__ import annotations

import re

from handlers.language.intents import fills
from handlers.language.intents.pattern import Rule, Slots, rule
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence
from handlers.language.vocabulary import CONSENT_SCOPES

_REFUSED = lazy(r"不同意|撤回|撤销|撤了|退订|拒绝|拒收|不接收|取消|收回|别再?|不想|不要|不愿|没同意|关掉|停止|不让|不许|不准|不允许|不肯|不给|不再|作废|不接受|勿扰|\bno\b")
_GRANTED = lazy(r"同意(?!书)|勾(?:选|了|上)|(?:已经?|做|完成)了?(?:授权|签)|授权(?:了|过|成功|书?(?:已|签|好|拿到|到手))|[CS]\s*授权|签(?:了|好|过|完|字|署)|(?<!不)(?:可以|答应|允许|让|准|愿意|接受)(?!不|吗)|开通|\byes\b")
# The purposes the house keeps consent for, by the finer words of customers and regulators.
_PURPOSES = {"personal_info": "service", "privacy_policy": "service", "marketing": "marketing", "sms_marketing": "marketing", "phone_marketing": "marketing", "health": "health"}
_PLAIN_PURPOSES = {"care": "关怀 提醒 祝福 问候 生日祝福 节日祝福", "service": "服务联系 服务", "marketing": "产品推荐 推荐产品 推销", "all": "全部 所有 一切 任何"}


def consent(s: Sentence, match: re.Match[str] | None) -> Slots:
    """`granted` is absent when neither a yes nor a no was said (登记授权), `scope` when no purpose was."""
    refused = _REFUSED.search(s.text) is not None
    granted = False if refused else True if _GRANTED.search(s.shape) else None
    return fills.merged(fills.client(s), {"granted": granted}, _scope(s) or ({"scope": "marketing"} if refused and re.search(r"发|推|消息", s.text) else {}))


_WRITES_TO = lazy(r"写|拟|编|起草|润色|文案")


def willed(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """What a client wants or does not want (别再给她发营销短信); a text to be written is none."""
    return None if _WRITES_TO.search(s.text) else consent(s, match)


_FOR_NOW = lazy(r"先|最近|这几天|这[周段阵]|近期|暂时|上班|开会|白天|晚上|中午|周末|等|除非|之前|提醒")


def unwanted(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """陈静说不要再给她发消息了: everything that is not about a service is unwanted from now on; `told` by whoever wrote it
    down in passing, so that it is echoed first. 最近别联系她 is over one day, and withdraws nothing."""
    if s.times or _FOR_NOW.search(s.text) is not None or _WRITES_TO.search(s.text):
        return None
    return fills.merged(fills.client(s), {"granted": False, "told": True}, {"scope": "marketing", "also": "care"})


def _scope(s: Sentence) -> Slots:
    """`scope` (service, care, marketing, health, all) and the finer word behind it, `scope_said`."""
    fine = fills.word_in(CONSENT_SCOPES, s.text)
    if fine in _PURPOSES:
        return {"scope": _PURPOSES[fine], "scope_said": fine}
    plain = fills.word_in(_PLAIN_PURPOSES, s.text)
    return {"scope": plain} if plain else {"scope_said": fine} if fine else {}


def consents(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    if re.search(r"没有?(?:谁|人)要|搞错|弄错", s.text):
        return None
    status = "withdrawn" if re.search(r"撤|退订|拒绝|拒收|收回|不同意了", s.text) else "missing" if re.search(r"(?:没|未)(?:有)?[^,。]{0,8}(?:授权|同意|签|勾)|缺|还没", s.text) else "granted"
    who = fills.client(s, needed=False) if s.clients else {}
    return fills.merged(who, {"status": status}, _scope(s))


_ABOUT = r"授权|同意书?|退订|拒收|撤回|撤销|隐私|协议|征信|录音|录像|双录|营销|推销|推送|广告|短信|电话|消息|个人信息|健康信息|共享|打扰|骚扰|联系|agree|consent|opt"
_SAYS = r"授权|同意|退订|拒收|撤|收回|不让|不许|不准|不允许|不肯|(?:别|不要|甭|莫)(?:再|老|总|给|跟|往|[CS他她我])*[发打推联骚]|别给|不想.{0,4}[收接]|不接收|不接受|拒绝|(?:不要|不用|不想要|不需要)(?=(?:营销|推销|推广|广告))|签(?:了|好|完|署)|允许|答应|勾选|取消"
# C 说 不要 再给她发消息 了, 别给 C 发消息了
_UNWANTED = (
    r"(?:不要|不用|不想|不愿意?|不希望|不需要|不准|不许|不让|别|甭|莫|停止|拒绝|少)(?:再|老是?|总是?|一直|继续|让|叫|我们?|咱们?|你们|给|跟|向|往|[他她C]|被)*"
    r"(?:(?:发|推送?|群发)(?:[他她C])?(?:任何|这些|那些|这种|什么)?(?:短信|消息|信息|微信|东西|广告|推荐)?|(?:收到?|接收?)(?:我们?的?|咱们?的?|你们的?|任何|这些|那些|这种)*(?:短信|消息|信息|微信|东西|广告|推荐|推送)|打扰|骚扰|推销|联系|打电话)(?:[他她C]|我们|了|啦|的|吧)*\W*$"
)
# C 对 X 没兴趣，别推了; C 不想听 X 推荐了: said of one product, meant of recommending
_NO_MORE = r"(?:以后|今后)?(?:都|就|也)?(?:别|不要|不用|甭|莫)(?:再|老)?(?:给|跟|向)?[他她C]?(?:再)?(?:推荐?|推送|推销|介绍)(?:[他她C]|了|啦|吧|的)*"
_UNHEARD = rf"(?:不想|不愿意?|不要|不用|不需要|别)(?:再)?听(?:我们|咱们?)?(?:的)?[^,。A-WY-Z]{{0,6}}(?:推荐|推销|介绍)(?:了|啦|的)*(?:[\s,]+{_NO_MORE})?"
_UNINTERESTED = rf"对[^,。A-WY-Z]{{1,8}}(?:没有?|不感|无)(?:什么|啥)?兴趣了?[\s,]+{_NO_MORE}"
_PURPOSE = r"授权|同意|退订|拒收|隐私|征信|录音|双录|营销|推销|推送|广告|短信|推广|共享|健康信息|个人信息|打扰"
RULES: tuple[Rule, ...] = (
    rule("consent.record", 79, "consent", consent, need="who", no="ask list note", name="consent to care",
         shape=r"^\W*[CS]\s*(?:本人|已经?|也|都|口头)*(?:不同意|同意|撤回|撤销|拒绝|拒收|不接收)(?:接收|接受|收到|了|对|我们?|的)*\s*(?:关怀|生日|节日|祝福|服务|问候)*(?:和|、)?(?:关怀|提醒|祝福|问候|消息)(?:的?授权)?了?\W*$"),
    rule("consent.record", 78, "consent", consent, need="who", no="ask remind list note", shape=r"授权|(?<!审批)(?<!领导)(?<!主管)(?<!经理)(?<!批准)同意(?!.{0,6}(?:买|投|办|做|续|签单|方案))|退订|拒收|撤回|撤销|别再发|不接收|拒绝接收"),
    rule("consent.record", 80, "any", willed, need="who", no="ask remind list", name="a will about a purpose",
         shape=rf"(?:{_SAYS}).{{0,14}}(?:{_PURPOSE})|(?:{_PURPOSE}).{{0,14}}(?:{_SAYS})|(?:登记|记|录|标).{{0,6}}(?:授权|退订|拒收|同意)|consent.{{0,12}}\b(?:yes|no)\b"),
    rule("consent.record", 86, "who", unwanted, no="ask list draft settings", name="nothing more is to be sent",
         shape=rf"C(?:(?>[\s,。的]|[他她]|客户|本人|以后|今后|现在|又|也|都|就|已经|明确|说|讲|让|叫|要求|希望|表示|告诉|提出|反映|很?烦|生气|我们?|咱们?|你们|了)*嫌[^,。]{{1,3}}){{0,2}}(?>[\s,。的]|[他她]|客户|本人|以后|今后|现在|又|也|都|就|已经|明确|说|讲|让|叫|要求|希望|表示|告诉|提出|反映|很?烦|生气|我们?|咱们?|你们|了)*{_UNWANTED}|^\W*(?:以后|今后)?(?:不要|别|甭|莫)(?:再|老)?给C(?:再)?(?:发|推)(?:任何|这些)?(?:消息|信息|微信|短信|东西)?(?:了|啦|吧)*\W*$"),
    rule("consent.record", 88, "client", unwanted, no="ask list draft settings", name="nothing more is to be recommended",
         shape=rf"^\W*C(?:[\s,]|[他她]|客户|本人|现在|已经|明确|说|讲|表示|告诉我?|觉得)*(?:{_UNHEARD}|{_UNINTERESTED})\W*$"),
    rule("consent.list", 81, "consent ask", consents, need="list", no="remind create client money", shape=r"(?:授权|同意书|退订|拒收|隐私|协议|征信|录音|双录)"),
    rule("consent.list", 78, "consent", consents, no="remind create client money settings", name="a list of consents", shape=r"^(?!.*(?:我|俺)(?:可|又|也|都|们)*(?:没|不)|没有?(?:谁|人)要).*?(?:(?:授权|同意书|退订|拒收|隐私).{0,12}(?:名单|清单|列表|哪些|谁|有谁|的客户|几个|多少|情况)|(?:谁|哪些|哪几|还没|没|未|缺).{0,10}(?:授权|同意|退订|隐私|签.{0,4}书))"),
    rule("consent.list", 87, "consent", consents, no="remind create client money settings draft", name="those without a consent",
         shape=r"^(?!.*(?:导|excel|csv)).*(?:没|未)(?:有)?(?:签|给|做|勾|同意)?[^,。]{0,8}(?:授权|同意书|协议|政策|征信|录音|双录)[^,。]{0,3}的(?:客户|人)"),
    rule("consent.list", 80, "consent", consents, need="client", no="remind create money draft", name="is the consent there", shape=r"(?:授权|同意书|征信|隐私).{0,10}(?:在不在|有没有|状态|情况|签没签|有效)"),
    rule("consent.list", 86, "consent", consents, need="client", no="remind create money", name="has a client opted out", shape=r"C(?:是不是|有没有|是否)(?:已经)?(?:退订|拒收)(?:了|过)?(?:我们)?(?:的)?(?:短信|消息|营销|推送)?(?:了)?\W*$"),
    rule("consent.list", 80, "ask", consents, need="client", no="remind create money draft", name="has a client agreed", shape=r"授权|同意(?:书|了|过|没|吗|录|查|我们|接|用|收)|退订|拒收|隐私(?:协议|政策|条款)|双录|签过|agree|consent"),
)
