"""Care messages: drafts, rewriting, sending, skipping."""

from __future__ import annotations

import re

from handlers.language.intents import fills
from handlers.language.intents.pattern import Rule, Slots, rule
from handlers.language.lazy import lazy
from handlers.language.numerals import small
from handlers.language.sentence import Sentence
from handlers.language.vocabulary import OCCASIONS

_TONE = {"formal": "正式 官方 商务", "warm": "温馨 温暖 亲切 走心", "humorous": "幽默 搞笑 轻松 俏皮 风趣 活泼", "brief": "简短 简洁 短一点"}
_LANGUAGE = {"en": "英文 英语 english", "yue": "粤语 广东话 白话", "zh-Hant": "繁体"}
_MAX = lazy(r"(\d{2,3}|[一二三四五六七八九]?十|[一二三五]百)(?:个)?字(?:以内|之内|内|左右)?")
_AUDIENCE = lazy(r"给(?:所有|全体|全部|各位)?((?:[a-d]类|vip|贵宾|老|新|女|男|企业|全部|所有|高净值)(?:的)?客户(?:们)?|客户们?|大家|团队|家长)")
_TOPIC = lazy(r"(?:关于|主题(?:是|为|:)?|介绍)(?P<t>[^,。的]{2,16})")


_TODAYS = lazy(r"^\W*(?:今天|今日)?的?生日\s?(?:文案|祝福语?|祝词)\W*$|哪些|哪几|谁")  # of today's birthdays, whoever is in mind


# 有没有说过她不想收短信, 是不是要做退订: asked about messages, and nothing to be written.
_ASKED_ABOUT = lazy(r"(?:有没有|是不是|是否|有无)[^,。]{0,8}(?:说|讲|提|要|想|收|发|写)过?(?!.*(?:帮|写[一个条段]|拟|编|来一))")


def wanted(s: Sentence, match: re.Match[str] | None) -> Slots | None:
    """As `draft`, where a text is wanted."""
    return None if _ASKED_ABOUT.search(s.text) is not None else draft(s, match)


def draft(s: Sentence, match: re.Match[str] | None) -> Slots:
    occasion, topic = _occasion(s)
    longest = _MAX.search(s.text)
    audience = _AUDIENCE.search(s.text)
    who = fills.listed(s) or (fills.clients(s) if s.clients else fills.client(s, needed=False) if not audience and s.has("focus") and not _TODAYS.search(s.text) else _stranger(s))
    if who.get("index") and occasion is None:
        occasion = {"birthdays": "birthday", "birthday.list": "birthday", "renewals": "renewal", "renewal.list": "renewal"}.get(s.dialogue.list_kind)
    slots: Slots = {"occasion": occasion, "topic": topic, "audience": audience[1] if audience else None, "tone": fills.word_in(_TONE, s.text),
                    "language": fills.word_in(_LANGUAGE, s.text), "max_len": small(longest[1]) if longest else None}
    return fills.merged(who, slots)


_BRIEF = lazy(r"短|简|精炼|缩|太长|太啰?嗦|啰嗦|字(?:数)?(?:太|少)")
_PLAIN = lazy(r"(?:太|别|不要|不用)(?:再|这么|那么|这|太)*(?:客气|正式|官方|商务|见外|生硬|书面|严肃|死板)|口语|随意|接地气|轻松|活泼|俏皮|幽默|亲切|热情")
_GRAND = lazy(r"(?:再|更|要)?(?:正式|官方|商务|客气|礼貌|尊敬|庄重)(?:一?点|些|一些)")
_MANNER = lazy(
    r"^(?>[\s,。!]|再?(?:来|写|换)一?[条个份版段]|再|还|更|要|能不能|能|可以|可不可以|帮我|给我|改|写|弄|搞|整|得|稍微|太|有点|别|不要|不用|这么|那么|这|客气|正式|官方|商务|见外|生硬|书面|严肃|死板|肉麻|油腻|啰?嗦|短|简短|简洁|简单|精简|精炼|长|缩短?[到成]?|控制在|压[到缩]|口语化?|随意|接地气|轻松|活泼|俏皮|幽默|亲切|热情|"
    r"温馨|温暖|走心|真诚|自然|文艺|礼貌|尊敬|庄重|详细|具体|一?[点些]|了|啦|吧|的|语气|口吻|字数?|多|少|\d{2,3}个?字(?:以内|之内|左右)?|[一二三四五六七八九]?十个?字(?:以内|左右)?|[一二三]百字(?:以内)?|换(?:一?个|一?条|一?种|一?版)|表情|emoji|加(?:点|个|上)?|英文版?|粤语版?|繁体版?|版|吗|么|\?)+$"
)


