"""Reminders tied to a client's own date: 还款日提前两天, 生日当天上午十点, 保单生效满两年."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.language import when as times
from handlers.language.intents import fills
from handlers.language.intents.pattern import Slots
from handlers.language.lazy import lazy
from handlers.language.numerals import number
from handlers.language.sentence import Sentence

_REMIND_WORDS = lazy(
    r"(?:到时候?|记得|别忘了?|千万|麻烦你?|请|帮我|给我|帮忙|你){0,5}(?:设置?个?|设|定个?|加个?|建个?|来个?|弄个?|安排个?|约个?)?(?:一个|个)?(?:闹钟|备忘|提醒|题醒|提省|体醒)(?:我一?下|我|俺一?哈|俺|一下|一声|下|一哈)?(?:[:,]|去|要)?"
    r"|别忘(?:了|记)?(?:提醒我?)?|记得(?:提醒我?)?|叫(?:我一?下|我一声|我)(?:起来)?|喊(?:我一?声|我)|通知我|催我|ding|提个醒|remind me(?: to)?|remind|提示我|你?提醒(?:俺|我)?(?:一哈|一下|下)?|喊一声|到时候?"
)
_EVENT = (
    r"(?:(?:保单|车险|保险|合同|贷款|授信|理财|存单|存款|定存|定期|基金|信托|私募|产品|身份证|证件|护照|驾照|租约)的?)?(?:快)?(?:到期|满期|期满|过期)"
    r"|保单续保|续保|续费|续期|续约|脱保|保单生效|生效|起保|承保|投保|买满|过?生日|寿辰|过寿|还款|还贷|还钱|还月供|月供|扣款|扣钱|扣费|(?:缴|交)(?:保)?费|交钱"
)
_COUNT = r"(?P<n>[一二两三四五六七八九十半]+|\d+)个?(?P<unit>天|日|周|星期|礼拜|个?月|年|小时|钟头|工作日)"
_ANCHORED = lazy(
    rf"(?P<scope>所有|全部|每个|每位|每张|每份|每笔|凡是)?(?P<who>[^,。]{{0,12}}?)(?P<what>{_EVENT})"
    rf"(?:日期?|那天|那会儿?|那阵儿?|的?时候|时间)?的?[\s,]?(?:(?P<side>提前|提早|早|前|之前|以前|头|后|之后|以后|过后|满|倒数)的?第?{_COUNT}(?:左右)?(?:的?时候)?(?:前|后)?|(?P<same>当天|当日|那天|那日|的时候|正日子))"
)
_ANCHOR_FIRST = lazy(rf"(?:提前|提早|早){_COUNT}(?:左右)?.{{0,16}}?(?P<what>{_EVENT})")
_ANCHORS = (("身份证|证件|护照|驾照", "id_expiry"), ("贷款的?到期|授信的?到期", "loan_due"), ("理财|存单|存款|定存|定期|基金|信托|私募", "holding_due"), ("生效|起保|承保|投保|买满", "policy_effective"),
            ("生日|寿", "birthday"), ("还|月供|扣款", "repay_date"), ("满期|期满", "holding_due"), ("到期|过期|续|脱保|缴|交|扣", "policy_due"))
_UNIT = {"天": "D", "日": "D", "周": "W", "星期": "W", "礼拜": "W", "月": "M", "个月": "M", "年": "Y", "工作日": "D"}


def reminding(s: Sentence) -> list[tuple[int, int]]:
    return [m.span() for m in _REMIND_WORDS.finditer(s.text)]


def anchored(s: Sentence) -> Slots | None:
    found = _ANCHORED.search(s.text) or _ANCHOR_FIRST.search(s.text)
    if found is None or _has_a_date(s, found):
        return None
    groups = found.groupdict()
    anchor = next(name for words, name in _ANCHORS if re.search(words, groups["what"] + (groups.get("who") or "")[-2:]))
    if anchor == "policy_due" and "过期" in groups["what"] and _PAPERS.search(s.text) is not None:
        anchor = "id_expiry"  # 身份证快过期了 过期前一个月提醒我
    if anchor in {"policy_due", "holding_due"} and "product_policy" in s.words:
        anchor = "policy_due"
    elif anchor == "policy_due" and s.words.keys() & {"product_wealth", "product_deposit", "product_fund"}:
        anchor = "holding_due"
    elif anchor == "policy_due" and s.words.keys() & {"product_loan", "product_credit_line", "product_lease"}:
        anchor = "loan_due"
    before = groups.get("side") not in {"后", "之后", "以后", "满"}
    offset = "P0D" if groups.get("same") else _offset(groups["n"], groups["unit"], before)
    if offset is None:
        return None
    has_scope = bool(groups.get("scope")) or _GENERAL.search(s.text) is not None
    scope = {"scope": "all"} if has_scope and not s.clients else {"scope": "list"} if re.search(r"这些|这几个|名单|列表里|上面", s.text) else {}
    who = {} if scope else fills.client(s, needed=not has_scope)
    text = fills.content(s, [found.span(), *fills.times_cut(s), *reminding(s)])
    at = _hour(s)
    return fills.merged(who, scope, {"anchor": anchor, "offset": offset, "content": text or None}, at)


_PAPERS = lazy(r"身份证|证件|护照|驾照")
_DAYS = frozenset({"md", "mday", "ymd", "lunar", "festival", "day"})


def _has_a_date(s: Sentence, found: re.Match[str]) -> bool:
    """杨经理下个月8号生日 提前5天…: the event's day was said, so nothing needs to be looked up."""
    return any(e.slots.keys() & _DAYS and 0 <= found.start("what") - e.end <= 8 and not re.search(r"[,。]", s.text[e.end:found.start("what")]) for e in s.points)


# Of nobody in particular: 客户存单到期前一周都提醒我.
_GENERAL = lazy(r"所有|全部|每个|每位|每张|每笔|凡是|只要|但凡|都提醒|都要提醒|都叫|都给我|客户都|大家|(?<![\u4e00-\u9fff]客)(?:^|[给把\s])(?:名下)?客户的?")


def _hour(s: Sentence) -> Slots:
    """The time of day that goes with an anchored reminder (生日当天上午十点)."""
    clock = next((e for e in s.points if "clock" in e.slots), None)
    if clock is None:
        return {}
    bare = replace(clock, slots={k: v for k, v in clock.slots.items() if k in {"clock", "part"}}, limit="")
    return {"time": s.when(bare, times.DUE).start[11:16]}


def _offset(count: str | None, unit: str | None, before: bool) -> str | None:
    value = 0.5 if count == "半" else number(count or "")
    if value is None or unit is None:
        return None
    if value == 0.5:
        value, unit = (15, "天") if "月" in unit else (6, "月")
    if unit in {"小时", "钟头"}:
        return f"{'-' if before else ''}PT{int(value)}H"
    if _UNIT[unit] == "W":
        value, unit = value * 7, "天"
    return f"{'-' if before else ''}P{int(value)}{_UNIT[unit]}"
