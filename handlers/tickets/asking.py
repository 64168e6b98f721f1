"""What has to be said before a ticket opens or moves: asked one by one, in the chat, kept with the conversation.

What is typed while a question stands is the answer to it, but 取消, 撤销, what names another ticket, and an order that
is nothing else (查客户 刘洋, 我的提醒, 王芳 申请删除资料); where one of a list is to be chosen, whatever else is
understood."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from config.pack import Ask
from handlers.context import Context
from handlers.language import Dialogue, Meaning
from handlers.language import when as times
from handlers.language.amounts import find_amounts
from handlers.language.answers import is_no
from handlers.language.intents.pattern import WRITES
from handlers.router import EVERYBODY, confirmed, free_answer, read
from handlers.whose import number_mark
from storage.model.errors import Invalid
from storage.model.messages import cut
from storage.model.normal import normalise
from storage.model.values import mask_free_text

ASKED = "ticket.asked"
_LONGEST = 1000
_YES = re.compile(r"^\W*(?:是|已|已经|告知|说|讲|通知|有|对|好|嗯|确认|ok|yes)", re.IGNORECASE)
_NOT_YET = re.compile(  # 还没说, 好像没告知, 有没有告知, 对不起还没
    r"(?:没有?|未|还没有?|尚未|忘了?|来不及|准备|打算|等会|稍后|明天|回头)(?:来得及|跟|和|给|向|把|客户|他|她|再|去|\s)*"
    r"(?:告知|告诉|通知|说|讲|联系|回)|(?:还|尚|好像|可能)没|(?:没有?|未)\W*$|不是|是不是|有没有|[?？吗]\W*$"
)
_PLACE_IN_A_LIST = re.compile(r"\W*\d{1,2}\W*|[①-⑩]")
_PASS = frozenset({"undo", "help", "clarify.cancel", "ticket.show", "ticket.move", "ticket.list"})


class Moment(Protocol):
    """When and where it is said: what an answer about a day is read by."""

    @property
    def now(self) -> datetime: ...

    @property
    def today(self) -> date: ...

    def local(self, instant: datetime) -> datetime: ...


Then = Callable[[Context, Mapping[str, Any]], None]
GOES_ON: dict[str, Then] = {}  # what is done once the question was answered, by name


def goes_on(name: str) -> Callable[[Then], Then]:
    """Register what goes on with the answers in `said`, and whatever else was kept."""
    def register(function: Then) -> Then:
        GOES_ON[name] = function
        return function
    return register


def ask(ctx: Context, head: str, wanted: Ask, then: str, **kept: Any) -> None:
    """Put the question; `then` goes on with what was kept, the answer under the name of what was asked in `said`."""
    labels = [choice.label for choice in wanted.choices]
    ctx.conversation.ask(
        "choice", ASKED, options=labels, labels=labels, then=ASKED, raw=True, goes_on=then,
        wanted=wanted.model_dump(mode="json"), **kept,
    )
    lines = [f"{number_mark(n)} {label}" for n, label in enumerate(labels, 1)]
    choose = "回复序号或文字：" if labels else "告知以后请回复「是」。" if wanted.type == "told" else ""
    ctx.say("\n".join([f"{head}{wanted.question}{choose}", *lines, "不办了请回复「取消」。"]))


@free_answer(ASKED)
def said(ctx: Context, text: str) -> Meaning | None:
    """Whatever was typed, unless it plainly is about something else."""
    if is_no(text) or _is_an_order(ctx, text, read(ctx, text, Dialogue())):
        return None
    return Meaning("clarify.answer", {"text": text}, rule="an answer to what was asked")


def _is_an_order(ctx: Context, text: str, meaning: Meaning) -> bool:
    """Is it an order by itself, and no answer to what was asked?"""
    if meaning.intent in _PASS:
        return True
    pending = ctx.conversation.pending
    wanted = Ask.model_validate(pending.data["wanted"]) if pending is not None and pending.about == ASKED else None
    if meaning.intent in _NO_ORDER or wanted is None:
        return False
    if wanted.type == "choice":
        return not _fits(wanted, text)
    if meaning.intent in _OPENS:
        return _names_a_client_first(text, str(meaning.get("client") or ""))
    return meaning.intent not in WRITES and _ORDER.fullmatch(text) is not None


_NO_ORDER = frozenset({"none", "chitchat", "multi", "clarify.answer"})
_OPENS = frozenset({"ticket.create", "claim.create", "privacy.delete"})
_OPENING = re.compile(r"\s+(?!\S*[已了过完的])\S{2,6}(?:\s|$)")  # 申请删除资料, 投诉 等太久; not 需求已满足
_ORDER = re.compile(
    r"\W*(?:(?:帮我|请|给我)*(?:查|查一下|查看|查询|看看|看一下|打开|列出?)\s*(?:客户)?\s*\S{2,12}|更多|菜单|首页"
    r"|(?:查|看|看看|查看|我的?|今[日天]的?|明[日天]的?|本[周月]的?|这[周个]月?的?|上[周个]月?的?|团队的?|全部|待我?)+\s*\S{0,6}"
    r"(?:提醒|待办|工单|业绩|日程|安排|审批|客户|清单|名单|数据|日报|周报|月报|排名|投诉|生日)"
    r"|\S{0,6}(?:清单|列表|名单)|\S{2,8}\s(?:时间线|详情|保单|合同|贷款|持有|家庭))\W*"
)


def _names_a_client_first(text: str, name: str) -> bool:
    """王芳 申请删除资料: a client, and what is opened for him, by themselves."""
    said = text.strip()
    return bool(name) and said.startswith(name) and _OPENING.match(said.removeprefix(name)) is not None


def _fits(wanted: Ask, text: str) -> bool:
    try:
        _chosen(wanted, text.strip())
    except Invalid:
        return False
    return True


@confirmed(ASKED, roles=EVERYBODY)
def answered(ctx: Context, data: Mapping[str, Any]) -> None:
    """Take the answer; one that cannot be read is asked for again."""
    wanted = Ask.model_validate(data["wanted"])
    kept = {name: value for name, value in data.items() if name not in _OWN}
    try:
        value = understood(ctx, wanted, str(data["chosen"]))
    except Invalid as error:
        ask(ctx, f"{error}\n", wanted, str(data["goes_on"]), **kept)
        return
    GOES_ON[str(data["goes_on"])](ctx, {**kept, "said": {**kept.get("said", {}), wanted.name: value}})


_OWN = frozenset({"options", "labels", "then", "raw", "goes_on", "wanted", "chosen"})


def understood(ctx: Moment, wanted: Ask, text: str) -> Any:
    """The answer as it is kept. Raises Invalid when it is none."""
    text = text.strip()
    match wanted.type:
        case "choice":
            return _chosen(wanted, text)
        case "money" | "percent" | "integer":
            return _number(wanted, text)
        case "date":
            return _day(ctx, wanted, text)
        case "told":
            if not _YES.match(text) or _NOT_YET.search(text):
                raise Invalid("要先告知客户才能往下办。告知以后请回复「是」。")
            return True
    if not text:
        raise Invalid(f"请写上{wanted.label}。")
    if _PLACE_IN_A_LIST.fullmatch(text):
        raise Invalid(f"「{text}」只是一个序号，请用一句话写上{wanted.label}。")
    return cut(mask_free_text(text), _LONGEST)


def _chosen(wanted: Ask, text: str) -> str:
    plain = text.strip(" .、。①②③④⑤⑥⑦⑧⑨⑩")
    if text and (place := ord(text[0]) - 0x245F) in range(1, len(wanted.choices) + 1):
        return wanted.choices[place - 1].value
    if plain.isdecimal() and 1 <= int(plain) <= len(wanted.choices):
        return wanted.choices[int(plain) - 1].value
    words = {word: choice.value for choice in wanted.choices for word in (choice.label, *choice.synonyms)}
    if found := [word for word in words if word in text]:
        return words[max(found, key=len)]  # 不一致 holds 一致
    raise Invalid(f"没有「{cut(text, 20)}」这一项，请从下面选。")


_UNITS = {"money": ("yuan", "plain"), "percent": ("percent", "plain"), "integer": ("plain",)}
_STEPS = {"money": Decimal("0.01"), "percent": Decimal("0.0001")}
_EXAMPLES = {"money": "12000", "percent": "12", "integer": "12"}
_COUNTED = re.compile(r"(?<=\d)\s*(?:期|个?月|次|人|份|张)\W*$")


def _number(wanted: Ask, text: str) -> str:
    """A text with one number in it, within the bounds: yuan to the cent, percent, or a whole number."""
    plain = _COUNTED.sub("", normalise(text).text) if wanted.type == "integer" else normalise(text).text
    found = [each for each in find_amounts(plain) if each.unit in _UNITS[wanted.type]]
    if len(found) != 1:
        raise Invalid(f"请只写一个{wanted.label}，例如「{_EXAMPLES[wanted.type]}」。")
    value = Decimal(str(found[0].value))
    if wanted.type == "integer" and value != int(value):
        raise Invalid(f"{wanted.label}要是整数，例如「{_EXAMPLES[wanted.type]}」。")
    _check_bounds(wanted, value)
    return str(int(value)) if wanted.type == "integer" else str(value.quantize(_STEPS[wanted.type]))


def _check_bounds(wanted: Ask, value: Decimal) -> None:
    """Raises Invalid."""
    if wanted.least is None and value <= 0:
        raise Invalid(f"{wanted.label}要大于 0。")
    if wanted.least is not None and value < wanted.least:
        raise Invalid(f"{wanted.label}不能低于 {wanted.least:,}。")
    if wanted.most is not None and value > wanted.most:
        raise Invalid(f"{wanted.label}不能超过 {wanted.most:,}。")


def _day(ctx: Moment, wanted: Ask, text: str) -> str:
    """A day that is over or today: what happened has happened."""
    found = times.find(normalise(text).text)
    now = ctx.local(ctx.now).replace(tzinfo=None)
    if len(found) != 1 or found[0].recurs or found[0].is_duration:
        raise Invalid(f"没看懂{wanted.label}，请写成「昨天」或「6月8日」。")
    day = times.when(found[0], now, times.LOOK_BACK)
    if day.problem == "impossible" or datetime.fromisoformat(day.start).date() > ctx.today:
        raise Invalid(f"{wanted.label}不能是没有的日子，也不能在今天以后。")
    return day.start[:10]
