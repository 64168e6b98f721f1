"""What an answer by number says became of a contract: a plain past verb at its very beginning, or nothing is booked.

「1 已缴」 is a statement of the adviser; 「1 已联系 说下周交完」 tells what the client promised. The same verbs stand
in both, and in 体检报告交了, 已交接, 手续完成: so the verb must begin the words, and what follows raise no doubt."""

from __future__ import annotations

import re
from typing import Literal

Result = Literal["paid", "renewed", "lost", "not_yet", "unclear"]

_NOT_YET = re.compile(
    r"(?:还没|没有|没|未|尚未|不)(?:能|有|肯|想|愿意?)?再?(?:缴|交|还款|还上|还清|付|扣)|(?:还没|没有|没|未|尚未)再?续|失败"
)
# Who and when, before the verb: none of them tells of another time than the past, or of somebody who only says so.
_BEFORE = (
    r"^(?:[\s,，、:：]|都|也|已经|已|客户|本人|自己|[他她]|刚刚|刚才|刚|今天|今早|昨[天晚]|前天|这期|本期|第[0-9一二两三四五六七八九十百]*期"
    r"|保费|保单|月供|租金|本息|款|钱|银行|自动|线上)*"
)
# The verb ends there, or money, a part or a number follows: it does not in 已交接, 缴了3年, 续了解.
_ENDS = (
    r"(?!\s*[0-9一二两三四五六七八九十半几]+\s*(?:年|个?月|期|天|次|成|分|%))"
    r"(?=$|[\s,，、。.;；:：!！~…]|[¥￥]?[0-9]|[一二两三四五六七八九十百千万]+[元块千百万]|第|保费|月供|租金)"
)
_DONE = r"(?:费|款|清|完|上|齐|掉)*"
_PAID = re.compile(
    _BEFORE + r"(?:(?:(?<=已)|(?<=已经))[补代]?[缴交付还]" + _DONE + r"(?:了|过了?)?"
    r"|[补代]?[缴交付还]" + _DONE + r"(?:过了|了|过)"
    r"|(?:扣|划|代扣|划扣)[款费]?(?:已?成功|已?到账|上)了?|(?:扣|划|代扣|划扣)[款费]?了"
    r"|(?<=已)(?:代扣|划扣|扣)[款费]?(?:成功)?了?)" + _ENDS
)
_RENEWED = re.compile(
    _BEFORE + r"(?:(?<=已)续(?:保|费|约|期)?(?:上|好|完|成功)?了?|(?<=已经)续(?:保|费|约)?(?:上|好|完|成功)?了?"
    r"|续(?:保|费|约)?(?:上了|好了|完了|成功了?|完成了?|了))" + _ENDS
)
_LOST = re.compile(
    _BEFORE + r"(?:不(?:想|再|愿意?|打算|准备)?续(?:保|费|约)?|流失(?!风险|预警|率|的|可能))了?"
    r"(?!的话|的时候|[吗嘛行可也会要就])"
    r"[\s,，:：]*(?:(?:原因|理由|因为)(?:是|为)?[\s:：]*)?(?P<reason>.*)"
)
# Said alone they tell the past as well: 「1 还清」, 「1 续上」.
_BARE = {"paid": re.compile(r"^[缴交付还](?:清|完|上|齐)\W*$"), "renewed": re.compile(r"^续(?:保|费)?(?:上|好)\W*$")}

_MONEY = re.compile(
    r"(?:已|补|代)?(?:缴|交|付|还)(?:费|款|清)?(?:了|清|上|完|过)|已(?:缴|交|付|还)|(?:扣|划|代扣|划扣)(?:款|费)?(?:成功|了|到账)"
    r"|[缴扣](?:费|款)|还款|付款"
)
_TERM = re.compile(r"续|流失")
_THINGS = re.compile(
    r"^[\s,，]*\S{0,4}?(?:材料|资料|报告|身份证|证件|证明|复印件|申请|表格|回执|合同|保单|手续|[定订押]金|首付)"
)
_DOUBTED = re.compile(
    r"[?？]|吗|呢\W*$|是不是|没有\W*$|不是|可能|也许|大概|好像|估计|应该|据|听|说|讲|称|答应|承诺|保证|表示|告诉|等"
    r"|一半|部分|分之|剩|多少"
)
_LOST_DOUBTED = re.compile(r"[?？]|吗|劝|争取|犹豫|考虑|再(?:谈|看|想|说|等|试|沟通)")
_TO_COME = re.compile(
    r"说|讲|称|答应|承诺|保证|表示|告诉|听|问|等|以后|之后|后[天续]|明[天早晚年]|大后天|下个?(?:周|星期|礼拜|月|次|季度)|下半?年|月[底末中初]|年[底末前]|"
    r"(?:周|星期|礼拜)[一二三四五六日天末]|[0-9一二三四五六七八九十]+[号日]|改天|改日|过[几两]|晚点|回头|马上|快要?|准备|打算|会|要|再"
    r"|继续|手续|资料|材料|报告|交[流接代给往]"
)
_CONTACT = re.compile(
    r"联系|电话|打[了过完]|通话|微信|拜访|见面|聊|沟通|回访|通知|搞定|处理|完成|办完|做完|已办|好了"
    r"|(?i:\bok\b|\bdone\b)"
)


def result_in(said: str, words: str) -> Result | None:
    """What became of the contract: of `said`, the whole answer, `words` are what is left without 已联系.
    None where only a contact is told of; "unclear" where neither is."""
    if not words:
        return None
    if _NOT_YET.search(words):
        return "not_yet"
    verb = next((match.start() for pattern in (_MONEY, _TERM) if (match := pattern.search(words))), len(words))
    contacted = _CONTACT.search(said.partition(words)[0] + words[:verb]) is not None
    found = _stated(words, contacted)
    if found is None and not contacted and (_MONEY.search(words) or _TERM.search(words)):
        return "unclear"
    return found


def _stated(words: str, contacted: bool) -> Result | None:
    """What is said plainly. Beside a contact nothing of the future and nothing told may be said at all."""
    lost = _LOST.search(words)
    if lost is not None:
        doubted = _LOST_DOUBTED.search(words) or (contacted and _TO_COME.search(words))
        return None if doubted else "lost"
    if not contacted and (bare := next((name for name, plain in _BARE.items() if plain.search(words)), None)):
        return "paid" if bare == "paid" else "renewed"
    for result, plain in (("renewed", _RENEWED), ("paid", _PAID)):
        if (match := plain.search(words)) is not None and not _in_doubt(words, words[match.end() :], contacted):
            return "renewed" if result == "renewed" else "paid"
    return None


def _in_doubt(words: str, rest: str, contacted: bool) -> bool:
    if _DOUBTED.search(rest) or _THINGS.search(rest) or _MONEY.search(rest):
        return True
    return contacted and _TO_COME.search(words) is not None


def reason_in(words: str) -> str | None:
    """Why the contract is not renewed."""
    found = _LOST.search(words)
    return (found["reason"].strip() if found else "") or None


def might_be_booked(words: str, category: str) -> bool:
    """Do words that booked nothing speak of the very thing that the item is about?"""
    if category == "renewal":
        return _TERM.search(words) is not None
    return category in ("premium", "repayment") and _MONEY.search(words) is not None
