"""What members are told about 微信客服."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from reminders.kf_attending import Attended
from storage.model.care import REASON_WORDS
from storage.model.kf import MOST_ANSWERS, WINDOW, Heard
from storage.model.messages import cut

LONGEST_LINE = 200
LONGEST_ANSWER = 120
MOST_LINES = 8


def notice_words(
    name: str, shown: str, said: Sequence[Heard], attended: Attended, now: datetime, zone: ZoneInfo
) -> str:
    """To the adviser: what the client wrote, who is `shown` with what tells namesakes apart, what the bot answered, and
    what to type to answer, while it can be answered."""
    until = (max(heard.said_at for heard in said) + WINDOW).astimezone(zone)
    if now >= until:
        how = f"{REASON_WORDS['kf_late']}，请打电话或在微信里联系。"
    else:
        left = MOST_ANSWERS - bool(attended.answer)
        by_then = f"{until.month} 月 {until.day} 日 {until:%H:%M} 前，最多 {left} 条"
        how = f"回复请发送「回复 {name} 内容」（{by_then}）。"
    return "\n".join([
        *_lines(f"{shown}（微信客服）：", said), *_answered(attended),
        *(_to_be_recorded(name, said) if attended.to_person and not attended.notes else []), how,
    ])


def _answered(attended: Attended) -> list[str]:
    """What the bot said, and whether that was all."""
    if not attended.answer:
        return list(attended.notes)
    if attended.to_person:
        left = "客户在等您回复。"
    elif attended.missed:
        left = "智能助手没有听懂，请您看看客户要什么。"
    else:
        left = "不用再回复，要补充也可以。"
    answer = " ".join(attended.answer.split("\n"))
    return [f"智能助手已答复：{cut(answer, LONGEST_ANSWER)}", *attended.notes, left]


_OPTS_OUT = re.compile(
    r"(?:别|不要|不想|不用|不需要|不愿|停止|拒绝|少)(?:再|老是?|总是?|给|跟|向|往|我|们|你|收到?|接收)*(?:发|推|打扰|骚扰|推销|收|接收|看到)"
    r"|退订|拒收|取消订阅|撤回(?:授权|同意)|(?:太|很|好|真)烦"
)
_COMPLAINS = re.compile(r"(?<!不)(?<!没)投诉|举报|12378|12363|银保监|消保|骗(?:子|人|我)|态度(?:太|很|真)?(?:差|恶劣)")


def _to_be_recorded(name: str, said: Sequence[Heard]) -> list[str]:
    """What a client's words ask to have written down: only the adviser can tell whether they mean it."""
    words = " ".join(heard.words for heard in said)
    hints = []
    if _OPTS_OUT.search(words):
        hints.append(f"客户可能不想再收到消息：核实后请发送「{name} 退订」登记。")
    if _COMPLAINS.search(words):
        hints.append(f"客户可能在投诉：请发送「{name} 投诉 内容」登记，登记后营销消息先不发。")
    return hints


def stranger_words(said: Sequence[Heard], attended: Attended) -> str:
    """To who serves strangers: what was said, and that nothing of anybody may be told."""
    told = "智能助手只答复了对谁都一样的话" if attended.answer else "没有给任何答复"
    advice = f"不知道是谁，{told}。请他加顾问为好友；顾问发送「绑定微信 姓名」以后，他再留言会直接告诉顾问。"
    return "\n".join([*_lines("有没绑定的微信用户在微信客服留言：", said), *attended.notes, advice])


def unattended_words() -> str:
    return (
        "有没绑定的微信用户在微信客服留言，还没有指定谁接待。"
        "请发送「客服接待 姓名」指定一位顾问或主管，以后的留言会告诉他。"
    )


def ownerless_words() -> str:
    """To operations: a client we know wrote, and whoever would be told has left."""
    return (
        "有客户在微信客服留言，他的顾问和主管都已停用，没有人收到。"
        "留言已记在客户的跟进记录里，请安排把停用顾问的客户移交给别人。"
    )


def parked_words(count: int) -> str:
    """To operations: a fault of ours kept what a customer said from whom it concerns."""
    return (
        f"有一位客户在微信客服的 {count} 条留言因系统错误没能转告顾问，不再重试。"
        "请让技术人员查日志 kf.parked，并在企业微信的微信客服里看这位客户的会话。"
    )


def bounced_words(name: str, reason: str) -> str:
    """To who answered: it did not arrive."""
    why = REASON_WORDS.get(reason, reason)
    return f"刚才通过微信客服给「{name}」的回复没有送到：{why}。请换一种方式联系客户。"


def bot_failed_words(name: str, reason: str) -> str:
    """To the adviser: what he was told of as answered was not."""
    return f"智能助手给「{name}」的答复没有发出：{REASON_WORDS.get(reason, '现在不能对客户发')}。请您回复客户。"


def session_words(name: str, *, by_him: bool) -> str:
    """To the adviser: a person serves the client in WeCom's own tool by now."""
    if not by_him:
        return f"「{name}」的微信客服会话已由同事在企业微信「微信客服」里接待，这里暂时不能回复。"
    return (
        f"「{name}」要人工，会话已转到您企业微信的「微信客服」，请在那里直接回复；"
        "您结束会话以前，智能助手不答复，这里也不能「回复」。"
    )


def pass_on_words(number: str, flow: str, name: str, text: str) -> str:
    """To who has to tell a client what could not be written to him."""
    progress = f"工单 {number}（{flow}·{name}）有进展（发送「{number}」查看）"
    return f"{progress}，智能助手没能在微信客服里告诉客户。请您转告客户：{text}"


def _lines(head: str, said: Sequence[Heard]) -> list[str]:
    lines = [cut(heard.words, LONGEST_LINE) for heard in said[-MOST_LINES:]]
    before = [f"（前面还有 {len(said) - MOST_LINES} 条）"] if len(said) > MOST_LINES else []
    if len(lines) == 1:
        return [f"{head}{lines[0]}"]
    return [head, *before, *(f"· {line}" for line in lines)]
