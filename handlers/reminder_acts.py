"""What becomes of a reminder: done, later, not needed. In words; `reminder_cards` has the buttons."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers.all_at_once import asked_first
from handlers.context import Context
from handlers.follow_ups import (
    answer_planned,
    check_when,
    kind_of,
    log_contact,
    plan_next,
)
from handlers.interest import in_hand, note_interest, said_after
from handlers.item_results import note_results, say_unbooked
from handlers.item_words import result_in
from handlers.language import Dialogue, Meaning, When
from handlers.putting_off import LATER, later_moment, put_off, usual_moment
from handlers.recurrence import arm_again
from handlers.reminder_items import (
    STATE_WORDS,
    Item,
    best,
    by_words,
    item_of,
    left_today,
    numbered,
    open_reminders,
    own_client,
    shifted,
    show_reminders,
    title_of,
)
from handlers.router import FRONT, REMINDED, command, confirmed, free_answer, read
from handlers.whose import find
from reminders.calendar import day_bounds
from reminders.wording import category_word
from storage.model.errors import Invalid
from storage.model.messages import Text, cut
from storage.model.people import Client
from storage.model.work import Reminder

_UNREACHED = re.compile(
    r"没有?人?(?:接|应)|未接|不接|拒接|没有?打通|打不通|没有?联系上|联系不上|没有?找到|占线|忙线|关机|停机|空号|无人(?:接|应)"
    r"|(?:没有?|未|不)回(?:我|电话|微信|信息|消息|\W|$)|挂(?:了|断|掉)|(?:人|他|她|客户|^)不在"
)
# A task the member set himself says nothing of a contact; everything the rules remind of asks for one.
TASK = "task"
_CONTACT_WORDS = ("联系", "电话", "微信", "拜访", "见面", "聊", "沟通", "回访", "通知", "说")
OF_ONE_CLIENT = ("contracts", "plan")  # lists whose numbers are no people: a contact by number may mean the brief's


# ---------------------------------------------------------------- done


@command("item.done", "reminder.complete", group="待办", help="完成清单里的事项", example="1 已联系", roles=REMINDED)
def done(ctx: Context, meaning: Meaning) -> None:
    """Finish items by number, or the reminder that the words point to."""
    words = str(meaning.get("content") or "").strip()
    if _UNREACHED.search(words):
        _tried_in_vain(ctx, meaning)
        return
    if words.startswith("期") and len(meaning.get("indexes") or ()) > 1:
        meaning, words = _part_said(meaning, words)
    if (answered := _events_answered(ctx, meaning)) is not None:
        items, words = answered
    else:
        items = _items(ctx, meaning, "完成")
    result = result_in(ctx.text, words) if items and meaning.get("indexes") else None
    if result and ctx.user.role not in FRONT:
        raise Invalid(f"登记缴费、续保要由顾问来做，没有做任何改动。您这边处理完了，请回复「{items[0].number} 完成」。")
    if result:
        note_results(ctx, items, words, result)
        _also_follow_up(ctx, items, words, agreed_in(meaning))
    elif items:
        finish(ctx, items, words, agreed_in(meaning))
        say_unbooked(ctx, items, words)


def _tried_in_vain(ctx: Context, meaning: Meaning) -> None:
    """Nobody was reached: nothing is finished, and the time said to try again is kept (没接电话 明天上午再打)."""
    agreed, client = agreed_in(meaning), _contacted(ctx, meaning)
    if agreed is None:
        number = next(iter(meaning.get("indexes") or ()), None)
        later = f"{number} 稍后" if number else f"明天上午提醒我联系{client.name if client else '客户'}"
        raise Invalid(f"还没有联系上，事项照旧保留。想晚点再提醒，请发送「{later}」。")
    numbers = meaning.get("indexes") or meaning.get("index")
    due = [r for r in open_reminders(ctx) if client and r.client_id == client.id and r.remind_at <= ctx.now]
    if numbers or client is None:
        items = [item for item in _items(ctx, meaning, "没联系上") if is_open(ctx, item)]
    else:
        items = [item_of(ctx, 1, {"reminder": r.id}) for r in due[:1] if len(due) == 1]
    lines = [_put_off(ctx, item, replace(meaning, slots={"to": agreed})) for item in items]
    if client and not numbers and not items:
        lines = plan_next(ctx, client, agreed, "上次没有联系上")
    if lines:
        ctx.wrote("\n".join(["还没有联系上，事项照旧保留。", *lines]), label_of("推迟", items) if items else "下次跟进")


def finish(ctx: Context, items: Sequence[Item], words: str, agreed: When | None) -> None:
    """Finish these items with what was said of them, and report."""
    report(ctx, items, [complete(ctx, item, words, agreed) for item in items], label_of("完成", items))


def agreed_in(meaning: Meaning) -> When | None:
    """The next date that an answer names. Raises Invalid for a day that does not exist or is over."""
    agreed = meaning.get("next")
    if not isinstance(agreed, When):
        return None
    check_when(agreed)
    return agreed


def _events_answered(ctx: Context, meaning: Meaning) -> tuple[list[Item], str] | None:
    """The event that 「已联系 有兴趣 周五签」 without a number answers, and all that was said of it; no item where
    several were shown to choose from. None for any other answer."""
    if any(meaning.get(name) is not None for name in ("index", "indexes", "ref")):
        return None
    words = said_after(ctx.text)
    found = in_hand(ctx, words, meaning.get("client_id"))
    if len(found) > 1:
        show_reminders(ctx, f"有 {len(found)} 条可能的提醒，回复例如「1 已联系 {cut(words, 20)}」：", found)
        return [], words
    return ([item_of(ctx, 1, {"reminder": found[0].id})], words) if found else None


def _part_said(meaning: Meaning, words: str) -> tuple[Meaning, str]:
    """「1 第2期已缴」 is about item 1 alone, whose second instalment was paid."""
    *items, part = meaning.slots["indexes"]
    return replace(meaning, slots={**meaning.slots, "indexes": items}), f"第{part}{words}"


def _items(ctx: Context, meaning: Meaning, act: str) -> list[Item]:
    if asked_first(ctx, meaning):
        return []
    if meaning.get("index") is not None or meaning.get("indexes"):
        return numbered(ctx, meaning)
    told = act == "完成" and _tells_of_contact(ctx)
    if told and isinstance(meaning.get("client_id"), list | tuple):
        find(ctx, meaning)  # asks which one; the answer comes back here
        return []
    client = _contacted(ctx, meaning) if told else None
    if client is not None:
        own = [r for r in open_reminders(ctx) if r.client_id == client.id]
        if not own:
            return [Item(1, client.name, client.id)]
        if not best(own, str(meaning.get("content") or "")):  # told of the talk, and no name of a task
            act = f"已联系 {cut(str(meaning.get('content') or ''), 20)}".strip()
            meaning = replace(meaning, slots={**meaning.slots, "content": None})
    found = by_words(ctx, meaning, act)
    return [item_of(ctx, 1, {"reminder": found.id})] if found else []


def _tells_of_contact(ctx: Context) -> bool:
    return ctx.user.role in FRONT and any(word in ctx.text for word in _CONTACT_WORDS)


def _contacted(ctx: Context, meaning: Meaning) -> Client | None:
    """The member's client of whom 「陈静 已联系」 tells."""
    said = meaning.get("client_id")
    return own_client(ctx, said) if isinstance(said, int) else None


