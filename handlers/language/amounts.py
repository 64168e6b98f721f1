"""Amounts: money in yuan, percent, and plain counted numbers, each with the word that says what it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from handlers.language.numerals import UNITS, number


@dataclass(frozen=True, slots=True)
class Amount:
    """unit: "yuan", "percent", or "plain". `role` is the label read beside it (sum_insured, premium, rate …), or ""."""

    start: int
    end: int
    text: str
    value: float
    unit: str
    role: str = ""


_MANY = 200  # numbers looked at; no message that anybody writes has so many
_CN = "零一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟半廿"
_ONE = "一二两三四五六七八九半"
_REST = r"(?:[\d" + _CN + r"万亿kw]|(?<=[" + _CN + r"])点(?=[零一二三四五六七八九])|个(?=[亿w万])|[多来余](?=[万亿w]))*"
_NUM = (
    r"(?:(?:\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:[多来余]?[万亿kw千百十仟佰拾]" + _REST + r"|个(?=[亿w万])" + _REST + r")?"
    r"|[" + _CN + r"]" + _REST + ")"
)
_AMOUNT = re.compile(
    r"(?:(?<![\d.a-z])|(?<=lpr))(?:"
    r"(?P<sign>(?<![\d%万亿元块千百])-|负)?(?P<per>百|千|万)分之(?P<pc>" + _NUM + r"(?:\.\d+)?)"
    r"|(?P<tens>[" + _ONE + r"\d])成(?P<half>[半一二三四五六七八九])?(?![交功立本员长熟绩年为分都份果套家绵人语就型亲婚像是会要不得没在])"
    r"|(?P<rate>[" + _ONE + r"\d])(?P<of>[分厘])(?P<rest>[半一二三四五六七八九])?(?=利|息|的?利|$|[,。 ])"
    r"|(?P<cent>[" + _ONE + r"\d])分钱"
    r"|(?:(?P<yuan>[" + _CN + r"万\d]+)块)?(?<!牛)(?P<jiao>[" + _ONE + r"\d])[毛角](?!病|利|巾|衣|线|笔|度|落|色|不)(?:(?P<fen>[" + _ONE + r"\d])分?)?钱?"
    r"|(?P<kuai>[" + _CN + r"万\d]+)块(?P<cents>[一二两三四五六七八九]|\d(?![\d年月天号点个]))(?![年月天号点个块套笔件月次张份])"
    r"|(?P<minus>(?<![\d%万亿元块千百号.-])-(?=\d)|负(?=[\d" + _CN + r"]))?(?:¥|(?:rmb|人民币|cny)\s?(?=\d))?(?P<n>" + _NUM + r")\s*"
    r"(?P<u>%|‰|个?(?:bps?|基点)|个百分点|个点(?!\d|钟|位)|[多来余]?(?:元整|元|块钱|块|圆整|圆)|rmb|人民币|cny)?"
    r")"
)
_CURRENCY = frozenset({"元整", "元", "块钱", "块", "圆整", "圆", "rmb", "人民币", "cny"})
_FOREIGN = re.compile(r"(?:美元|美金|港币|港元|欧元|英镑|日元|澳元|加元|新币|刀)")
_FOREIGN_BEFORE = frozenset({"美元", "美金", "港币", "港元", "欧元", "英镑", "日元", "澳元"})
# Words beside which a bare number is money.
_MONEY_BEFORE = re.compile(
    r"(?:[订定押尾头本现租奖]金|[尾头余借]款|首付|红包|房租|单价|总价|价格|报价|彩礼|奖励|补贴|罚息|流水|营业额|(?:手续|服务|挂号|管理|滞纳|违约|医药|住院|学|会|物业|中介|赎回|申购|介绍|劳务|误工)(?:费|金)"
    r"|佣金|提成|理?赔款|津贴|价税|票面|赔付|(?:付|交|缴|给|收|花|赚|亏|赔|欠|存|取|转|打(?=了|款|来|过)|充|补|退|扣|还|捐|垫|汇|贴|拿|省|到账|入账|扣款|还款|转账|提现|报销|充值|随礼|份子)(?:了|给|掉|走|回|出去|进来|过去|过来|他|她|我){0,2})"
    r"(?:是|为|有|到|约|大概|差不多|共|一共|总共|才|就|要|:|\s|人民币|rmb|¥)*$"
)
_SCALED = re.compile(r"[万亿kw千百佰仟]")
# A number in front of these counts something else than yuan.
_COUNTERS = re.compile(
    r"[多来余几]?(?:强(?=企|榜|的|$)|天|日|号|月(?![底初末])|个月|年(?!金)|岁|周岁|周|星期|礼拜|季|点(?!\d)|时|小时|分(?!\d{1,3}期)|秒|期|次|人|位|个(?!亿)|名|份|张|单|笔|户|家|条|件|套"
    r"|楼|层|室|栋|米|公?里|平|斤|吨|步|字|本(?!金|息)|台|部|亩|克|升|度|场|项|根|只|%|折|成|倍|页|第|代|孩|娃|胎|元旦|一(?=起|下|直)|医疗|分之|万医疗|号线|[a-z])"
)
_ROLES: tuple[tuple[str, str], ...] = (
    ("sum_insured", "保额|保障额度|额度|保障"),
    ("premium", "一次交清|一次性交清|交清|年交|年缴|月交|月缴|季交|季缴|半年交|趸交|趸缴|一次交|一次性交|保费|首年保费|续期保费|每年交|每月交|交了|缴了|已续|续费"),
    ("repay_amount", "月供|每期还|每月还|月还"),
    ("rate_percent", "利率|年化|年化收益率?|收益率|年利率|月息|年息|利息|lpr|票息"),
    ("monthly_income", "月入|月收入|月薪|工资|每月收入|一个月挣|一月挣|月收"),
    ("annual_income", "一年纯挣|一年能挣|一年赚|一年纯赚|一年净赚|年收入|年入|年薪|年收|一年挣|家庭年收入|税后年收入"),
    ("registered_capital", "注册资本金|注册资本|注册资金"),
    ("loan_balance", "贷款余额|余额|欠款|还欠"),
    ("aum", "资产|身家|aum|管理规模|金融资产|存款"),
    ("amount", "放款|贷款|贷了|贷|批了|授信额度|授信|借了|借款|买了|申购|认购|存了|投了|定投|金额|赔付|赔了|定损|成交|预计|大概|买|每月|每期|月投"),
)
_ROLE_OF = {word: role for role, words in _ROLES for word in words.split("|")}
_LABEL = re.compile("(" + "|".join(sorted(_ROLE_OF, key=len, reverse=True)) + r")(?>是|为|在|超过?|大于|[过破够]|达到?|不到|低于|[\d.]+[万wk个]?(?:到|至|~|-)|有|到|约|大概|差不多|左右|:|\s|了|变成|改成|改为|[涨升提加减降调增][高整加]?[到至成为]|批下来|下来|给到|才|只有|高达|一年|每年|一个月|每个?月|每期|一期|从?[\d.]+%?(?:降|升|调|涨)(?:到|至|为)|从)*$")
# 三百六 保额五十万: a label that another amount follows is that one's.
_LABEL_AFTER = re.compile(r"\s*的?(保额|保费|年收入|月收入|年薪|月薪|注册资本|授信|贷款|月供|资产)(?!\s?(?:是|为|:|约|有)?\s?[\d" + _CN + r"半])")
_GE = re.compile(r"(?P<n>\d+(?:\.\d+)?|[" + _CN + r"]+)个(?![月人亿百点小工多])")
_TRIGGER = re.compile(r"[\d" + _CN + r"]")


_A_PERIOD = re.compile(r"年|个?月|季")


def find_amounts(text: str, taken: Sequence[tuple[int, int]] = ()) -> list[Amount]:
    """Amounts in normalised text outside `taken`, left to right. 个 counts ten thousands behind 放款, 年收入 and their like."""
    found: list[Amount] = []
    if _TRIGGER.search(text) is None:
        return found
    for match in islice(_AMOUNT.finditer(text), _MANY):
        start, end = match.span()
        if any(start < b and a < end for a, b in taken):
            continue
        amount = _read(text, match)
        if amount is not None:
            found.append(amount)
    return found


def _read(text: str, match: re.Match[str]) -> Amount | None:
    start, end = match.span()
    if match["pc"] or match["tens"]:
        return _share(text, match)
    if match["rate"]:
        return _interest(text, match)
    if match["jiao"] or match["kuai"] or match["cent"]:
        return _small_change(text, match)
    raw, unit = match["n"], match["u"]
    if unit is None and len(raw) > 1 and raw[-2] in "万亿千百kw" and _COUNTERS.match(text, match.end("n")):
        raw, end = raw[:-1], match.end("n") - 1  # 50万三年期 is 50万 and 三年
        return _money(text, start, end, end, raw, None, number(raw) or 0.0)
    if unit is None and (run_on := _RUN_ON.fullmatch(raw)) is not None and _COUNTERS.match(text, match.end("n")):
        end = start + run_on.end(1)  # 120万30年 is 120万 and 30年
        return _money(text, start, end, end, run_on[1], None, number(run_on[1]) or 0.0)
    if unit is None and raw[-1] == "一" and len(raw) > 2 and raw[-3] in "百千万" and _A_PERIOD.match(text, match.end("n")):
        raw, end = raw[:-1], match.end("n") - 1  # 三百六一年 is 三百六 a year
        return _money(text, start, end, end, raw, None, number(raw) or 0.0)
    value = number(re.sub("[多来余]", "", raw))
    if value is None or _ABOUT.match(raw):  # 四五十万 is no sum
        return None
    if match["minus"]:
        value = -value
    if unit is not None and unit not in _CURRENCY and unit[-1] not in "元块圆钱整":
        per = 10 if unit == "‰" else 100 if "b" in unit or "基" in unit else 1
        return Amount(start, end, text[start:end], round(value / per, 8), "percent", _role(text, start, end))
    return _money(text, start, match.end("n"), end, raw, unit, value)


_RUN_ON = re.compile(r"(\d+(?:\.\d+)?[万亿w])\d{2,3}")
_ABOUT = re.compile(r"一两|两三|三四|四五|五六|六七|七八|八九|三五(?=[十百千万])")
_PER = {"百": 1, "千": 10, "万": 100}


def _share(text: str, match: re.Match[str]) -> Amount | None:
    """百分之三, 千分之五, 七成五, all as percent."""
    start, end = match.span()
    if match["pc"]:
        value = number(match["pc"])
        share = None if value is None else round(value / _PER[match["per"]], 8) * (-1 if match["sign"] else 1)
    else:
        tens, ones = number(match["tens"]), _digit(match["half"])
        share = None if tens is None else tens * 10 + ones
    return None if share is None else Amount(start, end, text[start:end], share, "percent", _role(text, start, end))


_RATE_BEFORE = re.compile(r"(?:息|利率?|利钱)(?:是|按|算|才|到|要){0,2}$")


def _interest(text: str, match: re.Match[str]) -> Amount | None:
    """月息八厘 is 0.8 percent, 一分五的利 1.5."""
    start, end = match.span()
    if _RATE_BEFORE.search(text[max(0, start - 6):start]) is None and text[end:end + 1] not in {"利", "息"}:
        return None
    value = _digit(match["rate"]) + _digit(match["rest"]) / 10
    return Amount(start, end, text[start:end], round(value / (10 if match["of"] == "厘" else 1), 4), "percent", "rate_percent")


def _small_change(text: str, match: re.Match[str]) -> Amount | None:
    """三毛五, 三块五, 两块八毛."""
    start, end = match.span()
    whole = number(match["yuan"] or match["kuai"] or "零")
    if whole is None:
        return None
    value = whole + (_digit(match["jiao"] or match["cents"]) * 10 + _digit(match["fen"] or match["cent"])) / 100
    return Amount(start, end, text[start:end], round(value, 2), "yuan", _role(text, start, end))


def _digit(said: str | None) -> float:
    return 0.0 if said is None else 5.0 if said == "半" else number(said) or 0.0


def _money(text: str, start: int, stop: int, end: int, raw: str, unit: str | None, value: float) -> Amount | None:
    role = _role(text, start, end)
    if _FOREIGN.match(text, stop) or text[max(0, start - 2):start] in _FOREIGN_BEFORE:
        return Amount(start, stop, text[start:stop], value, "plain", "")
    if unit is not None or text[start] == "¥" or text.startswith(("rmb", "人民币", "cny"), start):
        return Amount(start, end, text[start:end], value, "yuan", role)
    end = stop
    ten_thousands = _GE.match(text, start)
    if ten_thousands is not None and role and ten_thousands.end("n") == stop and value >= 10:
        return Amount(start, stop + 1, text[start:stop + 1], value * 10_000, "yuan", role)
    if role in _IN_TEN_THOUSANDS and _GE_TO_COME.match(text, stop) is not None:  # the 50 of 年收入50到80个
        return Amount(start, stop, text[start:stop], value * 10_000, "yuan", role)
    if _COUNTERS.match(text, end) or text[end:end + 1] == "." or _is_word(text, start, end):
        return None
    if role == "rate_percent" and value < 100:
        return Amount(start, end, text[start:end], value, "percent", role)
    scaled = _SCALED.search(raw) is not None and (len(raw) > 1)
    if scaled or role or (abs(value) >= 10 and _MONEY_BEFORE.search(text[max(0, start - 12):start])):
        return Amount(start, end, text[start:end], value, "yuan", role)
    scale = _SCALE_TO_COME.match(text, end)
    if scale is not None:  # the 5 of 5到8万
        return Amount(start, end, text[start:end], value * UNITS[scale[1]], "yuan", role)
    return Amount(start, end, text[start:end], value, "plain", role) if raw[0].isdigit() else None


_IN_TEN_THOUSANDS = frozenset({"annual_income", "aum", "amount", "loan_balance", "sum_insured"})
_GE_TO_COME = re.compile(r"\s?(?:到|至|~|-)\s?\d{2,}个(?![月人亿百点小工多])")
_SCALE_TO_COME = re.compile(r"\s?(?:到|至|~|-)\s?[\d.]+(?:多)?([万亿kw])")
_WORDS = re.compile(r"万一|千万|一百分|百万(?=医疗|富翁|圆桌)|一千零一|十分|百分|三八|五一|六一|八一|十一|双十|万科|百事|千里|一半|一起|一下|一些|一直|"
                    r"一定|一样|一般|一切|统一|第[一二三四五六七八九十]")


def _is_word(text: str, start: int, end: int) -> bool:
    if end - start == 1 and text[start] in _CN:
        return True
    word = _WORDS.match(text, start)
    return (word is not None and word.end() >= end) or text[start - 1:start] == "第"


def _role(text: str, start: int, end: int) -> str:
    before = _LABEL.search(text[max(0, start - 10):start])
    if before is not None:
        return _ROLE_OF[before.group(1)]
    after = _LABEL_AFTER.match(text, end)
    return _ROLE_OF[after.group(1)] if after is not None and after.group(1) in _ROLE_OF else ""