def manner(text: str) -> Slots | None:
    """短一点 别这么客气: how a text is to be written anew; None where the words say more than that."""
    if _MANNER.match(text) is None:
        return None
    tone = "brief" if _BRIEF.search(text) else "casual" if _PLAIN.search(text) else "formal" if _GRAND.search(text) else fills.word_in(_TONE, text)
    longest = _MAX.search(text)
    return {"tone": tone, "language": fills.word_in(_LANGUAGE, text), "max_len": small(longest[1]) if longest else None}


def _stranger(s: Sentence) -> Slots:
    return fills.client(s, needed=False) if s.stranger is not None else {}


# What a text is for outweighs what it is about: an apology for a slow claim.
_FIRST = (("invitation", r"邀请|邀约|请柬|请帖"), ("apology", r"道歉|致歉|赔罪|赔个?不是"), ("thanks", r"答谢|道谢|怎么谢|谢谢?(?:人家|他|她)|谢一下"))


def _occasion(s: Sentence) -> tuple[str | None, str | None]:
    festival = next((e for e in s.times if e.slots.keys() & {"festival", "term"}), None)
    if festival is not None:
        return "festival", s.said(festival.start, festival.end)
    if "朋友圈" in s.text:
        topic = _TOPIC.search(s.text)
        return "moments", topic["t"] if topic else (s.products[0][2] if s.products else None)
    found = next((name for name, words in _FIRST if re.search(words, s.text)), None) or fills.word_in(OCCASIONS, s.text)
    if found is None and s.products:
        return "product", s.products[0][2]
    if found == "maturity" and (s.words.keys() & {"product_policy"} or re.search(r"续保|续费|续期|保单|保险", s.text)):
        found = "renewal"
    if re.search(r"节|新年|拜年", s.text) and found is None:
        festival_word = re.search(r"新年|拜年|过节|[\u4e00-\u9fff]{1,3}节", s.text)
        return "festival", festival_word.group() if festival_word else None
    return found, s.products[0][2] if found == "product" and s.products else None


_REWRITE = lazy(r"^\W*(?:第)?(\d{1,2}|[一二三四五六七八九十])?(?:个|条)?[\s,:]*(?:改写|重写|换个说法|改成)(?:成|为|一下|:|：|,|\s)*(?P<c>.*)$", re.DOTALL)


def rewrite(s: Sentence, match: re.Match[str] | None) -> Slots:
    found = _REWRITE.match(s.text)
    if found is None:
        return {"clarify": "content"}
    text = s.said(*found.span("c")).strip()
    return fills.merged({"index": small(found[1]) if found[1] else None, "content": text or None}, {} if text else {"clarify": "content"})


def numbered(s: Sentence, match: re.Match[str] | None) -> Slots:
    found = re.search(r"\d{1,2}|[一二三四五六七八九十]", s.text)
    return {"index": small(found.group())} if found else {}