def report(ctx: Context, items: Sequence[Item], outcomes: Sequence[tuple[bool, str]], label: str) -> None:
    lines = [line for _, line in outcomes]
    if not any(changed for changed, _ in outcomes):
        ctx.say("\n".join(lines))
        return
    lines += [words] if (words := left_words(ctx, *(i.reminder for i in items if i.reminder))) else []
    ctx.wrote("\n".join(lines), label)


def label_of(act: str, items: Sequence[Item]) -> str:
    """What an undo is called: 完成「王芳的续保提醒」, 完成 3 项."""
    titles = [title_of(item.reminder) if item.reminder else item.name for item in items]
    return f"{act}「{cut(titles[0], 30)}」" if len(titles) == 1 else f"{act} {len(titles)} 项"


def left_words(ctx: Context, *acted_on: Reminder) -> str:
    """How much of today is left; nothing when what was acted on is of a later day."""
    _, end = day_bounds(ctx.today, ctx.zone)
    if not any(reminder.remind_at < end for reminder in acted_on):
        return ""
    left = left_today(ctx)
    return f"今天还有 {left} 件待办。" if left else "今天的待办都处理完了。"


def complete(ctx: Context, item: Item, words: str, agreed: When | None = None) -> tuple[bool, str]:
    """Finish one item, with the follow-up where a next date was agreed; whether anything changed, and what to say."""
    reminder = item.reminder
    if reminder is None:
        return _note_contact(ctx, item, words, agreed)
    reminder = replace(reminder, state=ctx.uow.reminders.get(reminder.id).state)  # the line before may have answered it
    if reminder.state != "open":
        return False, f"「{title_of(reminder)}」{STATE_WORDS[reminder.state]}，不用再处理。"
    contact = ctx.user.role in FRONT and reminder.client_id is not None and (
        reminder.category != TASK or any(word in words for word in _CONTACT_WORDS)
    )
    ctx.uow.reminders.finish(reminder, "done", result="已联系" if contact else "已完成")
    line = f"已完成：{title_of(reminder)}"
    if contact:
        line += _write_contact(ctx, reminder, words)
    more = [note_interest(ctx, reminder, words, agreed)] if contact else []
    if not any(more):
        more = _follow_up(ctx, own_client(ctx, reminder.client_id), agreed, words)
    return True, "\n".join([f"{line}。{arm_again(ctx, reminder)}", *more])


