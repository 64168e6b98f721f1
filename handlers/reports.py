"""Reports that come by themselves: a team's week and month, kept questions, and who else gets them (S28, S29, R234)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from typing import Any

from handlers.context import Context
from handlers.language import Meaning
from handlers.reminder_giving import colleague, member_named
from handlers.router import FRONT, command, confirmed
from handlers.whose import number_mark
from reminders.calendar import DAY
from reminders.questions import PERIODS, Question
from reminders.reports import (
    OFF,
    WEEKDAYS,
    WORDS,
    Every,
    Timing,
    configured_words,
    receivers,
    team_report,
    timing_of,
    timing_of_saved,
)
from storage.model.errors import Invalid
from storage.model.messages import Text
from storage.model.numerals import read_number
from storage.push_times import PushHour, checked
from storage.repositories.saved_reports import SavedReport, SavedReportRepository

MOST = 20
EXAMPLES = {"weekly": "存为周报 周一9点", "monthly": "存为月报 1号9点"}
_DAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])")
_DATE = re.compile(r"(\d{1,2})\s*(?:号|日)")
_CLOCK = re.compile(
    r"(上午|早上|下午|晚上|中午)?\s*(\d{1,2}|[一二两三四五六七八九十]{1,3}(?=\s*[点时]))\s*(?:[:：点时]\s*(\d{1,2}|半)?)"
)
_FOR_MANAGERS = "团队周报和月报只发给主管。您可以先问一个数，再存下来，例如「我的漏斗」之后「存为周报 周一9点」。"


@command("report.show", group="团队", help="团队周报、月报", example="周报", roles=("manager",))
def show(ctx: Context, meaning: Meaning) -> None:
    """The team's last seven days, or the last month, as they come by themselves."""
    ctx.conversation.keep_question({})  # 存为周报 after this means what was shown, and no question from before
    for message in team_report(ctx.uow, ctx.user, _every(meaning), ctx.today, ctx.zone):
        ctx.show(message)


@command("report.save", group="团队", help="把刚问的数存为周报、月报", example="存为周报 周一9点", roles=FRONT)
def save(ctx: Context, meaning: Meaning) -> None:
    """Ask the question about figures that was asked last again every week or month."""
    every, said = _every(meaning), ctx.conversation.question
    if not said:
        how = f"请先问一个数，再存下来。例如先发送「团队漏斗 本月」，再发送「{EXAMPLES[every]}」。"
        raise Invalid(f"{_comes_anyway(ctx, every)}{how}")
    timing, repository = timing_said(ctx.text, every), SavedReportRepository(ctx.uow)
    mine = repository.mine_all()
    if len(mine) >= MOST:
        raise Invalid(f"最多存 {MOST} 个报表，请先删一个：发送「我的报表」，再回复「删除报表 1」。")
    question = Question.from_json(said)
    if any(r.question == question.as_json() and timing_of_saved(r) == timing for r in mine):
        ctx.say("这个报表已经存过了。发送「我的报表」查看。")
        return
    repository.add(every, timing.day, f"{timing.at:%H:%M}", question.as_json())
    first = timing.next(ctx.today + DAY)
    ctx.wrote(
        f"已存为{WORDS[every]}：{_title(ctx, question)}，{timing.words}推送，第一次 {first:%m-%d}。\n"
        "发送「我的报表」查看，「删除报表 1」停掉。", f"存{WORDS[every]}",
    )


def _comes_anyway(ctx: Context, every: Every) -> str:
    """That a manager's own report need not be kept: it comes by itself, or was stopped."""
    if ctx.user.role != "manager":
        return ""
    timing, word = timing_of(ctx.uow.push_times.in_force(), ctx.user, every), WORDS[every]
    if timing is None:
        return f"团队{word}已停，恢复发送「开{word}」。"
    return f"团队{word}不用另存：本来就会推送（{timing.words}），改时间发送「{word} 时间改 …」。"


