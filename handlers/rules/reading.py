"""A rule as operations type it, part by part: 保单到期前60/30/7天 9点 提醒顾问 贵宾客户另提醒主管.

Each part takes its own words out of the text. What is left must be a condition, or the whole is refused: nothing that
was written is passed over."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from config.pack import BIRTHDAYS, SILENCE, Packs, Template
from handlers.rules.events import event_said
from handlers.rules.sources import Source, find_source, silence_said
from storage.conditions import Unreadable, read
from storage.dictionary import Dictionary
from storage.model.errors import Invalid
from storage.model.numerals import half_width, read_number
from storage.model.values import read_date

LONGEST = 600  # characters
_DAY = r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?"
_N = r"(?:\d{1,5}|[零一二两三四五六七八九十百半]{1,5})"
_UNIT = r"(?:天|日|周|个?星期|个?月)"
_TH = r"(?:第\s*)?"
_LIST = rf"{_TH}{_N}\s*{_UNIT}?(?:\s*(?:[/、,和及或]|以及)\s*{_TH}{_N}\s*{_UNIT}?)*"
_PART = r"(?=$|[\s,;。])"
_NEXT_PART = (
    r"(?=$|[;。]|[\s,]+(?:模板|话术|关怀文案|客户文案|建议文案|给客户|不带|名称|名字|规则名|权重|优先级|有效期|遇|接收人?|另|同时|并|还要?|提醒|通知|抄送|条件|只限|仅限|"
    r"提前|过后|当天|[上下](?![降跌涨升])|[中早晚](?!于)|\d{1,2}[:点]))"
)
_WHO = {
    "owner": "归属顾问 客户经理 负责人 理财经理 顾问", "supervisor": "团队长 主管 上级 经理 领导",
    "compliance": "合规岗 合规部 合规", "risk": "风控岗 风控部 风控", "claims": "理赔岗 理赔部 理赔",
    "ops": "运营岗 运营部 运营",
}
_NOT_WHO = ("管理员", "客户本人", "客户", "全员", "所有人", "大家")
_WHO_WORDS = {word: to for to, words in _WHO.items() for word in words.split()}
_ONE = "|".join([*_WHO_WORDS, *_NOT_WHO])
_LABEL = re.compile(rf"(?:规则名称?|名称|名字|叫做?)\s*[:是为]?\s*「?(?P<v>[^\s,;。「」]{{1,40}})」?{_PART}")
_TEMPLATE = re.compile(rf"(?:模板|话术)\s*(?:改成|改为|换成|用|[:是为])?\s*「?(?P<v>[^\s,;。「」]{{1,40}})」?{_PART}")
_CARE_WORD = r"(?:(?:关怀|客户|建议|给客户的?)文案|给客户的话)"
_CARE = re.compile(
    rf"(?:带上?|用|附上?)?{_CARE_WORD}\s*(?:改成|改为|换成|用|[:是为])?\s*「?(?P<v>[^\s,;。「」]{{1,40}})」?{_PART}"
)
_NO_CARE = re.compile(rf"(?:不带|不要|不用|去掉|取消|没有|不给客户)(?:{_CARE_WORD}|(?:给客户的?)?文案){_PART}")
_WEIGHT = re.compile(r"(?:权重|优先级|重要性)\s*(?:改成|改为|[:是为])?\s*(?P<v>-?\d{1,6})")
_WHEN = re.compile(
    rf"(?:条件|只限|仅限|限于|筛选|只要(?!.{{0,12}}(?:就|提醒)))\s*(?:改成|改为|加上?|[:是为])?\s*(?P<v>.+?){_NEXT_PART}"
)
_FROM_TO = re.compile(rf"(?:有效期?)?\s*[:是为从]?\s*(?P<a>{_DAY})\s*(?:到|至|~|—)\s*(?P<b>{_DAY})\s*(?:止|为止|有效)?")
_FROM = re.compile(
    rf"(?:生效|开始|启用)(?:日期?|时间)?\s*(?:改成|改为|改到|[:是为])?\s*(?P<a>{_DAY})(?:\s*(?:起|开始))?"
    rf"|(?:从|自)?\s*(?P<a2>{_DAY})\s*(?:起|开始)(?:生效|有效)?|(?P<a3>{_DAY})\s*(?:才|再)?生效"
)
_UNTIL = re.compile(
    rf"(?:失效|停止|终止|截止|结束)(?:日期?|时间)?\s*(?:改成|改为|改到|[:是为于到])?\s*(?P<b>{_DAY})"
    rf"|(?:有效期?)?\s*(?:到|至)\s*(?P<b2>{_DAY})\s*(?:止|为止|结束|停止)?|(?P<b3>{_DAY})\s*(?:失效|停止|终止|截止)"
)
_FOREVER = re.compile(r"(?:有效期\s*)?长期(?:有效)?")
_OFF = (
    r"(?:遇到?|碰到?|逢)?\s*(?:节假日|法定节假日|休息日|非工作日|假期|周末|双休日)(?:和节假日)?"
    r"\s*(?:的话|时|则|就|,)?\s*"
)
_SHIFTS = {
    "previous": re.compile(_OFF + r"(?:提前|提早|往前)(?:到|至)?(?:前|上)?(?:一个?|1个?)?(?:工作日|天)?"),
    "next": re.compile(
        rf"只在?工作日(?:提醒)?|{_OFF}(?:顺延|推迟|延后|往后|延到|推到)(?:到|至)?(?:下|后)?(?:一个?|1个?)?(?:工作日|天)?"
    ),
    "none": re.compile(rf"(?:{_OFF}(?:照常|不变|也提醒|不调整|不顺延|不提前)|不(?:管|避|避开)节假日)"),
}
_CLOCK = re.compile(
    r"(?:每天)?(?P<part>上午|早上|早晨|中午|下午|傍晚|晚上|早|晚)?\s*"
    r"(?:(?P<h>\d{1,2}):(?P<m>\d{2})|(?P<h2>\d{1,2}|[一二两三四五六七八九十]{1,3})\s*(?:点钟?|时)"
    rf"(?!\s*[零一二两三四五六七八九十\d]+\s*{_UNIT})\s*(?P<m2>半|一刻|三刻|\d{{1,2}}分?)?)"
)
_JOIN = r"(?:另外|另|同时|并且|并|还要|还|再|也|只|改为|改成)"
_RECEIVER = re.compile(
    rf"(?P<cond>\([^)]*\)(?:的?客户)?|[^\s,;。]*?)(?:\s*{_JOIN}+\s*)?(?:提醒|通知|抄送)(?:给|到)?\s*"
    rf"(?P<who>(?:{_ONE})(?:\s*(?:[、/和与及跟]|以及)\s*(?:{_ONE}))*)"
)
_AGAIN = r"(?:(?:到|满|过)期日?)?"  # 身份证到期前30天 到期后7天: the date is named once more
_BEFORE = re.compile(rf"{_AGAIN}(?:提前|之前|以前|前)\s*(?P<n>{_LIST})|(?P<n2>{_LIST})\s*(?:之|以)?前")
_AFTER = re.compile(rf"{_AGAIN}(?:过后|之后|以后|逾期|超过|超|后|过)\s*(?P<n>{_LIST})|(?P<n2>{_LIST})\s*(?:之|以)?后")
_ALONE = re.compile(r"(?:只|仅)(?!提醒[^前后\d])|改成|改为|换成|改到")  # 改成过后 7 天: not beside the days before
_DAYS_ALONE = re.compile(rf"(?:到|满|过)期日?\s*(?:提前|前|之前|过后|之后|后)\s*{_N}")
# What stands where days are said and is no number of them.
_NO_DAYS = re.compile(
    rf"(?:提前|之前|以前|前|过后|之后|以后|逾期|超过|后)\s*(?P<bad>(?P<n>\d+\.\d+|{_N}点{_N}|[A-Za-z]+|很多|好几|几|若干|多少|许多)\s*{_UNIT})"
)
_YEARLY = re.compile(r"每年的?|每一年的?|逐年|年年")
_ONCE = re.compile(r"(?:不要|不用|不|别)每年|只(?:提醒)?一次|不重复|一次性")
_SAME = re.compile(r"(?:到期|应缴)?[之以]?后?(?:当天|当日|那天)")
_NUMBER = re.compile(rf"(?P<n>{_N})\s*(?P<unit>{_UNIT})?")
_FILLER = re.compile(
    r"(?:请|帮我|改成|改为|换成|设为|就|时候?|的时候|和|及|、|/|的|日期?|每|用|要|都|只"
    r"|(?:电话|上门)?回访(?:客户)?)+"  # what a reminder is for anyway
)
_CHAFF = re.compile(r"^[\s,;。:、和及]+|[\s,;。:、和及]+$")
_NOTHING = ("无", "不限", "没有", "去掉", "取消", "不带")
WHO_NOT = "「{who}」不能作为接收人：可以提醒顾问、他的主管、合规、风控、理赔、运营。"
WHICH_PART = "「{left}」读不出是规则的哪一部分（日期、天数、时刻、接收人、模板、有效期），当作条件也不行："
CLIENT_NOT = (
    "规则不能直接给「{who}」发消息。给客户的话这样到：规则提醒顾问，带上审定的文案，顾问看过点发送，再问一遍能不能发（授权、投诉、频次、夜间），"
    "绑定了微信的走企业群发任务，没绑定的由顾问手动发。请写「提醒顾问 关怀文案 名称」，可用：{texts}。"
)


@dataclass
class _Text:
    """What is still unread; `take` cuts out what a part has read."""

    rest: str
    parts: dict[str, Any] = field(default_factory=dict)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.search(self.rest)
        if found is not None:
            self.rest = f"{self.rest[:found.start()]} {self.rest[found.end():]}"
        return found


@dataclass(frozen=True)
class Reader:
    """Reads for one member, whose role decides which fields conditions may use."""

    dictionary: Dictionary
    role: str
    today: date
    source: str = ""  # what the rule counts from so far; beside another date 30天未联系 is a condition
    ladder: tuple[int, ...] = ()  # its days so far, which 过后 7 天 adds to

    def parts(self, text: str) -> Mapping[str, Any]:
        """The parts of a rule by their names in `ReminderRule`, as plain JSON. Raises Invalid."""
        if len(text) > LONGEST:
            raise Invalid(f"规则太长了，最多 {LONGEST} 个字。请分几句说。")
        found = _Text(half_width(text).replace("；", ";").replace("：", ":"))
        ways: tuple[Callable[[_Text], None], ...] = (
            self._named, self._valid, self._shifted, self._condition, self._happened, self._silent, self._clock,
            self._dated, self._received, self._rest,
        )
        for way in ways:
            way(found)
        return found.parts

    @property
    def _packs(self) -> Packs:
        return self.dictionary.packs

    # ------------------------------------------------------------ the parts

    def _named(self, text: _Text) -> None:
        if text.take(_NO_CARE):
            text.parts["care_template"] = ""
        elif found := text.take(_CARE):
            text.parts["care_template"] = "" if found["v"] in _NOTHING else self._care_template(found["v"]).id
        if found := text.take(_TEMPLATE):
            text.parts["template"] = self._template(found["v"]).id
        if found := text.take(_LABEL):
            text.parts["label"] = found["v"]
        if found := text.take(_WEIGHT):
            text.parts["weight"] = int(found["v"])

    def _template(self, said: str) -> Template:
        usable = [t for t in self._packs.templates if t.purpose != "care"]
        found = next((t for t in usable if said in (t.id, t.label)), None)
        if found is None and any(said in (t.id, t.label) for t in care_texts(self._packs)):
            raise Invalid(f"「{said}」是给客户的文案，要带上它请写「关怀文案 {said}」；提醒同事的模板另外选。")
        if found is None:
            raise Invalid(f"没有审定过的模板「{said}」，可用：{'、'.join(t.label for t in usable)}。")
        return found

    def _care_template(self, said: str) -> Template:
        usable = care_texts(self._packs)
        found = next((t for t in usable if said in (t.id, t.label)), None)
        if found is None:
            names = "、".join(t.label for t in usable)
            raise Invalid(f"没有审定过的关怀文案「{said}」，可用：{names}。不要文案请说「不带文案」。")
        return found

    def _valid(self, text: _Text) -> None:
        for pattern in (_FROM_TO, _FROM, _UNTIL):
            if found := text.take(pattern):
                bounds = {"a": "valid_from", "b": "valid_until"}
                text.parts |= {bounds[group[0]]: _day(day) for group, day in found.groupdict().items() if day}
        if text.take(_FOREVER):
            text.parts |= {"valid_from": None, "valid_until": None}

    def _shifted(self, text: _Text) -> None:
        for shift in ("none", "next", "previous"):
            if text.take(_SHIFTS[shift]):
                text.parts["shift"] = shift

    def _condition(self, text: _Text) -> None:
        if (found := text.take(_WHEN)) is None:
            return
        if found["v"].strip() in _NOTHING:
            text.parts["when"] = ""
        else:
            self._narrow(text, found["v"])

    def _narrow(self, text: _Text, said: str) -> None:
        self._check(said)
        before = text.parts.get("when")
        text.parts["when"] = f"({before}) 且 ({said.strip()})" if before else said.strip()

    def _received(self, text: _Text) -> None:
        receivers: dict[str, str] = {}
        while found := text.take(_RECEIVER):
            when = _bare(found["cond"])
            if when:
                self._check(when)
            for word in re.split(r"\s*(?:[、/和与及跟]|以及)\s*", found["who"]):
                if word.startswith("客户") and word not in _WHO_WORDS:
                    texts = "、".join(template.label for template in care_texts(self._packs))
                    raise Invalid(CLIENT_NOT.format(who=word, texts=texts))
                if word not in _WHO_WORDS:
                    raise Invalid(WHO_NOT.format(who=word))
                receivers[_WHO_WORDS[word]] = when
        if receivers:
            text.parts["receivers"] = [{"to": to, "when": when} for to, when in receivers.items()]

    def _happened(self, text: _Text) -> None:
        if found := event_said(text.rest, self._packs):
            start, end, parts = found
            text.rest = f"{text.rest[:start]} {text.rest[end:]}"
            text.parts |= parts

    def _silent(self, text: _Text) -> None:
        if self.source not in ("", SILENCE) or "event" in text.parts:
            return
        if (found := silence_said(text.rest)) is None:
            return
        start, end, days = found
        rest = f"{text.rest[:start]} {text.rest[end:]}"
        if find_source(rest, self._packs) is None:
            text.rest = rest
            text.parts |= {"source": SILENCE, "silent_days": days, "kinds": [], "yearly": False, "offsets": [0]}

    def _dated(self, text: _Text) -> None:
        if wrong := _NO_DAYS.search(text.rest):
            raise Invalid(f"「{wrong['bad']}」不是天数，请写整数，例如「提前 30/7 天」。")
        alone = _ALONE.search(text.rest) is not None
        once, yearly = text.take(_ONCE), text.take(_YEARLY)
        if not {"event", "silent_days"} & text.parts.keys() and (found := self._source_in(text.rest)):
            start, end, source = found
            text.rest = f"{text.rest[:start]} {text.rest[end:]}"
            comes_again = (source.yearly or yearly is not None) and source.path not in BIRTHDAYS
            text.parts |= {
                "source": source.path, "kinds": list(source.kinds), "yearly": comes_again, "silent_days": None,
            }  # fmt: skip
        elif yearly is not None:
            text.parts["yearly"] = True
        if once is not None:
            text.parts["yearly"] = False
        offsets: list[int] = []
        for pattern, sign in ((_BEFORE, -1), (_AFTER, 1)):
            while at := text.take(pattern):
                offsets += [sign * days for days in _days(at["n"] or at["n2"])]
        if text.take(_SAME):
            offsets.append(0)
        if offsets:
            kept = () if alone or "source" in text.parts else _other_side(self.ladder, offsets)
            text.parts["offsets"] = sorted({*kept, *offsets})

    def _source_in(self, text: str) -> tuple[int, int, Source] | None:
        """The date that is named; where the rule has one already, 到期后7天 tells of days alone."""
        found = find_source(text, self._packs)
        return None if found and self.source and _DAYS_ALONE.match(text, found[0]) else found

    def _clock(self, text: _Text) -> None:
        if found := text.take(_CLOCK):
            text.parts["hour"] = _hour(found)

    def _rest(self, text: _Text) -> None:
        left = _CHAFF.sub("", text.rest)
        if not left or _FILLER.fullmatch(left.replace(" ", "")):
            return
        try:
            self._narrow(text, _bare(left))
        except Invalid as why:
            raise Invalid(f"{WHICH_PART.format(left=left[:40])}{why}") from None

    def _check(self, said: str) -> None:
        try:
            read(said, self.dictionary, self.role, self.today)
        except Unreadable as error:
            raise Invalid(str(error).replace("没有筛选", "规则没有改动")) from None


def care_texts(packs: Packs) -> list[Template]:
    """The approved texts to clients that a rule may suggest."""
    return [t for t in packs.templates if t.purpose == "care" and t.state == "approved" and t.occasion != "welcome"]


def _bare(said: str) -> str:
    """(贵宾 或 私行)的客户 without the bracket and the word behind it."""
    words = re.sub(r"的?客户$|的$", "", said.strip()).strip()
    return words[1:-1].strip() if re.fullmatch(r"\([^()]*\)", words) else words


def _other_side(ladder: Sequence[int], said: Sequence[int]) -> list[int]:
    """The days of a ladder that stand beside the days said now: those after the date when days before it are said,
    those up to the date when days after it are said. Whoever says both says all of it."""
    if min(said) < 0 < max(said):
        return []
    return [day for day in ladder if (day > 0 if min(said) < 0 else day <= 0 if max(said) > 0 else True)]


def _day(said: str) -> str:
    try:
        return read_date(said).isoformat()
    except Invalid as why:
        raise Invalid(f"有效期里的「{said}」不对：{why}") from None


def _days(said: str) -> list[int]:
    """60/30/7天, 一周和一个月, in days; a unit that is said once holds for all before it."""
    found = list(_NUMBER.finditer(said))
    last = next((match["unit"] for match in reversed(found) if match["unit"]), "天")
    days = []
    for match in found:
        unit = match["unit"] or last
        length = 7 if "周" in unit or "星期" in unit else 30 if "月" in unit else 1
        number = length // 2 if match["n"] == "半" else read_number(match["n"])
        if number is None or number != int(number):
            raise Invalid(f"「{match['n']}」不是天数，请写整数，例如「提前 30/7 天」。")
        days.append(int(number) if match["n"] == "半" else int(number) * length)
    return days


def _hour(found: re.Match[str]) -> str:
    hour = int(read_number(found["h"] or found["h2"]) or 0)
    minute = {"半": 30, "一刻": 15, "三刻": 45}.get(found["m2"] or "")
    if minute is None:
        minute = int((found["m"] or found["m2"] or "0").removesuffix("分"))
    if (found["part"] or "") in ("下午", "傍晚", "晚上", "晚") and hour < 12:
        hour += 12
    if hour > 23 or minute > 59:
        raise Invalid(f"「{found[0].strip()}」不是时刻，请写例如「9点」「14:30」。")
    return f"{hour:02d}:{minute:02d}"
