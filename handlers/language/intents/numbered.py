"""Answers to a line of the list shown, by its number: what was done about it, and when to come back to it.

A number before the words makes an order of what would otherwise only be told (1 已联系 她说下个月再说), so what follows the
report is its content, whatever it says; only a question asks."""

from __future__ import annotations

import re

from handlers.language.intents import fills, notes
from handlers.language.intents.pattern import Rule, Slots, rule
from handlers.language.intents.pointing import indexes
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence

ITEM = r"^\W*(?:第)?(?:\d{1,2}|[一二两三四五六七八九十]{1,2})(?:(?:\s*+(?:[、,和]\s*+|(?<=\s))|[-到至~])(?:\d{1,2}))*(?:个|条|项|号)?[\s,:、]*"

ANSWERED = "a line is answered"  # in the sentence's memo: an order by its number, whatever was said to the client


def item(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """The numbers, and under `rest` the words behind them."""
    numbers, end = indexes(s.text)
    if not numbers:
        return None
    rest = s.said(end, len(s.text)).strip(" ,，。:：")
    return {"index": numbers[0], "indexes": numbers, "rest": rest or None}


_DONE = re.compile(r"^(?:都|已经|已)?(?:已联系|联系了|联系过了|已办|搞定|完成|做[完好]|办[完好]|弄[完好]|处理好|打过(?!了?(?:一?[个通次]|[两几]次)?(?:电话|微信|语音|视频))了?|打完了?|好了|已处理|ok|done|已完成)(?:了)?[\s,，:：]*")


def item_done(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """What was done, its words as `content`, and the next day agreed."""
    slots = item(s, match)
    if slots is None:
        return None
    rest = _DONE.sub("", slots.pop("rest") or "")
    return fills.merged(slots, {"content": rest or None}, notes.agreed(s))


_WHO = r"(?>我|他|她|客户|对方|人家|都|已经?|刚才?|早就?|也|又|T|C|给(?:他|她|客户|对方|C)|跟(?:他|她|客户|C)|和(?:他|她|客户|C)|在?(?:银行|柜台|网点|系统|手机银行|App|app)里?|电话|微信|短信|企微|视频|祝福|问候|资料|文案|方案|消息|信息)*"
_DID = r"(?:打|拨|联系|沟通|通知|告知|发|送|寄|聊|谈|说|讲|见|约|拜访|回访|回|接|扣款?|扣费|划扣?款?|缴|交|付|还款|处理|办|做|弄|搞|跟进|祝福|问候|走访)"
_REPORT = lazy(
    rf"^{_WHO}(?:已{_DID}|{_DID}(?:了|过|通|完|好|到|上|妥|成功)|(?:没有?|未|无)(?:人)?(?:接|打通|联系上|回|应|找到)|(?:打|联系|找|接|拨)不(?:通|上|到)|不接|关机|停机|占线|忙线|空号|不在|拒接|挂(?:了|断|掉))"
)
_NUMBER = lazy(rf"{ITEM}|^\W*C[\s,:、]*")  # 第二个 may itself stand for the client of that line
_SPEECH = re.compile(r"说|问|讲|想知道|咨询|提|担心|嫌|觉得|表示|回")
_ASKS = re.compile(r"(?:吗|没有?|么|呢|吧|不)\W*$|\?\W*$|怎么|是不是|有没有|为什么|谁")


def report(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """2 没打通, 3 已发祝福, 1 打通了 他说周六去缴: what was done about the line, in anybody's words."""
    slots = item(s, match) if s.dialogue.list_kind else None
    if slots is None or not slots["rest"]:
        return None
    first, *_ = re.split(r"[\s,。;!]", _NUMBER.sub("", s.shape), maxsplit=1)
    if _REPORT.search(first) is None or _is_asked(first, s.shape) or _PUT_OFF.search(s.shape) is not None:
        return None
    s.memo[ANSWERED] = True
    return item_done(s, match)


_PUT_OFF = lazy(r"(?:没|未|不|无人|关机|停机|占线|空号).*[\s,。](?:推|挪|延|顺延|推迟|改|放|移)(?:到|至)T\W*$")  # 没人接 推到下周一: an order, not what was agreed
_IN_WORDS = lazy(r"^\W*第[一二两三四五六七八九十]{1,2}[个条项位]")


def report_in_words(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """第二个打过电话了; a client called 一鸣 is no number."""
    found = report(s, match) if _IN_WORDS.match(s.text) is not None else None
    return None if found is None else fills.merged(fills.listed(s), found)


def _is_asked(first: str, whole: str) -> bool:
    """Is the report itself a question? What the client asked is told, and asks nothing."""
    asked = _ASKS.search(whole)
    return asked is not None and (_ASKS.search(first) is not None or _SPEECH.search(whole[:asked.start()]) is None)


_BUSY = r"(?>再|我|要|去|来|给|跟|和|约|他|她|客户|对方|打|联系|聊|谈|说|讲|看|问|提醒|叫|跟进|弄|办|做|处理|电话|回访|回|拜访|上门|见面|见|面谈|催|发|送|微信|个|一下|一声|继续|试|吧|哈|啊)"
RULES: tuple[Rule, ...] = (
    rule("item.done", 88, "any", report, need="line", shape=ITEM + r"\S", name="what was done about a line", quiet=True),
    rule("item.done", 88, "any", report_in_words, shape=r"^\W*(?:第|C)", name="what was done about a line that is said in words", quiet=True),
)
# A time alone says when to come back to the line: 4 下午3点, 2 明天再打.
WHEN_ALONE = lazy(rf"^\W*(?:等|到|改|放|留|先|就|那|排|挪|约|还是|请|在)*T(?:前后|左右|的时候|之?后|以后)?[\s,]*{_BUSY}*\W*$")