@command("report.list", group="团队", help="自动推送的报表", example="我的报表", roles=FRONT)
def show_list(ctx: Context, meaning: Meaning) -> None:
    """What comes by itself, and when."""
    lines = ["自动推送的报表"]
    if ctx.user.role == "manager":
        for every, word in WORDS.items():
            timing = timing_of(ctx.uow.push_times.in_force(), ctx.user, every)
            when = f"{timing.words}（「{word} 时间改 …」改，「停{word}」停）" if timing else f"已停（「开{word}」恢复）"
            lines.append(f"· 团队{word}：{when}")
        if others := receivers(ctx.uow, ctx.user):
            lines.append(f"· 日报、周报、月报也发给：{'、'.join(user.name for user in others)}")
        if fixed := configured_words(ctx.uow, ctx.user):
            lines.append(f"· 公司设置也发给：{fixed}")
    mine = SavedReportRepository(ctx.uow).mine_all()
    lines += [f"{number_mark(n)} {_described(ctx, report)}" for n, report in enumerate(mine, 1)]
    lines.append("停掉存下的回复「删除报表 1」。" if mine else "问一个数之后发送「存为周报 周一9点」，就会每周推送。")
    ctx.say("\n".join(lines))


@command("report.remove", group="团队", help="停掉存下的报表", example="删除报表 1", roles=FRONT)
def remove(ctx: Context, meaning: Meaning) -> None:
    """Stop a kept report, by its number in 我的报表."""
    mine, number = SavedReportRepository(ctx.uow).mine_all(), meaning.get("index")
    if not isinstance(number, int) or not 1 <= number <= len(mine):
        raise Invalid(f"没有第 {number or '？'} 个报表。发送「我的报表」查看序号。" if mine else "您没有存过报表。")
    SavedReportRepository(ctx.uow).remove(mine[number - 1])
    ctx.wrote(f"已删除报表：{_described(ctx, mine[number - 1])}。", "删除报表")


@command("report.set", group="团队", help="改周报、月报的时间", example="周报 时间改 周一9点", roles=FRONT)
def set_timing(ctx: Context, meaning: Meaning) -> None:
    """Move the team's week or month report to another day and hour, stop it, or let it come again."""
    if ctx.user.role != "manager":
        raise Invalid(_FOR_MANAGERS)
    every, how = _every(meaning), str(meaning.get("how") or "")
    word = WORDS[every]
    if how == "stop":
        ctx.uow.users.prefer(ctx.user, **{f"{every}_at": OFF})
        ctx.say(f"已停止推送团队{word}。恢复请发送「开{word}」；随时可以发送「{word}」查看。")
    else:
        timing = None if how == "start" else timing_said(ctx.text, every)
        ctx.uow.users.prefer(ctx.user, **{f"{every}_at": timing.kept() if timing else ""})
        usual = timing_of(ctx.uow.push_times.in_force(), ctx.uow.users.get(ctx.user.id), every)
        ctx.say(f"已设置：团队{word}{usual.words if usual else ''}推送，从下一次开始。")
    ctx.wrote_for_good(f"{word}时间")


# ---------------------------------------------------------------- who else gets them


@command("report.receiver", group="团队", help="日报也发给同事", example="日报 加收件人 小王", roles=("manager",))
def change_receivers(ctx: Context, meaning: Meaning) -> None:
    """Send the digest and the team's reports to somebody of the team as well, or no longer."""
    there, name = receivers(ctx.uow, ctx.user), str(meaning.get("to") or "")
    if meaning.get("how") == "remove":
        listed = f"现在也发给：{'、'.join(user.name for user in there) or '（没有别人）'}。"
        gone = member_named(there, name, listed)
        _keep(ctx, [user.id for user in there if user.id != gone.id])
        ctx.say(f"以后日报、周报、月报不再发给 {gone.name}。")
        return
    to = colleague(ctx, name)
    if not to.path.startswith(ctx.user.path):
        raise Invalid(f"{to.name} 不在您的团队里，不能收团队的日报。")
    if to.id in {user.id for user in there}:
        ctx.say(f"{to.name} 已经在收件人里了。")
        return
    question = f"以后团队日报、周报、月报也发给 {to.name}？里面有团队的数字和同事姓名，没有客户姓名；他不能展开明细。"
    ctx.ask_to_confirm(question, "report.receiver", to=to.id)