_N = r"^\W*(?:第)?(?:\d{1,2}|[一二三四五六七八九十])?(?:个|条|号)?[\s,:]*"
_MAKES = r"写|拟|起草|编|润|来|想|整|弄|出|准备|生成|做|憋|凑|搞|润色|要|帮我|给我|发"
_MEASURE = r"一?(?:条|段|份|句|封|篇|则|版|波|小段|个|张|两句|些)|几句|几条|两句|几个|点儿?"
_TEXTS = r"拜年的?|问候的?|慰问的?|(?:邀请|祝福|感谢|道歉|慰问|问候|欢迎|推荐|介绍|生日|节日|新年|开场|吉利|吉祥|安慰|答谢|贺)(?:语|词|信|函|文|话)|贺喜|道贺|道喜|道谢|文案|话术|短信|祝福|问候|祝词|贺词|贺卡|贺信|慰问|寄语|邀请函|请柬|邀约|感谢信|道歉信|致歉|道歉|朋友圈|通知|温馨提示|开场白|自我介绍|推介|软文|唁电|关怀|祝贺|恭喜|感谢|安慰|说辞|暖心的|贴心的|好听的|话(?=\W*$|[,。\s])"
RULES: tuple[Rule, ...] = (
    rule("draft.message", 85, "any", wanted, no="remind ticket opportunity export", name="a text for somebody",
         shape=rf"^(?!.*(?:发过|写过|已经?发|发了|写了|写日报|写日志|写总结|写周报|写(?:一?个|一?条)?跟进|记一?下|登记|权限)).*?(?:(?:{_MAKES})\s?(?:{_MEASURE}).{{0,16}}(?:{_TEXTS})|(?:写|拟|起草|编|润色?|整|憋|凑).{{0,14}}(?:{_TEXTS})|(?:{_TEXTS}).{{0,4}}(?:一份|一条|一段|来一|写|拟|整一|来份|给[C我]|怎么写|搞一)|怎么(?:跟|和|给|对|回|安慰|劝|开口).{{0,12}}(?:说|话|开口|讲)|(?:写|拟|编)(?:{_MEASURE}))"),
    rule("draft.message", 84, "any", wanted, no="ticket opportunity export note ask", name="a message first",
         shape=r"^\W*(?:短信|微信|祝福|文案|话术|消息)(?:一|来一|来个|写)(?:条|段|则|句|份|个)"),
    rule("draft.message", 83, "any", wanted, no="ticket opportunity export", name="a text to remind somebody of something",
         shape=r"^(?!.*(?:提醒我|记一?下|发过|写过|写(?:一?个|一?条)?(?:跟进|记录))).*?(?:写|编|拟|起草|润色?|草拟|整|来|弄)(?:一)?(?:条|段|份|句|封|则|个|版).{0,14}(?:提醒|通知|短信|消息|微信|话)|给(?:[CS他她]|[^,。我]{0,5}客户们?|大家).{0,3}(?:发|写|来|弄)一?(?:条|段|句|个|份|则)(?!红包)[^,。\s]{0,12}(?:提醒|通知|短信|消息|微信|话)(?:吧|哈|呗|过去)?\W*$"
         r"|^\W*(?:帮我?|请|麻烦)?给[CS他她]\s?(?:发|写|拟|编|起草|草拟)(?:个|一?条|一?段)?[^,。我TRD]{0,6}(?:提醒|通知)(?:吧|哈|呗|过去)?\W*$"),
    rule("draft.message", 75, "draft", wanted, no="remind note opportunity", name="write a message",
         shape=r"^(?!.*(?:发过|写过|已经发|不写|写日报|写日志|写总结|写周报)).*?(?:(?<!没)(?<!谁)(?<!不)写(?!错|成|进|到|完|好了|在|称呼|抬头|M|P|的(?:全|是|几|着)|的(?:是|谁|啥|什么|哪)|谁|着)|拟|起草|草拟|文案|祝福|祝贺|编|措辞|话术|问候|祝词|短信|怎么说|道歉信|感谢信|慰问信|贺信|邀请函|贺词|draft)"),
    rule("draft.message", 77, "draft", wanted, need="birthday", no="remind note search update"),
    rule("draft.message", 79, "draft", wanted, no="note", shape=r"(?:文案|话术|祝福语?|短信)(?:来|给我|整|写)(?:来)?一?(?:条|段|份|个)|(?:写|拟|起草|编|润|来|想)(?:一|个|条|段|份|句|点|封|些)*.{0,14}(?:文案|话术|短信|祝福|问候语?|祝词|消息|通知)"),
    rule("care.rewrite", 86, "rewrite", rewrite, shape=_N + r"(?:改写|重写|换个说法)"),
    rule("care.send", 84, "send", numbered, no="ask", shape=_N + r"(?:发送|发出|发出去|发吧|发了吧)(?:吧|给(?:他|她|C))?\W*$"),
    rule("care.skip", 84, "skip", numbered, no="ask", shape=_N + r"(?:跳过|不发|略过)(?:了|吧|它|这个|这条)?\W*$"),
)