def _follow_up(ctx: Context, client: Client | None, agreed: When | None, words: str) -> list[str]:
    if agreed is None:
        return []
    if client is None or ctx.user.role not in FRONT:
        return [f"「{agreed.text}」没有安排提醒：这一项没有您名下的客户。要提醒请发送「{agreed.text} 提醒我……」。"]
    return plan_next(ctx, client, agreed, words)


def _also_follow_up(ctx: Context, items: Sequence[Item], words: str, agreed: When | None) -> None:
    """The next date beside what became of a contract; nothing is set while that is still asked about."""
    if agreed is None:
        return
    if ctx.conversation.pending is not None or not ctx.uow.changes:
        ctx.say(f"「{agreed.text}」还没有安排提醒，这一件办好以后请再发送「{agreed.text} 提醒我……」。")
        return
    for item in items:
        ctx.say("\n".join(_follow_up(ctx, own_client(ctx, item.client_id), agreed, words)))


def _note_contact(ctx: Context, item: Item, words: str, agreed: When | None) -> tuple[bool, str]:
    client = own_client(ctx, item.client_id)
    if client is None or ctx.user.role not in FRONT:
        raise Invalid("这一项不能这样处理。发送「今日待办」查看可以处理的清单。")
    listing = ctx.conversation.listing
    if listing is not None and listing.kind in OF_ONE_CLIENT:
        raise Invalid(f"刚才列的是「{client.name}」自己的合同，不是待办，没有做任何改动。要记和这位客户联系过，"
                      f"请发送「{client.name} 已联系」；要办待办，请先发送「今日待办」，再回复序号。")
    log_contact(ctx, client, kind_of(words), words or "已联系")
    answer_planned(ctx, client)
    return True, "\n".join([f"已记录联系「{client.name}」。", *_follow_up(ctx, client, agreed, words or "已联系")])


def _write_contact(ctx: Context, reminder: Reminder, words: str) -> str:
    """The contact goes on the client's time line; a colleague's client is told of instead."""
    what = category_word(reminder.category)
    client = own_client(ctx, reminder.client_id)
    if client is None:
        ctx.tell(reminder.owner_id, Text(f"{ctx.user.name} 已处理您转交的「{title_of(reminder)}」。"))
        return "，已告诉原负责人"
    said = words if words and words not in ("已联系", "完成", "已完成") else "已联系"
    log_contact(ctx, client, kind_of(words), f"{what}：{said}")
    answer_planned(ctx, client, but=[reminder.id])
    return "，已记入时间线"


# ---------------------------------------------------------------- later


@command(
    "item.snooze", "reminder.postpone", group="待办", help="推迟清单里的事项", example="2 稍后 周三上午", roles=REMINDED
)
def snooze(ctx: Context, meaning: Meaning) -> None:
    """Show items again later: at a said time, after a said length, or at one of three usual moments."""
    to = meaning.get("to")
    example = f"稍后 {to.text}" if isinstance(to, When) and to.text else "稍后 周三上午"
    items = [item for item in _items(ctx, meaning, example) if is_open(ctx, item)]
    if not items:
        return
    if not isinstance(to, When) and not meaning.get("delay"):
        _ask_when(ctx, items)
        return
    report(ctx, items, [(True, _put_off(ctx, item, meaning)) for item in items], label_of("推迟", items))


_AROUND_TIME = re.compile(
    r"^(?:\s|那|就|请|稍后|晚点|推迟|延后|延期|改|推|挪|到|[,，])+|(?:再?提醒(?:我|一下)*|再说|吧|的?时候|[\s。.!！])+$"
)


