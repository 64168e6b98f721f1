"""Setting reminders: once, repeating, or relative to a date of a client's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from handlers.context import Context
from handlers.follow_ups import MORNING, clash_hint, guessed_hour, moment_of, moment_text, unusable
from handlers.language import HOUR_OF_PART, Meaning, Recurrence, When
from handlers.putting_off import LATER, usual_moment
from handlers.recurrence import NotSupported, next_day, repeating
from handlers.reminder_acts import TASK, moment_said, snooze
from handlers.reminder_items import by_words, shifted, title_of
from handlers.router import command, confirmed, free_answer
from handlers.rule_words import rule_text
from handlers.whose import number_mark, resolve
from reminders.calendar import DAY, add_months, local_instant, next_lunar_birthday, next_solar_birthday
from storage.model.errors import Invalid, NotFound
from storage.model.messages import cut
from storage.model.people import Client
from storage.model.values import mask_free_text

EXAMPLE = "周三下午3点 提醒我见王芳"
_ONE_TIME = (
    "一句话只能设一个提醒时间，这次没有设提醒。"
    "请分成两句发送，例如「周三上午10点提醒我见王芳」和「周二上午10点提醒我见王芳」。"
)
_ANCHORS = {
    "policy_due": "保单到期日", "policy_effective": "保单生效日", "birthday": "生日", "repay_date": "还款日",
    "holding_due": "产品到期日", "loan_due": "贷款到期日", "id_expiry": "证件到期日",
}
_CATEGORIES = {
    "policy_due": "renewal", "birthday": "birthday", "repay_date": "repayment", "holding_due": "maturity",
    "loan_due": "maturity", "id_expiry": "expiry",
}
_STARTS = {"today": "今天", "week": "下周一", "month": "下个月1号"}
_INTERVAL = re.compile(r";INTERVAL=\d+")
_HOLDINGS = ("deposit", "wealth", "fund")


@command("reminder.create", group="待办", help="设提醒", example=EXAMPLE)
def create(ctx: Context, meaning: Meaning) -> None:
    """Set a reminder, echo its date, and point out a clash within the hour. Raises Invalid for two times."""
    if meaning.clarify == "one_time":
        raise Invalid(_ONE_TIME)
    client = None
    if _must_ask(meaning):
        client = resolve(ctx, meaning)
        if client is None:
            return
    elif isinstance(meaning.get("client_id"), int):
        client = ctx.uow.clients.get(meaning.slots["client_id"])
        ctx.look_at(client)
    if meaning.get("anchor"):
        _relative(ctx, meaning, client)
    elif isinstance(meaning.get("recurrence"), Recurrence):
        _repeating(ctx, meaning, client)
    else:
        _once(ctx, meaning, client)


def _must_ask(meaning: Meaning) -> bool:
    """Several clients answer to the name, or one that only sounds like it. A name that nobody has stays words."""
    found = meaning.get("client_id")
    return isinstance(found, list | tuple) or (found is not None and bool(meaning.get("fuzzy")))


def _content(meaning: Meaning, client: Client | None) -> str:
    content = str(meaning.get("content") or "").strip()
    if not content and client is None:
        raise Invalid(f"请说明提醒您做什么，例如「{EXAMPLE}」。")
    return mask_free_text(cut(content or f"联系{client.name if client else ''}", 120))


def _moment(ctx: Context, at: datetime, *, timed: bool) -> str:
    """The moment before a word: a figure at its end is set apart."""
    return moment_text(ctx, at, timed=timed) + (" " if timed else "")


def _add(
    ctx: Context, client: Client | None, content: str, at: datetime, *, timed: bool,
    data: Mapping[str, Any] | None = None,
) -> None:
    ctx.uow.reminders.add(
        receiver_id=ctx.user.id, remind_at=at, due_on=ctx.local(at).date(), category=TASK, text=content,
        client=client, timed=timed, data=data,
    )


# ---------------------------------------------------------------- once


def _once(ctx: Context, meaning: Meaning, client: Client | None) -> None:
    when, content = meaning.get("when"), _content(meaning, client)
    if not isinstance(when, When):
        _ask_when(ctx, client, content, "什么时候提醒您？")
        return
    if when.problem:
        _ask_when(ctx, client, content, unusable(when))
        return
    _set(ctx, client, content, when)


def _ask_when(ctx: Context, client: Client | None, content: str, why: str) -> None:
    """Keep what is to be reminded of, so that 「明天下午」 alone is enough of an answer."""
    ctx.conversation.ask(
        "choice", "reminder.when", options=list(LATER), then="reminder.when", content=content,
        client_id=client.id if client else None,
    )
    choices = " ".join(f"{number_mark(n)} {word}" for n, word in enumerate(LATER.values(), 1))
    ctx.say(f"{why}直接说时间，例如「明天下午3点」，或回复序号：{choices}")


@free_answer("reminder.when")
@free_answer("reminder.start")
def time_said(ctx: Context, text: str) -> Meaning | None:
    """「明天下午」 and nothing else, in answer to 「什么时候提醒您？」 or 「从哪天开始提醒？」."""
    answer: Meaning | None = moment_said(ctx, text)
    return answer


@confirmed("reminder.when")
def set_then(ctx: Context, data: Mapping[str, Any]) -> None:
    """A time was said, or one of the usual moments chosen."""
    client = ctx.uow.clients.get(data["client_id"]) if data["client_id"] is not None else None
    said = data["chosen"]
    to = said.get("to") if isinstance(said, Meaning) else None
    if isinstance(to, When):
        if to.problem:
            _ask_when(ctx, client, data["content"], unusable(to))
        else:
            _set(ctx, client, data["content"], to)
        return
    at = shifted(ctx.now, str(said.slots["delay"]), ctx) if isinstance(said, Meaning) else usual_moment(ctx, str(said))
    _set(ctx, client, data["content"], When(f"{ctx.local(at):%Y-%m-%dT%H:%M}", grain="minute"))


def _set(ctx: Context, client: Client | None, content: str, when: When) -> None:
    at, timed = moment_of(ctx, when)
    note = guessed_hour(when)
    if at <= ctx.now:
        if when.has_clock:
            raise Invalid(f"「{when.text or when.start}」已经过去了，请换一个以后的时间。")
        at, timed, note = ctx.now + timedelta(hours=1), True, "（没说几点，先按一小时后）"
    clash = clash_hint(ctx, at) if timed else ""
    _add(ctx, client, content, at, timed=timed)
    how = "" if timed else "，放在当天早上的待办里"
    lines = [f"好的，{_moment(ctx, at, timed=timed)}提醒您：{content}{how}。{note}", clash]
    ctx.wrote("\n".join(filter(None, lines)), f"提醒「{cut(content, 20)}」")


# ---------------------------------------------------------------- repeating


def _repeating(ctx: Context, meaning: Meaning, client: Client | None) -> None:
    rule: Recurrence = meaning.slots["recurrence"]
    content = _content(meaning, client)
    if said := meaning.get("start_said"):
        _rhythm(ctx, rule)  # nothing is asked about what cannot repeat
        _ask_start(ctx, client, content, rule, f"「{said}」定不下是哪一天。")
        return
    _set_series(ctx, client, content, rule)


def _set_series(ctx: Context, client: Client | None, content: str, rule: Recurrence) -> None:
    data, at, timed = _rhythm(ctx, rule)
    clash = clash_hint(ctx, at) if timed else ""
    _add(ctx, client, content, at, timed=timed, data=data)
    lines = [
        f"好的，{rule.text or '按周期'}提醒您：{content}。",
        f"下一次：{moment_text(ctx, at, timed=timed)}；每次完成后自动安排再下一次。", clash,
    ]
    ctx.wrote("\n".join(filter(None, lines)), f"重复提醒「{cut(content, 20)}」")


def _ask_start(ctx: Context, client: Client | None, content: str, rule: Recurrence, why: str) -> None:
    """Keep the series, so that its first day alone is enough of an answer."""
    ctx.conversation.ask(
        "choice", "reminder.start", options=list(_STARTS), then="reminder.start", content=content,
        client_id=client.id if client else None, rule=asdict(rule),
    )
    choices = " ".join(f"{number_mark(n)} {word}" for n, word in enumerate(_STARTS.values(), 1))
    ctx.say(f"{why}「{rule.text}」从哪天开始提醒？直接说日期，例如「7月1日」，或回复序号：{choices}")


_NO_DAY = re.compile(
    r"\W*(?:从|自)?(?:凌晨|清早|早上|早晨|上午|中午|下午|傍晚|晚上|晚)?\s*[\d一二两三四五六七八九十]{1,3}\s*(?:点|时|:|：)\s*(?:[\d一二三四五六七八九十]{0,3}(?:分|半|刻)?)(?:开始|起|吧|\W)*"
)


@confirmed("reminder.start")
def begin_then(ctx: Context, data: Mapping[str, Any]) -> None:
    """A day was said, or one of those offered chosen."""
    client = ctx.uow.clients.get(data["client_id"]) if data["client_id"] is not None else None
    said, rule = data["chosen"], Recurrence(**data["rule"])
    to = said.get("to") if isinstance(said, Meaning) else None
    if isinstance(to, When) and to.problem:
        _ask_start(ctx, client, data["content"], rule, unusable(to))
        return
    if isinstance(to, When) and _NO_DAY.fullmatch(ctx.text):
        _ask_start(ctx, client, data["content"], rule, f"「{to.text}」没有说哪一天。")
        return
    if isinstance(to, When):
        day = to.date
    else:
        at = shifted(ctx.now, str(said.slots["delay"]), ctx) if isinstance(said, Meaning) else None
        day = ctx.local(at).date() if at else _offered(ctx, str(said))
    _set_series(ctx, client, data["content"], _begun_on(rule, day, ctx.today))


def _offered(ctx: Context, start: str) -> date:
    if start == "today":
        return ctx.today
    return ctx.today + (7 - ctx.today.weekday()) * DAY if start == "week" else add_months(ctx.today.replace(day=1), 1)


def _begun_on(rule: Recurrence, day: date, today: date) -> Recurrence:
    """The same series with its first occurrence on the day or after it."""
    by_year = "FREQ=YEARLY" in rule.rrule  # its day is in its first occurrence alone
    anchor = date.fromisoformat(rule.start[:10]) if by_year else day
    day_shown = f"{day:%m-%d}" if day.year == today.year else f"{day}"
    first = next_day(_INTERVAL.sub("", rule.rrule), anchor, day - DAY) or day
    return replace(rule, start=f"{first}{rule.start[10:]}", text=f"{day_shown} 开始，{rule.text}")


@command("reminder.update", group="待办", help="改提醒的时间", example="把催资料那条改成每周二")
def change(ctx: Context, meaning: Meaning) -> None:
    """Another rhythm for a reminder one set oneself; another time is what `snooze` does."""
    rule = meaning.get("recurrence")
    if not isinstance(rule, Recurrence):
        if meaning.get("ref") == "last" and meaning.get("content") and not (meaning.get("to") or meaning.get("delay")):
            _reword(ctx, meaning)
        else:
            snooze(ctx, meaning)
        return
    if said := meaning.get("start_said"):
        raise Invalid(f"「{said}」定不下是哪一天，没有改动。请带上开始的日期再说一次，例如「7月1日开始」。")
    narrowing = {name: value for name, value in meaning.slots.items() if name != "recurrence"}
    found = by_words(ctx, replace(meaning, slots=narrowing), f"改成{rule.text}")
    if found is None:
        return
    if found.rule != "manual":
        raise Invalid("系统按规则提的提醒不能改成重复；可以另设一个，例如「每周二提醒我催资料」。")
    if found.timed and "T" not in rule.start and rule.part is None:  # the hour stays where none is said
        rule = replace(rule, start=f"{rule.start}T{ctx.local(found.remind_at):%H:%M}")
    data, at, timed = _rhythm(ctx, rule)
    ctx.uow.reminders.repeat(found, data, at, at.date(), timed=timed)
    ctx.wrote(
        f"「{title_of(found)}」改成{rule.text or '按周期'}提醒。\n下一次：{moment_text(ctx, at, timed=timed)}。",
        f"改提醒「{cut(title_of(found), 20)}」",
    )


def _reword(ctx: Context, meaning: Meaning) -> None:
    """The reminder just set says something else from now on."""
    found = by_words(ctx, meaning, "改内容")
    if found is not None:
        new = mask_free_text(cut(str(meaning.get("content")), 120))
        ctx.uow.reminders.reword(found, new)
        ctx.wrote(f"提醒「{title_of(found)}」改成：{new}。时间不变。", f"改提醒「{cut(title_of(found), 20)}」")


def _rhythm(ctx: Context, rule: Recurrence) -> tuple[Mapping[str, str], datetime, bool]:
    """What a repeating reminder keeps, its first instant to come, whether an hour was said. Raises Invalid."""
    start, timed = _start_of(ctx, rule)
    try:
        data = repeating(rule.rrule, start)
        at = _first(ctx, rule.rrule, start)
    except NotSupported:
        raise Invalid(
            f"「{rule.text or '这种重复方式'}」还不能自动重复。可以先设一次，例如「{EXAMPLE}」。"
        ) from None
    if at is None:
        raise Invalid("这个重复提醒已经没有下一次了，请换一个时间。")
    return data, at, timed


def _start_of(ctx: Context, rule: Recurrence) -> tuple[datetime, bool]:
    """The first occurrence, and whether an hour was said."""
    if "T" in rule.start:
        return datetime.fromisoformat(rule.start).replace(tzinfo=ctx.zone), True
    hour = HOUR_OF_PART.get(rule.part or "")
    at = MORNING if hour is None else time(hour)
    return local_instant(date.fromisoformat(rule.start), at, ctx.zone), hour is not None


def _first(ctx: Context, rrule: str, start: datetime) -> datetime | None:
    """The first occurrence that is still to come."""
    if start > ctx.now:
        return start
    after = ctx.today - DAY
    while day := next_day(rrule, start.date(), after):
        at = local_instant(day, start.timetz().replace(tzinfo=None), ctx.zone)
        if at > ctx.now:
            return at
        after = day
    return None


# ---------------------------------------------------------------- relative to a date


def _relative(ctx: Context, meaning: Meaning, client: Client | None) -> None:
    anchor, offset = str(meaning.slots["anchor"]), str(meaning.get("offset") or "P0D")
    if client is None or meaning.get("scope"):
        _point_to_rules(ctx, anchor)
        return
    day, what = _next_anchor(ctx, anchor, client, offset)
    at = local_instant(day, _hour_said(meaning), ctx.zone)
    said = str(meaning.get("content") or "")
    content = mask_free_text(cut(said or f"{client.name} {what}", 120))
    timed = bool(meaning.get("time"))
    _add(ctx, client, content, at, timed=timed)
    ctx.wrote(
        f"好的，{_moment(ctx, at, timed=timed)}提醒您：{content}{f'（{what}）' if said else ''}。",
        f"提醒「{cut(content, 20)}」",
    )


def _hour_said(meaning: Meaning) -> time:
    said = meaning.get("time")
    if isinstance(said, When) and said.has_clock:
        return datetime.fromisoformat(said.start).time()
    try:
        return time.fromisoformat(str(said))
    except ValueError:
        return MORNING


def _point_to_rules(ctx: Context, anchor: str) -> None:
    """All clients at once is what rules are for; they are set by operations."""
    rules = [r for r in ctx.uow.rules.in_force().rules if r.category == _CATEGORIES.get(anchor) and r.enabled]
    lines = [f"所有客户的{_ANCHORS.get(anchor, '日期')}由提醒规则统一安排，不用单独设置："]
    lines += [rule_text(rule, ctx.packs) for rule in rules] or ["目前还没有这一类规则。"]
    lines.append("要增减天数请联系运营。单个客户可以这样说：「王芳 保单到期前30天提醒我」。")
    ctx.say("\n".join(lines))


def _next_anchor(ctx: Context, anchor: str, client: Client, offset: str) -> tuple[date, str]:
    """The first day after today at `offset` from a date of the client's, and what that date is."""
    found = []
    for day, what in _dates_of(ctx, anchor, client):
        moved = shifted(local_instant(day, MORNING, ctx.zone), offset, ctx).date()
        if moved > ctx.today:
            found.append((moved, f"{what} {day:%Y-%m-%d}"))
    if not found:
        raise NotFound(
            f"「{client.name}」没有以后的{_ANCHORS.get(anchor, '这个日期')}可以推算，请直接说日期，例如「{EXAMPLE}」。"
        )
    return min(found)


