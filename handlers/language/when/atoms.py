"""The finder: the smallest pieces of time expressions in normalised text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from handlers.language.lazy import lazy
from handlers.language.when.read import READERS
from handlers.language.when.words import FESTIVALS, NUMBER_FESTIVALS, PARTS, TERMS


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece of time. `kind` says what `value` is (see the readers in `read`): ymd md mday lunar festival term year
    half quarter month edge nth week day part clock duration span workday every."""

    kind: str
    start: int
    end: int
    value: Any


_C = "零一二两三四五六七八九十"
_INT = r"(?:\d{1,4}|[一二两三四五六七八九十百]{1,5})"
_HOUR = r"(?:2[0-4]|1\d|0?\d|二十[一二三四]?|十[一二三四五六七八九]?|[零一二两三四五六七八九])"
_MIN = r"(?:[0-5]?\d|[二三四五]?十[一二三四五六七八九]?|零?[一二三四五六七八九])"
_MON = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九])"
_WD = r"(?:[一二三四五六日天]|[1-7](?![\d点:]))"
_WEEK = r"(?:周|星期|礼拜)"
_UNIT = r"(?:个半?(?:月|小时|钟头|星期|礼拜|季度|工作日|交易日)|半?(?:小时|钟头|星期|礼拜|季度|工作日)|天|日(?!元|常|报)|周(?![年岁]|[一二三四五六日天](?![个天]))|年(?!级|报|龄|纪|糕)|分钟|分(?=后|以后|之后)|刻钟|秒钟?|月(?=后|内|之后|以后))"
_LUNAR_MONTH = r"(?:十[一二]|[正二三四五六七八九十冬腊一]|1[0-2]|[1-9])"
_LUNAR_DAY = r"(?:初[一二三四五六七八九十]|廿[一二三四五六七八九]?|二?十[一二三四五六七八九]|二十|三十|十|[12]\d|30|[1-9])"
_AFTER_NUMBER_FESTIVAL = r"(?=节|黄金周|小?长假|假期|期间|放假|前(?!台)|后|当天|那天|劳动|妇女|建军|建党|青年|之前|之后|以前|以后)"

