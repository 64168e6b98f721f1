"""What a sentence wants by its mood: an order to remind or to write down, a question, a supposition.

A command carries a content (提醒我问他要不要续保, 记一下她问什么时候能赔); the words of that content decide nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar, cast

from handlers.language import when as times
from handlers.language.lazy import lazy
from handlers.language.sentence import Sentence

T = TypeVar("T")

# ---------------------------------------------------------------- commands

_ME = r"(?:一?下|一声|多?一句)?(?:我|俺|咱|偶|自己)"
_REMIND_ME = lazy(
    rf"(?:提(?!出|供|高|到|前|现)(?:翻|返|多)?|提醒|题醒|提行|提省|体醒|提示|通知|催|叫醒?|喊醒?|敲|戳|闹|叮|招呼|知会|唤醒?|踢|弹|提点|cue|push|call|ping|@){_ME}|叮(?:一?下|一声)|(?:帮我|给我|替我|你)记(?:着|住)|^\W*记着点?(?=[啊哈呀\s,])|(?:到点|届时|到时候?)[^,。]{{0,4}}(?:告诉|叫|喊|通知|说)(?:我|一声)"
    r"|(?:设|定|加|建|弄|来|整|搞|安排|订|上|弹|推)(?:置|定|上|好)?(?:一?个|条)[^,。?]{0,16}?(?:提醒|闹钟|闹铃|备忘|待办)"
    r"|(?:设|加|建|订)(?:置|定|上)?(?:提醒|闹钟|闹铃|待办)|给我弹(?:一?下|一?个)|给我一?个(?:提醒|信儿?|准信)(?!了|过)|(?:记|做|给|留|挂|写|放|开|添|备|发|安|调)(?:上|好|下|了)?(?:一?个|一?条|一?下)(?:提醒|闹钟|闹铃|待办)(?!了|过)"
    r"|(?<!的)(?<!个)(?<!条)(?:提醒|题醒)(?:一?下(?!面)|一声|一哈|哈|吧|[:,\s]*$|[:,])|^\W*(?:提醒|待办)[\s:,]+\S|ding\s?(?:我|一下)|提个醒|(?:(?:告诉|知会|告知)我|[跟和给]我(?:说|讲))(?:一?声|一下)?(?:\W*$|[\s,]+(?:所有人|全部|每个人?|都要|统一|谢))|(?:吱|说|吭|吼)(?:我)?一声\W*$"
    r"|(?:别|不要|莫|甭)(?:给|让我|叫我|再)?忘(?!记了)|(?<!我)(?<!哪)(?<!还)(?<!谁)(?<!没)记得(?!住|不|清|了)|勿忘|莫忘|千祈|唔好唔记得|盯(?:着|住|紧|一下)|remind me|闹钟(?!.{0,6}(?:取消|删|关|不要|不用|停掉|作废))"
)
_NOT_SO = lazy(r"(?:不用|不要|不必|不需要|无需|甭|别再?|莫|唔使|唔好|免得?|没人|没谁|居然|竟然|取消|停止|不再|谁|没有?(?!\s)|刚才?|昨天?|上次|之前|已经|为什么|怎么|老是|一直|谢谢|多谢|感谢)(?:(?!的话|的时|就)[^,。]){0,4}$")

_NOT_DONE = lazy(r"(?:没有?|谢谢|多谢|感谢)(?:你|您|人|谁|系统)?$")  # 没提醒我, 谢谢你提醒我: of what was, or was not

_WRITE_DOWN = lazy(
    r"录(?:一?下|个|入|上|进|系统|好|起来|一?[笔张份单条]|(?=\W*$)|(?=[\s,]))|登(?:一?下|记|个|上|一?[张份笔]|(?=\W*$))"
    r"|记(?!得|性|账|不|者|忆)(?:一?下|上|录|档|个|一?[笔条]|起|进|着|到|住|她|他|在|(?=\W*$)|(?=[\s,:]))|存(?:一?下|个?档|个底|进系统|系统)"
    r"|入(?:一?下|档|系统|库|个档)|补(?:录|登|记|一?[笔张]|进)|建(?:个)?档|归档|留(?:个|一)?(?:底|档|痕|记录|备注)"
    r"|做(?:个|一?条|下|好)?(?:跟进|拜访|回访|电话)?(?:记录|登记|备案|备注|纪要|笔记)|备案|写(?:上|进(?!度)|个?(?:备注|跟进|记录|纪要)|一?条)|备注|备忘一?下|挂(?:上|进)"
    r"|(?:新增|新加|添加|添|加)(?:一?[张份笔单个条]|上|进)|新增|添加|标(?:一?下|上|注)|更新(?:一?下)?|同步(?:一?下)|系统里?改|跟进记录|follow\s?-?up\s*:|note\s*:|memo\s*:|mark\s?(?:一?下)?"
)
_WRITTEN_ASKED = lazy(
    r"(?:录|登|记|存|设|报|加|建|改|标|弄|办|交|做|写|补|更新|提醒|备注)[^,。]{0,7}?(?:了|过|好|上|进去|进系统|成|完|住)?(?:没有?|吗|么|冇|未)\W*$"
    r"|(?:是不是|有没有|是否)[^,。]{0,16}(?:录|登|记|存|设|报|加|建|改|标|买|退|办|交)"
)


_A_THING = re.compile(r"(?:有|哪些|什么|啥|几个|多少|所有|全部|我的|查|看|关怀|过期|逾期|今天|明天|本周|这周|下周)的?$")


def memo(s: Sentence, key: str, make: Callable[[Sentence], T]) -> T:
    """What was found out about a sentence once is not looked for again."""
    if key not in s.memo:
        s.memo[key] = make(s)
    return cast(T, s.memo[key])


_TO_WRITE = lazy(r"了?(?:帮我|给我|把)?[^,。]{0,6}?(?:改|录|登记?|记|更新|备注|写|加|标)(?:一?下|上|进去?|了)")


def only_to_write(s: Sentence) -> bool:
    """换手机了，记得改下 is to be done now."""
    found = re.search(r"记得|别忘了?", s.text)
    return found is not None and not s.times and _TO_WRITE.match(s.text, found.end()) is not None and reminding(s) is None


def reminding(s: Sentence) -> re.Match[str] | None:
    """The order to remind (提醒我, 到时候叫我, 设个闹钟), if it is one."""
    return memo(s, "reminding", _reminding)


# What stands before or behind the words of an order that is none: 他让她记得交保费, 他每个月都提醒我, 叫我小李就行.
_OTHERS = r"(?:他们?|她们?|人家|对方|客户|老[公婆]|孩子|同事|主管|领导|[我俺咱]们?(?:妈|爸|娘|爹|妹|弟|哥|姐|老婆|老公|媳妇|孩子|儿子|女儿|闺女|家|同学|朋友|领导)|系统|银行|别人|大家|短信|公司|保司|医院|学校|物业|快递|平台|前台)"
_NOT_TO_ME = lazy(rf"(?:让|叫|要求|嘱咐|叮嘱|跟)(?:了|过)?{_OTHERS}[^,。]{{0,5}}$|(?:^|[,。\s]){_OTHERS}(?:自己|也|还|会|总是?|经常|老是?|又|[每天日周月年个次早晚上下午]|都)*$|(?:说|讲)(?:他|她)?(?:自己|已经)[^,。]{{0,3}}$|(?:昨[天晚]|前天|上次|刚才|半夜)[^,。]{{0,8}}(?:还|又|都|居然|竟然)$")
_OF_WHAT_WAS = lazy(r"了?(?:我(?:可是|是|已经?|也|早)|你(?:说过|答应|欠|还欠)|当初)|[^,。\s]{1,5}(?:就行|就好|即可|就可以)(?:了|啦)?\W*$")


def _is_told(s: Sentence, match: re.Match[str]) -> bool:
    before = s.text[max(0, match.start() - 12):match.start()]
    behind = not s.times and match.group()[0] in "别叫喊" and _OF_WHAT_WAS.match(s.text, match.end()) is not None
    to_himself = match.group().startswith("提醒") and match.group().endswith("自己") and not s.points
    bare = to_himself or (match.group() in {"闹钟", "闹铃"} and not s.times)
    shown = match.group().startswith("提示") and re.match(r"没|不|无|错|失败|已|先|密码|版本", s.text[match.end():match.end() + 2]) is not None
    shown = shown or (match.group()[0] == "催" and re.search(r"(?:天天|整天|老是?|总是?|又)(?:在)?$", before) is not None)
    of_a_thing = shown or re.match(r"说|的(?:那|这|闹钟|提醒|声音|事儿?|人)", s.text[match.end():match.end() + 3]) is not None
    if behind or bare or of_a_thing or _NOT_TO_ME.search(before) is not None:
        s.memo["told of reminding"] = True
        return True
    return False


_TOLD = lazy(r"说|聊(?!聊)|问|谈(?:了|过|到|得)|过了|[CS他她](?:[TD]|也|还|就|都|又|一直|现在)*(?:打算|想(?!要?你)|计划|准备|考虑|有意|决定)")


def _keeps_a_day(s: Sentence) -> bool:
    """帮我记着 of a day still to come reminds; of what the client is, said or intends it is to be written down."""
    if _TOLD.search(s.shape) is not None:
        return False
    read = [s.when(e, times.REMIND) for e in s.points]
    return any(when.problem == "impossible" or (when.problem is None and when.date >= s.now.date()) for when in read)


_FOR_THE_LIST = lazy(r"[\s,，]*(?:都|帮我|给我)?(?:列|拉|发|筛|找)(?:一?下|给|出来|个)")


def _reminding(s: Sentence) -> re.Match[str] | None:
    for match in _REMIND_ME.finditer(s.text):
        if _is_told(s, match):
            continue
        if _in_quote(s, match.start()):
            continue
        if _NOT_SO.search(s.text[max(0, match.start() - 8):match.start()]):
            if _NOT_DONE.search(s.text[:match.start()][-8:]) is not None:
                s.memo["told of reminding"] = True
            continue
        if match.group().strip(" ,:")[-1:] == "醒" and not match.group().startswith("给我") and match.start() and (not s.times or _A_THING.search(s.text[:match.start()])):
            continue  # 同意关怀提醒: a thing, no order
        if match.group().rstrip("点").endswith(("记着", "记住")) and not _keeps_a_day(s):
            continue  # 帮我记着她爱喝茶: to be written down
        if match.group() in {"记得", "别忘"} and not s.times and _TO_WRITE.match(s.text, match.end()) is not None:
            continue  # 换手机了，记得改下: now, not later
        if not s.times and re.match(r"(?:记得|别忘了?)(?:帮我|给我)?(?:更新|改|登记|录|同步)(?:一?下|上|进去|过来)?\W*$", s.text[match.start():]):
            continue  # 地址换了，记得更新: to be done now
        if match.group() == "提个醒" and _FOR_THE_LIST.match(s.text, match.end()) is not None:
            continue  # 三天内要还款的 打电话提个醒 列给我: whom to call is to be listed
        if match.group()[0] in "告知吱说吭吼跟和" and re.search(r"提前|提早|之?前|头[一二两三四五六七\d]+天|到时|当天|那天|快到|的时候", s.text) is None:
            continue  # 告诉我 asks, unless it is for later
        if re.match(r"提醒我(?:设|定|建|加|录|弄)(?:了|过|好|上)?[没吗]|提醒[过了]|(?:叫|喊|催)我(?:别|不要)?(?:改|加|买|帮|把|退)", match.string[match.start():match.end() + 4]):
            continue  # 她叫我改: somebody wants it, nobody is to be reminded
        return match
    return None


def writing(s: Sentence) -> re.Match[str] | None:
    """The order to write something down (录一下, 存档, 记个跟进), if it is one: the last one said."""
    return memo(s, "writing", _writing)


def _writing(s: Sentence) -> re.Match[str] | None:
    found = None
    for match in _WRITE_DOWN.finditer(s.text):
        before = s.text[max(0, match.start() - 4):match.start()]
        if _in_quote(s, match.start()) or re.search(r"(?:别|不用|不要|不必|没|没有|未|无需|先不)$", before):
            continue
        found = match
    return found


def _in_quote(s: Sentence, at: int) -> bool:
    return any(p.kind == "quote" and p.start <= at < p.end for p in s.protected)


# ---------------------------------------------------------------- questions

_POLITE_END = lazy(r"(?<![,\s])[,\s]*(?:好不好|行不行|可以不|可以吗|可不可以|好吗|行吗|行不|好不|成不|中不|成吗|得唔得|谢谢\S{0,2}|麻烦\S{0,2}|辛苦\S{0,2}|谢啦|哈|啦|呗|呀|啊|哦|喔|咯|嘛)\W*$")
_POLITE_HEAD = lazy(r"^\W*(?:你|麻烦|请)?(?:能不能|可不可以|可否|能否|能|可以|是否可以|方便)(?=[^,。]{0,3}(?:帮|给我|替|提醒|记|录|登|把|麻烦|设|加))")
_NICE_QUESTION = lazy(r"^\W*(?:你|麻烦|请)?(?:能不能|可不可以|可否|能否|能|可以|是否可以|方便)(?=[^,。]{0,3}(?:帮|给我|替|提醒|记|录|登|把|麻烦|设|加)).*?(?P<end>吗|么|不|\?|呢)*\W*$")
_ASKS = lazy(
    r"吗|么\W*$|呢\W*$|[没冇未]\W*$|没有\W*$|(?<=[了过着好完到上])没(?:有)?(?=[\s,，呀啊])|\?|(?<!没)(?<!没有)(?:什么|甚么|啥)|咩|(?<!那个)谁|哪(?!怕|儿?都)|(?<![给跟约这那好十前后近了找让对过])几(?=[时个张份笔年期号月天点位单种项条岁次级家成])|几多|多少|多大|多久|多长|多高"
    r"|(?:是|写的|填的|选的)(?:是)?[^,。]{1,6}还是(?!不|别|算|先|改|要)[^,。]{1,6}\W*$|咋|(?<!不)怎(?:么|样)|如何|为何|是不是|有没有|能不能|会不会|要不要|该不该|可不可以|是否|到底|请问|来着\W*$|\b(?:what|whats|when|how|who|which|where)\b|点解|边个|边度|乜|(?P<v>[\u4e00-\u9fff])[没不](?P=v)|(?<!想再)(?:查|看|瞅|瞧|问|翻|调|核|确认)(?:一?下|看|询)|核对|核实|查证"
)


def asks(s: Sentence) -> bool:
    """Does the sentence want to know something? Polite requests and the content of commands do not ask."""
    return memo(s, "asks", _asking)


_REPORTED = lazy(r"^\W*(?>T|刚才?|今[天早]|昨[天晚])*[CS](?>T|刚才?|今[天早]|又|也)*(?:[^,。]{0,3}(?:来电话?|打来|打电话|发(?:来)?(?:微信|消息|信息)|微信|来店里?|来网点|过来|来)(?:了|过来)?)[\s,]*(?:来|又|还)?(?:问|咨询|打听)(?!一?下)")


def _asking(s: Sentence) -> bool:
    if _REPORTED.match(s.shape) is not None:
        return False  # 钱姐来电话了，问车险能不能便宜点: it was the client who asked
    text = _POLITE_END.sub("", s.text)
    if _WRITTEN_ASKED.search(text):
        return True
    text = _POLITE_HEAD.sub("", text)
    if text != s.text and _NICE_QUESTION.match(s.text):
        text = re.sub(r"(?:吗|么|不|\?|呢)\W*$", "", text)
    order = reminding(s) or writing(s)
    if order is None:
        return _ASKS.search(_unquoted(s, text)) is not None
    tail = s.text[order.end():].strip(" ,。!?")
    if len(tail) <= 3 and order.start() > 3 and reminding(s) is None:  # … 记一下: what goes before is to be written down
        return re.search(r"(?:吗|没)\W*$", text) is not None
    return _ASKS.search(text[:order.start()]) is not None and not len(tail) <= 3


def _unquoted(s: Sentence, text: str) -> str:
    for p in s.protected:
        if p.kind == "quote":
            text = text.replace(s.text[p.start:p.end], " ")
    return text


_SUPPOSES = lazy(r"如果|假如|假设|倘若|要是|假使|(?<![\u4e00-\u9fff])若|万一(?=[他她客有没]|不)|的话(?!费)|本来(?:想|要|打算)|差点")


def supposes(s: Sentence) -> bool:
    """A supposition (如果她退保…) is no report of what happened; ordered reminders stay orders."""
    return _SUPPOSES.search(s.text) is not None and reminding(s) is None