def _dates_of(ctx: Context, anchor: str, client: Client) -> list[tuple[date, str]]:
    contracts = ctx.uow.contracts
    match anchor:
        case "policy_due" | "holding_due" | "loan_due":
            kinds = {"policy_due": ("policy",), "holding_due": _HOLDINGS, "loan_due": ("loan",)}[anchor]
            ending = contracts.of_client(client.id, kinds)
            return [(c.ends_on, f"{c.product_name}到期") for c in ending if c.ends_on]
        case "policy_effective":
            policies = contracts.of_client(client.id, ("policy",))
            return [(c.starts_on, f"{c.product_name}生效") for c in policies if c.starts_on]
        case "repay_date":
            loans = [c.id for c in contracts.of_client(client.id, ("loan", "lease"))]
            return [(i.due_on, f"第 {i.number} 期还款") for i in contracts.instalments(loans) if i.state == "due"]
        case "birthday":
            return _birthday_of(ctx, client)
        case "id_expiry":
            return [(client.id_expires_on, "证件到期")] if client.id_expires_on else []
    return []


def _birthday_of(ctx: Context, client: Client) -> list[tuple[date, str]]:
    """This and the next one: a reminder some days before may be over for the first."""
    if client.birthday_calendar == "lunar" and client.lunar_birthday:
        code = client.lunar_birthday
        first = next_lunar_birthday(code, ctx.today)
        return [(first, "生日"), (next_lunar_birthday(code, first + DAY), "生日")]
    if client.birthday is None:
        return []
    month_day = client.birthday.month * 100 + client.birthday.day
    first = next_solar_birthday(month_day, ctx.today)
    return [(first, "生日"), (next_solar_birthday(month_day, first + DAY), "生日")]