@free_answer("snooze")
def moment_said(ctx: Context, text: str) -> Meaning | None:
    """「周三上午」, 「稍后 1 小时」 in answer to 「什么时候再提醒？」: a time and nothing else, or it is no answer."""
    core = _AROUND_TIME.sub("", text)
    meaning = read(ctx, f"1 稍后 {core}", Dialogue())
    left = f"1 稍后 {core}"
    for span in meaning.spans:
        left = left.replace(span.text, "", 1) if span.kind == "time" else left
    slots = {name: meaning.get(name) for name in ("to", "delay") if meaning.get(name)}
    if meaning.intent != "item.snooze" or left.strip() != "1 稍后" or not slots:
        return None
    # The offsets are of the sentence made up here; what was said is shifted by as much as stands before it.
    shift = text.find(core) - len("1 稍后 ")
    spans = tuple(replace(s, start=s.start + shift, end=s.end + shift) for s in meaning.spans if s.start + shift >= 0)
    return Meaning("clarify.answer", slots, spans=spans, rule="a time", confidence=meaning.confidence)


def is_open(ctx: Context, item: Item) -> bool:
    if item.reminder is None:
        raise Invalid(f"要安排以后再联系「{item.name}」，请发送例如「周三上午提醒我联系{item.name}」。")
    if item.reminder.state != "open":
        ctx.say(f"「{title_of(item.reminder)}」{STATE_WORDS[item.reminder.state]}，不用再处理。")
    return item.reminder.state == "open"


def _put_off(ctx: Context, item: Item, meaning: Meaning) -> str:
    assert item.reminder is not None
    to = meaning.get("to")
    if isinstance(to, When) and (same_day := _on_its_day(ctx, item.reminder, to, meaning.get("keeps_day"))):
        at, timed = same_day, True
    elif isinstance(to, When):
        check_when(to)
        at, timed = later_moment(ctx, item.reminder, to, meaning.get("later"))
    else:
        base = item.reminder.remind_at
        at = shifted(max(base, ctx.now) if not str(meaning.slots["delay"]).startswith("-") else base,
                     str(meaning.slots["delay"]), ctx)
        timed = True
    return put_off(ctx, item.reminder, at, timed=timed)


def _on_its_day(ctx: Context, reminder: Reminder, to: When, how: Any) -> datetime | None:
    """The hour that was said alone, on the reminder's own day, of two halves of it the nearer one; None where that is
    over, or where a day was said."""
    if how is None or to.grain not in ("minute", "hour"):
        return None
    was, said = ctx.local(reminder.remind_at), datetime.fromisoformat(to.start)
    hours = (said.hour,) if how == "exact" else (said.hour % 12, said.hour % 12 + 12)
    moments = [was.replace(hour=hour, minute=said.minute, second=0, microsecond=0) for hour in hours]
    ahead = [moment for moment in moments if moment > ctx.now]
    return min(ahead, key=lambda moment: abs(moment - was)) if ahead else None


def _ask_when(ctx: Context, items: Sequence[Item]) -> None:
    reminders = [item.reminder.id for item in items if item.reminder]
    ctx.conversation.ask("choice", "snooze", options=list(LATER), then="snooze", reminders=reminders)
    choices = " ".join(f"{'①②③'[n]} {word}" for n, word in enumerate(LATER.values()))
    ctx.say(f"什么时候再提醒？回复序号：{choices}\n也可以直接说时间，例如「{items[0].number} 稍后 周三上午」。")


@confirmed("snooze", roles=REMINDED)
def snooze_until(ctx: Context, data: Mapping[str, Any]) -> None:
    """A time was said, or one of the usual moments chosen."""
    items = [item_of(ctx, n, {"reminder": r}) for n, r in enumerate(data["reminders"], 1)]
    items = [item for item in items if is_open(ctx, item)]
    if isinstance(said := data["chosen"], Meaning):
        outcomes = [(True, _put_off(ctx, item, said)) for item in items]
    else:
        at = usual_moment(ctx, str(said))
        outcomes = [(True, put_off(ctx, item.reminder, at, timed=True)) for item in items if item.reminder]
    if items:
        report(ctx, items, outcomes, label_of("推迟", items))


@command("reminder.cancel", group="待办", help="取消提醒", example="取消提醒 2")
def cancel(ctx: Context, meaning: Meaning) -> None:
    """Take reminders back; a repeating one ends with it."""
    lines = []
    for item in _items(ctx, meaning, "不需要"):
        if is_open(ctx, item) and item.reminder is not None:
            ctx.uow.reminders.finish(item.reminder, "cancelled", reason="本人取消")
            again = "，以后也不再重复" if item.reminder.data.get("rrule") else ""
            lines.append(f"已取消：{title_of(item.reminder)}{again}。")
    if lines:
        ctx.wrote("\n".join(lines), "取消提醒")