_ALTERNATIVES: tuple[tuple[str, str], ...] = (
    ("ymd", r"(?<!\d)(?:19|20)\d\d\s?(?:-|/|\.|年)\s?(?:1[0-2]|0?[1-9])\s?(?:-|/|\.|月)\s?(?:3[01]|[12]\d|0?[1-9])(?!\d)(?:日|号)?"
            r"|(?<!\d)(?:19|20)\d\d(?:1[0-2]|0[1-9])(?:3[01]|[12]\d|0[1-9])(?!\d)"),
    ("clock", r"(?<![\d.:])(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?:\s?[ap]\.?m\b)?(?![\d:])"
              r"|(?<![\d.])1?\d\s?[ap]\.?m\b"
              r"|差(?:一刻钟?|" + _MIN + r"分?钟?)(?:就|不?到)?" + _HOUR + r"点钟?"
              r"|(?<![\d.第])" + _HOUR + r"(?:点(?![万亿])|时(?![间候长效常代期刻]))"
              r"(?:差(?:一刻|" + _MIN + r"分?)|过?(?:[一三]刻钟?|半(?![个天年小])|" + _MIN + r"分?(?![\d%天日月年周个岁位份次万千块元人几]))|钟(?:整|半)?|整)?"),
    ("every", r"每(?:个)?月(?:的)?初一(?:、|和|,)?十五|(?:逢|每逢)?初一(?:、|和|,)?十五(?=都|每|提醒|的时)|逢初一(?:、|和|,)?十五"
              r"|(?:每|逢|每逢)(?:个|到)?" + _WEEK + r"(?:末|" + _WD + r"(?:(?:[、,和及]|到|至|-)?" + _WEEK + r"?" + _WD + r"(?![点个十]))*)"
              r"|(?:每|逢)(?:个|到)?(?:法定)?工作日|工作日(?:的)?(?:每天|天天)?(?=早|上午|下午|晚|中午|[\d" + _C + r"]{1,3}[点:]|提醒|都|$)"
              r"|隔(?:一)?(?:天|日)|隔(?:一)?周" + _WD + r"?|隔(?:一)?个?月"
              r"|每(?:隔)?(?:" + _INT + r"|半)?(?:个)?(?:工作日|天|日(?!元)|周(?![年岁])|星期|礼拜|月(?![供收入薪缴交])|季度?|小时|钟头|分钟|年(?![缴交化]))"
              r"|(?:一|两|二|三|半|" + _INT + r")(?:个)?(?:天|周|星期|礼拜|月|季度|年|小时)一次"
              r"|天天|年年|每晚|每早"),
    ("lunar", r"(?:农历|阴历|旧历|古历)(?:的)?(?:闰?" + _LUNAR_MONTH + r"月(?:份)?)?(?:的)?(?:" + _LUNAR_DAY + r")?(?:日|号)?"
              r"|闰" + _LUNAR_MONTH + r"月(?:" + _LUNAR_DAY + r")?"
              r"|(?:正|冬|腊)月(?:" + _LUNAR_DAY + r")?"
              r"|" + _LUNAR_MONTH + r"月(?:初[一二三四五六七八九十]|廿[一二三四五六七八九]?)"
              r"|(?:大年)?初(?:[一二三四五六七八九]|十)(?![中级步期次])"),
    ("festival", "|".join(sorted(set(FESTIVALS) - set(NUMBER_FESTIVALS), key=len, reverse=True))
                 + "|(?:" + "|".join(NUMBER_FESTIVALS) + ")" + _AFTER_NUMBER_FESTIVAL),
    ("term", "(?:" + "|".join(TERMS) + ")节?"),
    ("year", r"(?<!\d)(?:19|20)\d\d(?:年(?:度)?(?![前后内期交缴])|(?=财年))|[一二][零九][零一二三四五六七八九]{2}年"
             r"|(?<![\d.交缴供付保存贷])\d\d年(?=\s?\d{1,2}月|[一二三四五六七八九十]{1,2}月|的?(?:春节|国庆|中秋)|[底初末上下]|第?[一二三四1-4]季)"
             r"|(?<![\d.])[3-9]\d年(?=生|的|出生|\s|$|[,。])"
             r"|大?前年|去年|上一?年(?![级龄金])|今年|本年度?|当年|明年|来年|大?后年|下一?年(?![级龄金])|\b(?:next|this|last) year\b"),
    ("half", r"(?:上|下)半年"),
    ("quarter", r"(?:上上|下下|上|下|这|本|当)(?:一|个)?个?季度?|第?[一二三四1-4]季度|\bq[1-4]\b"),
    ("md", r"(?<![\d.])" + _MON + r"月份?的?" + _DAY + r"(?:号|日)?(?![\d%天日月年周个岁位份次万千百亿点时:块元人几期])"
           r"|(?<![\d./-])(?:1[0-2]|0?[1-9])/(?:3[01]|[12]\d|0?[1-9])(?:日|号)?(?![\d./%-])"
           r"|(?<![\d./-])(?:1[0-2]|0[1-9])-(?:3[01]|[12]\d|0[1-9])(?![\d./%-])"
           r"|(?<![\d./率化为是约涨跌降调费额入比了v-])(?:1[0-2]|0?[1-9])\.(?:3[01]|[12]\d|0?[1-9])(?![\d./%-]|[万亿千元块kw折成倍个分点年米])"),
    ("month", r"(?:上上|下下|上|下|这|本|当)(?:一)?(?:个)?月(?:份)?(?![供收薪入])|\b(?:next|this|last) month\b"
              r"|(?<![\d.])" + _MON + r"月(?:份)?(?![供薪入收息缴交])"),
    ("nth", r"(?:(?:倒数)?第|最后|头)(?:" + _INT + r")?个?(?:工作日|交易日|" + _WEEK + _WD + r"|天(?!候|气))"),
    ("edge", r"(?:月|年|季度?|岁)(?:底|末)|(?:月|年|季)初(?![一二三四五六七八九十])|月中(?!旬)|(?:上|中|下)旬|周中"
             r"|(?<=[年月度])(?:初(?![一二三四五六七八九十])|底|末|中(?![国心午秋学信文等产介旬]))"),
    ("mday", r"(?<![\d./第])" + _DAY + r"(?:号(?![楼线院码房店机])|日(?![元常报程游内后前]|以内|之内|之后|以后))"),
    ("week", r"(?:上上上|下下下|上上|下下|上|下|这|本|今)(?:一)?(?:个)?" + _WEEK + r"(?:(?:末|" + _WD + r")(?![年岁])|(?![年岁报转期]))"
             r"|" + _WEEK + r"(?:末|" + _WD + r")(?![年岁福])"
             r"|\b(?:next |this |last )?(?:mon|tues|tue|wednes|wed|thurs|thu|fri|satur|sat|sun)(?:day)?\b|\b(?:next|this|last) week(?:end)?\b|\bweekend\b"),
    ("workday", r"(?:下|下一|后一|次一?|头一?|上|前)个?(?:工作日|交易日)"),
    ("span", r"(?:最近|近期?|过去|过往|以往|往后|未来|接下来|今后|后面|(?<![提之以往])前|(?<![延推之以往落])后)(?:的)?(?:这)?(?:" + _INT + r"|半|几)个?(?:来)?" + _UNIT.replace("个半?", "半?")
             + r"(?![后前])(?:以内|之内|内|里)?|最近一?(?:天|周|年|个?月|个?季度|段时间)|最近(?!的)|近期|近来|近日|这(?:几|两|些)天"),
    ("duration", r"(?:再?过|再?等)?(?:一个半(?=[月小钟星礼])|半个?(?=[月小钟星天年])|两三|三四|三五|四五|五六|七八|\d{1,4}(?:\.\d+)?|[一二两三四五六七八九十百]{1,5})"
                 + _UNIT + r"(?:零|又)?(?:半(?!年|个|天|小)|" + _MIN + r"分钟?)?(?:时间)?"
                 r"(?:之后|以后|过后|后(?![天续面台]|半)|之前|以前|前(?![天台])|以内|之内|内(?![容部])|里(?=[面头]?[^面])|左右)?"
                 r"|(?:这|本)?周内|(?:这|本|这个)?月内|(?:本)?年内|(?:今|当)天内"),
    ("day", r"大大后天|大后[天日儿]个?|大前[天日儿]|今[天日儿]个?|本日|当[天日](?!起)|明(?:[天日]|儿个?)(?!有限|星|确)|后(?:天|日|儿个?)|昨(?:[天日]|儿个?)|前(?:天|日|儿个?)|次日|第二天|听日|寻日"
            r"|\b(?:today|tomorrow|tmr|tmrw|yesterday)\b"),
    ("daypart", r"(?:今|明|昨|后|当)(?:早上?|晨|晚上?|夜里?)(?![点报])|(?:今|明|昨|后)(?=上午|下午|中午|傍晚)|\btonight\b"),
    ("part", "|".join(sorted((p for p in PARTS if len(p) > 1 and not p.isascii()), key=len, reverse=True))
             + r"|(?:早|晚)(?=[\d" + _C + r"]{1,2}(?:点|:))|下班(?:之|以)?[前后]|\b(?:morning|afternoon|evening|noon)\b"),
)
_ATOMS = lazy("|".join(f"(?P<{name}>{pattern})" for name, pattern in _ALTERNATIVES))
# Where an atom can begin. Most characters of most sentences are not in here.
_STARTS = re.compile(
    r"[\d零一二两三四五六七八九十半大今本当明后昨前次第听寻每逢天年月周星礼日上下这去来农阴旧古闰正冬腊初最近过未接往再等差早晚"
    r"凌清中午傍夜深白黄工隔元情妇女植愚劳青护儿建教国记光双平圣母父感春除龙端七重小立雨惊谷芒夏处霜寒秋头倒"
    r"底末季岁以今后qtnwmflsyae]"
)


def find_atoms(text: str) -> list[Atom]:
    """Atoms of normalised text, left to right, without overlaps. A piece that cannot be read is left out."""
    atoms: list[Atom] = []
    position = 0
    while (start := _STARTS.search(text, position)) is not None:
        match = _ATOMS.match(text, start.start())
        if match is None or match.end() == match.start():
            position = start.end()
            continue
        position = match.end()
        name = match.lastgroup or ""
        value = READERS[name](match.group())
        if value is not None:
            atoms.append(Atom(name, match.start(), position, value))
    return atoms
