"""Words that may not go to a client, found also when they are dressed up, and what to say instead.

`check` reads a text after NFKC, without invisible characters, blanks and fillers, in simplified script, with
look-alike characters put right. Naming a promise to forbid or deny it (不得承诺保本, 非保本) is none.

Sources: Advertising Law art. 9 (superlatives) and 25 (no promise of safety or gain); 保险销售行为管理办法
art. 17-19 (true, approved, no false scarcity), 32 (premiums are not taken by advisers), 37 (no inducement to
surrender); Insurance Law art. 116 and 131 (no rebates). Frozen here: the packs have no place for it yet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from storage.model.normal import Normal, normalise

Level = Literal["block", "warn"]


@dataclass(frozen=True, slots=True)
class Ban:
    """What is looked for, why, and what may be said instead."""

    pattern: re.Pattern[str]
    level: Level
    why: str
    instead: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A forbidden stretch of the text as it was typed."""

    start: int
    end: int
    text: str
    ban: Ban


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in `text`, in order, without overlaps."""

    text: str
    hits: tuple[Hit, ...]

    @property
    def blocked(self) -> bool:
        """It must not go out as it stands."""
        return any(hit.ban.level == "block" for hit in self.hits)

    @property
    def marked(self) -> str:
        """The text with every hit in 【】."""
        out, at = [], 0
        for hit in self.hits:
            out += [self.text[at : hit.start], f"【{hit.text}】"]
            at = hit.end
        return "".join([*out, self.text[at:]])

    @property
    def advice(self) -> str:
        """Why, and the lawful wording, each once."""
        return "\n".join(dict.fromkeys(f"{hit.ban.why}；可改为：{hit.ban.instead}" for hit in self.hits))


_GAIN = "收益不保证，过往业绩不代表未来表现"
_RISK = "理财有风险，请根据自身情况谨慎选择"
_SAFE_LAW = "不得承诺或暗示保本、无风险（广告法第 25 条）"
_GAIN_LAW = "不得承诺或保证收益（广告法第 25 条）"

# 保 is the end of many words (确保、医保、参保、担保) and 本 the start of many (本次、本人、本月).
_NOT_CAPITAL = "次人周月年季日期公地市省县院校行司着身来质文合协科所店机网号条项案单位届"
_TABLE: tuple[tuple[str, Level, str, str], ...] = (
    (rf"(?<![确医社参投续承担])(?:保|bao)(?:本|ben)(?![{_NOT_CAPITAL}]|需求|诉求|观念|心态)|(?:保|担|证)保?本金(?:安全|无忧|不亏)?|"
     r"本金(?:绝对|百分百|100%)?(?:安全|无忧|不亏|零损失|不会(?:亏|损失))|(?:保|包)(?:本)?保?(?:息|利息)(?!率)",
     "block", _SAFE_LAW, _RISK),
    (r"(?:零|0|无|没有?|没(?:任何|一点|啥|什么)|毫无|几乎没有?)(?:任何)?风险|风险(?:为|是)?(?:零|0)(?![.\d])|"
     r"(?:绝对|百分之?百|百分百|100%)(?:安全|放心|可靠)|万无一失",
     "block", _SAFE_LAW, _RISK),
    (r"(?:(?:稳|包|躺|净|必|保|坐)(?:赚|挣|赢)|(?:wen|bao|bi)(?:zhuan|赚))(?:不(?:赔|亏))?|只(?:赚|涨)不(?:赔|亏|跌)|不(?:赔|亏)(?:钱|本)|"
     r"(?:稳|必|肯定|一定|保证)(?:会)?(?:涨|翻倍|升值)|躺着(?:赚|数钱)|旱涝保收",
     "block", _GAIN_LAW, _GAIN),
    (r"(?:保证|承诺|确保|担保|锁定|保)(?:了|有|你|您|能)?(?:年化|最低|固定|高)?(?:的)?(?:收益|回报|盈利|分红)(?!不)|"
     r"(?:收益|回报|分红)(?:率)?(?:有)?(?:保证|保障|保底|稳稳的|固定不变)|(?:收益|利率)?(?:保底|兜底)|刚性?兑付|"
     r"(?:一定|肯定|必定|绝对)(?:能|会|可以)?(?:达到|拿到|兑现|赚到?|有)\d*(?:\.\d+)?%?(?:的)?(?:收益|回报|利息)?(?=.{0,4}(?:收益|%|回报)|$)",
     "block", _GAIN_LAW, _GAIN),
    (r"内部?(?:消息|渠道|额度|价)|内幕(?:消息|信息)?|小道消息|(?:主力|庄家)消息",
     "block", "不得以内幕或内部消息诱导交易", "请以公开披露的信息为准"),
    (r"返(?:佣|现|点|钱|利)|回扣|(?:佣金|提成)(?:返|分|给)(?:你|您)|(?:送|给)(?:你|您)?(?:现金|红包)|保费(?:我|帮你)?(?:垫|出一半)",
     "block", "不得给予合同以外的利益（保险法第 116 条）", "如有优惠以公司正式活动为准"),
    (r"(?:保费|钱|款)(?:先)?(?:打|转|汇|交)(?:到|给|进)?我(?:的|这|这边|个人)?(?:卡|账户|微信|支付宝)?|代(?:收|缴|交)保费",
     "block", "不得代收保费或款项（保险销售行为管理办法第 32 条）", "请通过公司官方渠道缴费"),
    (r"(?:退保|退掉|退了)(?:再|重新|换|转)(?:买|投|成)?|退旧(?:保)?买新",
     "block", "不得诱导退保（保险销售行为管理办法第 37 条）", "如需调整保障，请先核对退保损失"),
    (r"(?:即将|马上|就要|快要?|月底|下周|明天)(?:要)?(?:停售|下架|涨价|绝版)|最后(?:一天|机会|名额)|(?:限量|限时)抢购|手慢无|错过(?:就)?(?:没有|再等)",
     "block", "未经公司公告不得宣传停售或涨价（保险销售行为管理办法第 19 条）", "产品情况以公司公告为准"),
    (r"(?:和|跟|同|像|等同于?|相当于|就是|比)(?:银行)?(?:存款|存银行|定期)(?:一样|一回事|差不多|没区别|更?(?:安全|划算|好))|存款(?:变|换)(?:理财|保险)",
     "block", "不得与存款混同或片面比较（保险销售行为管理办法第 17、18 条）",
     "本产品不是存款，请阅读产品说明"),
    (r"(?:全国|全网|全球|业内|行业|市场|同类|史上)(?:最|第一|唯一|独家)|最(?:好|高|佳|优|强|安全|划算|赚钱)(?:的)?(?:产品|收益|理财|保险|回报|利率)|"
     r"(?:收益|回报|利率)(?:全网|全国)?最高|国家级|世界级|独一无二|第一品牌",
     "block", "不得使用绝对化用语（广告法第 9 条）", "用具体、可核实的事实说明"),
    (r"低(?:风险|门槛)高(?:收益|回报)|高(?:收益|回报)低风险|秒到账|秒批|闭眼(?:买|入)|稳健?高收益|(?:收益|回报)(?:翻倍|翻番)",
     "block", "不得片面宣传收益与便利（广告法第 25 条）", _GAIN),
    (r"(?:预期|预计|参考)(?:年化)?(?:收益|回报)|年化\d+(?:\.\d+)?%|历史(?:业绩|收益)|过往(?:业绩|收益)(?!不代表)",
     "warn", "收益数字须同时提示风险（广告法第 25 条）", f"数字后加上「{_GAIN}」"),
)  # fmt: skip
BANS: tuple[Ban, ...] = tuple(Ban(re.compile(p), level, why, instead) for p, level, why, instead in _TABLE)

_LOOK_ALIKES = str.maketrans("夲笨苯堡葆穏隐赙０〇Ｏοоа", "本本本保保稳稳赚000ooa")
# What people put between characters to hide a word from a list.
_FILLER = re.compile(r"[\s.·*\-_~|/\\+^`'\"「」\[\]()<>#@&=…]+")
_CLAUSE_ENDS = "。!?;，,:\n！？；："
_DENIAL = re.compile(
    r"(?:不得|不能|不可|不要|不准|不许|不允许|不应|不会|不承诺|不保证|不是|不属于|不等于|不存在|不代表|并非|非|绝非|不|"
    r"禁止|严禁|切勿|请勿|勿|避免|谨防|警惕|小心|拒绝|防范|远离|打击|别(?:信|听|说)|没有(?:什么|任何)?|何来|哪有|没法|无法)"
    r"[^。!?;,]{0,12}$"
)
_NO_DENIAL = re.compile(
    r"不仅|不光|不但|不只|不止|不得不|不能不|不会不|无不|不是不|不愧|差不多|不错|不管|不论|不用担心|不要担心|不怕|不要错过"
)
_CONDEMNED = re.compile(
    r"^[^。!?;]{0,12}(?:违规|违法|禁止|不允许|不合规|是骗|骗局|骗子|误导|禁用|不能说|不能用|不得使用|不可信|要处罚|被罚)"
)
_DISCLOSED = re.compile(r"^[^。!?;]{0,10}(?:不代表|不预示|不构成|仅供参考|不保证)")


def check(text: str) -> Verdict:
    """Read a text that is meant for a client. Never fails; nothing is written."""
    read = _squeezed(normalise(text))
    hits: list[Hit] = []
    for ban in BANS:
        for found in ban.pattern.finditer(read.text):
            if not _excused(read.text, found.start(), found.end(), ban):
                start, end = read.span(found.start(), found.end())
                hits.append(Hit(start, end, text[start:end], ban))
    return Verdict(text, _apart(hits))


def _squeezed(read: Normal) -> Normal:
    """The reading without fillers, look-alikes put right; offsets lead back to the text as typed."""
    kept = [(char, i) for i, char in enumerate(read.text) if not _FILLER.fullmatch(char)]
    places = [read.span(i, i + 1) for _, i in kept]
    offsets = [start for start, _ in places] + [places[-1][1] if places else 0]
    letters = "".join(char for char, _ in kept).translate(_LOOK_ALIKES)
    return _Squeezed(read.said, letters, tuple(offsets), ends=tuple(end for _, end in places))


@dataclass(frozen=True, slots=True)
class _Squeezed(Normal):
    """A reading with gaps: a stretch ends where its own last character ends."""

    ends: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        assert self.offsets is not None
        return self.offsets[start], self.ends[end - 1]


def _excused(text: str, start: int, end: int, ban: Ban) -> bool:
    """The words are forbidden, denied or condemned by the sentence itself."""
    before = text[_clause_start(text, start) : start]
    after = text[end : end + 30]
    if ban.level == "warn" and _DISCLOSED.search(after):
        return True
    if _CONDEMNED.search(after):
        return True
    return bool(_DENIAL.search(_NO_DENIAL.sub("", before)))


def _clause_start(text: str, at: int) -> int:
    return max((text.rfind(mark, 0, at) for mark in _CLAUSE_ENDS), default=-1) + 1


def _apart(hits: list[Hit]) -> tuple[Hit, ...]:
    """In the order of the text; of two that overlap the longer one."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return tuple(kept)