@confirmed("report.receiver", roles=("manager",))
def surely_add(ctx: Context, data: Mapping[str, Any]) -> None:
    """The receiver was named and agreed to."""
    there = receivers(ctx.uow, ctx.user)
    to = ctx.uow.users.get(data["to"])
    if not to.active or not to.path.startswith(ctx.user.path):
        raise Invalid("情况刚刚有变化，没有设置。")
    _keep(ctx, [*(user.id for user in there), to.id])
    ctx.say(f"已设置：日报、周报、月报也发给 {to.name}，从下一次开始。不发了请发送「日报 去掉收件人 {to.name}」。")
    ctx.tell(to.id, Text(f"{ctx.user.name} 让您也收到团队的日报、周报和月报，从下一次开始。"))


def _keep(ctx: Context, ids: list[str]) -> None:
    ctx.uow.users.prefer(ctx.user, report_receivers=ids)
    ctx.wrote_for_good("日报收件人")


# ---------------------------------------------------------------- words


def _every(meaning: Meaning) -> Every:
    return "monthly" if meaning.get("every") == "monthly" else "weekly"


def timing_said(text: str, every: Every) -> Timing:
    """「周一9点」, 「1号下午2点半」. Raises Invalid."""
    day, at = day_and_clock(text, every)
    if day is None or at is None:
        raise Invalid(f"请写上哪天几点，例如「{EXAMPLES[every]}」。")
    hour = checked(every, PushHour(at, day))
    return Timing(every, day, hour.at)


def day_and_clock(text: str, every: Every) -> tuple[int | None, time | None]:
    """The day of the week or month and the time of day, as far as they were said. Raises Invalid for 25点."""
    day = (_DAY if every == "weekly" else _DATE).search(text)
    clock = _CLOCK.search(text if day is None else f"{text[:day.start()]} {text[day.end():]}")
    return None if day is None else _number_of(day[1]), None if clock is None else _time_of(clock)


def _number_of(day: str) -> int:
    """周一 as 1, 3号 as 3."""
    return int(day) if day.isdigit() else WEEKDAYS.index(day.replace("天", "日")) + 1


def _time_of(clock: re.Match[str]) -> time:
    hour, minute = int(read_number(clock[2]) or 0), 30 if clock[3] == "半" else int(clock[3] or 0)
    if clock[1] in ("下午", "晚上") and hour < 12:
        hour += 12
    if hour > 23 or minute > 59:
        raise Invalid(f"没有「{clock[0].strip()}」这个时间，例如「9:30」「下午2点半」。")
    return time(hour, minute)


def _described(ctx: Context, report: SavedReport) -> str:
    timing = timing_of_saved(report)
    if not report.question:
        return f"{WORDS[timing.every]}（内容打不开，请删掉后重新存），{timing.words}"
    return f"{WORDS[timing.every]}：{_title(ctx, Question.from_json(report.question))}，{timing.words}"


def _title(ctx: Context, question: Question) -> str:
    """团队漏斗（本月） · 我的新增客户（本月，只算：银行等级 是 贵宾）"""
    members = {"me": "我的", "team": "团队"}
    named = ctx.uow.users.find(question.whose)
    whose = members.get(question.whose) or (f"{named.name}的" if named else "")
    metric = ctx.packs.find_metric(question.metric)
    what = {"funnel": "漏斗", "summary": "数据"}.get(question.what) or (metric.label if metric else question.metric)
    what += {"trend": "趋势", "split": "分类"}.get(question.what, "")
    only = f"，只算：{question.conditions}" if question.conditions else ""
    return f"{whose}{what}（{PERIODS[question.period]}{only}）"
