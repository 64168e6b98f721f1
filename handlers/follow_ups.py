"""Follow-ups: a contact is written down, the silence clock starts again, the next date becomes a reminder."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta

from handlers.context import Context
from handlers.keywords import keywords_of
from handlers.language import Meaning, When
from handlers.router import command
from reminders.calendar import local_instant
from storage.model.errors import Invalid
from storage.model.messages import cut
from storage.model.people import Client
from storage.model.values import mask_free_text
from storage.model.work import Interaction, Reminder

MORNING = time(8, 30)
CLASH = timedelta(hours=1)
KINDS = {"call": "电话", "visit": "拜访", "wechat": "微信", "meeting": "面谈", "note": "跟进", "complaint": "投诉"}
_KIND_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("call", ("电话", "打给", "通话", "致电", "来电", "回电", "去电")),
    ("visit", ("拜访", "上门", "走访", "登门", "去了他家", "去了她家", "到访")),
    ("wechat", ("微信", "朋友圈", "企微", "发消息", "留言")),
    ("meeting", ("面谈", "见面", "当面", "见了", "会面", "开会", "一起吃", "一起喝", "来网点", "到店")),
)
_WEEKDAYS = "一二三四五六日"
# A contact answers what was planned with the client anyway, and the reproach of silence.
_ANSWERED = ("follow_up", "silence")


_NO_CONTACT = re.compile(r"没人?接|未接|不接|没打通|打不通|没联系上|联系不上|占线|关机|无人接听")
_REACHED = re.compile(r"(?:后来|后面|又)[^，。]{0,6}(?:通了|接了|聊|说)|打通了|接通了|回了?(?:电|微信|消息|信息)")


# What a client is like is no contact: 爱喝茶, 喜欢钓鱼, 对花生过敏.
_KNOWN_OF = re.compile(
    r"[他她，,\s]*(?:平时|一直|也|很|特别|最|比较|非常|挺|不太|不)*(?:爱|喜欢|喜好|偏好|讨厌|忌口|忌讳|吃素|信佛|怕|对.{1,8}过敏|习惯|爱好|属[鼠牛虎兔龙蛇马羊猴鸡狗猪])"
)
_TALKED = re.compile(r"说|聊|谈|联系|沟通|见面|见了|约|打了|打过|问|回复|寄了|送了|发了|通了|来了|吃了")

# 明天下午两点见王芳 记一下 tells of no contact yet; 约了周三 does.
_HAPPENED = re.compile(r"[了过完]|聊|说|谈|电话|微信|沟通|回访|拜访|问|约|答应|同意|表示|觉得|再")


@command("note.add", group="跟进", help="记跟进，可带下次时间",
         example="记 王芳 今天电话聊了重疾，周三下午再约", client=True)
def note(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Write a contact down; numbers typed in passing are masked before they are kept."""
    content = str(meaning.get("content") or "").strip()
    if not content or meaning.clarify == "content":
        raise Invalid(f"请带上内容，例如「记 {client.name} 今天电话聊了重疾，周三下午再约」。")
    happened_at, next_when = _times(ctx, meaning)
    kind = meaning.get("kind") or kind_of(content)
    reached = _NO_CONTACT.search(content) is None or _REACHED.search(content) is not None
    known = kind == "note" and not happened_at and _KNOWN_OF.match(content) is not None and not _TALKED.search(content)
    to_come = next_when is not None and not happened_at and _HAPPENED.search(content) is None
    write = log_contact if reached and not known and not to_come else _written_down
    written = write(ctx, client, kind, content, happened_at=happened_at,
                    next_on=next_when.date if next_when else None)
    lines = [f"已记录「{client.name}」的{KINDS.get(kind, '跟进')}：{cut(written.text, 80)}"]
    if known:
        lines.append("记的是客户的情况，不算联系过。")
    elif to_come:
        lines.append("还没有到时候，不算联系过。")
    elif reached:
        lines += _answered_line(answer_planned(ctx, client, also=(meaning.get("occasion"),)))
    else:
        lines.append("这次没有联系上，不算联系过，提醒照旧。")
    if meaning.get("unreminded"):
        lines += _left_to_remind_of(ctx, client)
    elif next_when:
        lines += plan_next(ctx, client, next_when, written.text)
    lines += tag_proposals(ctx, client, content)
    ctx.wrote("\n".join(lines), f"「{client.name}」的跟进记录")


@command("client.family_add", group="跟进", help="记客户的家人", example="王芳有个儿子叫小明 8岁", client=True)
def family(ctx: Context, meaning: Meaning, client: Client) -> None:
    """Somebody of the family who is no client: what is known of the client, in the words it was told in."""
    written = _written_down(ctx, client, "note", ctx.text.strip())
    said = f"已把家人的情况记在「{client.name}」名下：{cut(written.text, 80)}"
    ctx.wrote(f"{said}\n发送「时间线」查看。记的是客户的情况，不算联系过。", f"「{client.name}」的家人情况")


def kind_of(content: str) -> str:
    """call, visit, wechat or meeting by the words used; note when nothing tells."""
    return next((kind for kind, words in _KIND_WORDS if any(w in content for w in words)), "note")


def _times(ctx: Context, meaning: Meaning) -> tuple[datetime | None, When | None]:
    """When it happened (None: now) and the next date. A date that is still to come is the next one."""
    said, coming = meaning.get("date") or meaning.get("when"), meaning.get("next")
    if coming is not None:
        check_when(coming)
    if not isinstance(said, When) or said.problem == "impossible":
        return None, coming
    if said.date > ctx.today:
        return None, coming or said
    happened_at = said.suggested_at(ctx.zone, hour=12)
    if said.date == ctx.today and (not said.has_clock or happened_at > ctx.now):
        return None, coming
    return happened_at, coming


def check_when(when: When) -> None:
    """Raises Invalid for a day that does not exist or is over."""
    if when.problem in ("impossible", "past"):
        raise Invalid(unusable(when))


def unusable(when: When) -> str:
    """Why nothing can be set for a day that does not exist or is over."""
    said = when.text or when.start
    if when.problem == "past":
        return f"「{said}」已经过去了，请换一个以后的时间。"
    return f"没有「{said}」这一天，请换一个日期。"


def _written_down(
    ctx: Context, client: Client, kind: str, text: str, *, happened_at: datetime | None = None,
    next_on: date | None = None,
) -> Interaction:
    """A line on the time line that is no contact: nobody was reached."""
    return ctx.uow.interactions.add(client, kind, text, happened_at=happened_at, next_on=next_on)


def log_contact(
    ctx: Context, client: Client, kind: str, text: str, *, happened_at: datetime | None = None,
    next_on: date | None = None,
) -> Interaction:
    """A line on the time line; the silence clock starts again, a follow-up date that is over is cleared."""
    written = ctx.uow.interactions.add(client, kind, text, happened_at=happened_at, next_on=next_on)
    if client.next_follow_up_on and client.next_follow_up_on <= ctx.today:
        client = ctx.uow.clients.update(client, next_follow_up_on=None)
    ctx.uow.clients.touch(client, happened_at)
    return written


def answer_planned(
    ctx: Context, client: Client, *, but: Iterable[int] = (), also: Collection[str | None] = ()
) -> list[Reminder]:
    """Finish what a contact answers by itself: the member's follow-ups of up to today, silence reminders, and those
    of the categories that it was `also` about.

    An appointment at an hour still to come stays."""
    answered: list[Reminder] = []
    skipped = set(but)
    # Finishing one may finish earlier steps of the same thing, so ask again each time.
    while found := [r for r in ctx.uow.reminders.of_client(client.id) if _is_answered(ctx, r, skipped, also)]:
        ctx.uow.reminders.finish(found[0], "done", result="已记跟进")
        skipped.add(found[0].id)
        answered.append(found[0])
    return answered


def _is_answered(ctx: Context, reminder: Reminder, skipped: set[int], also: Collection[str | None]) -> bool:
    until = ctx.now if reminder.timed else local_instant(ctx.today, time(23, 59), ctx.zone)
    return (
        (reminder.category in _ANSWERED or reminder.category in also) and ctx.uow.reminders.is_to_do(reminder)
        and reminder.id not in skipped and reminder.remind_at <= until
    )


_ANSWERED_WORDS = {"follow_up": "回访提醒", "birthday": "生日提醒"}


def _answered_line(answered: list[Reminder]) -> list[str]:
    if not answered:
        return []
    words = dict.fromkeys(_ANSWERED_WORDS.get(r.category, "久未联系提醒") for r in answered)
    return [f"同时完成了：{'、'.join(words)}。"]


def _left_to_remind_of(ctx: Context, client: Client) -> list[str]:
    """Nothing new is set; what there is already is named, and stays: a due date is not dropped along with a call."""
    left = [r for r in ctx.uow.reminders.of_client(client.id) if r.receiver_id == ctx.user.id]
    if not left:
        return ["没有安排新的提醒。"]
    days = "、".join(moment_text(ctx, r.remind_at, timed=r.timed) for r in left[:3])
    return [f"没有安排新的提醒。「{client.name}」原有的 {len(left)} 条照旧（{days}），"
            f"要取消请发送「取消{client.name}的提醒」。"]


# ---------------------------------------------------------------- the next date


def plan_next(ctx: Context, client: Client, when: When, content: str) -> list[str]:
    """The reminder for the agreed date, at its clock time or in that day's brief.

    The client's own field for the date stays empty, or the rule over it would remind a second time."""
    remind_at, timed = moment_of(ctx, when)
    clash = clash_hint(ctx, remind_at) if timed else ""
    ctx.uow.reminders.add(
        receiver_id=ctx.user.id, remind_at=remind_at, due_on=when.date, category="follow_up", weight=70,
        text=mask_free_text(cut(f"回访 {client.name}：{content}", 120)), client=client, timed=timed,
    )
    lines = [f"下次跟进：{moment_text(ctx, remind_at, timed=timed)}{guessed_hour(when)}，到时提醒您。"]
    return lines + ([clash] if clash else [])


def moment_of(ctx: Context, when: When) -> tuple[datetime, bool]:
    """The instant to remind at, and whether it is a clock time: a day without one comes with its brief."""
    if when.has_clock or when.part:
        return when.suggested_at(ctx.zone), True
    return local_instant(when.date, MORNING, ctx.zone), False


def guessed_hour(when: When) -> str:
    """Say so where the hour was not said but taken."""
    return "" if when.has_clock or not when.part else "（没说几点，先按这个时间）"


def moment_text(ctx: Context, at: datetime, *, timed: bool) -> str:
    """06-18（周三）14:00 · 06-18（周三）; with the year when it is another one."""
    local = ctx.local(at)
    day = f"{local:%m-%d}" if local.year == ctx.today.year else f"{local:%Y-%m-%d}"
    return f"{day}（周{_WEEKDAYS[local.weekday()]}）{f' {local:%H:%M}' if timed else ''}"


def clash_hint(ctx: Context, at: datetime, ignoring: int = 0) -> str:
    """Name the member's other appointments within an hour of `at`, both ends included; empty when there is none."""
    near = ctx.uow.reminders.open_between(ctx.user.id, at - CLASH, at + CLASH + timedelta(microseconds=1))
    found = [
        f"{ctx.local(r.remind_at):%H:%M}「{cut(r.text or r.client_name or '另一件事', 20)}」"
        for r in near if r.timed and r.id != ignoring
    ]
    return f"注意时间冲突：前后 1 小时内已有 {'、'.join(found[:3])}。" if found else ""


# ---------------------------------------------------------------- tags


def tag_proposals(ctx: Context, client: Client, content: str) -> list[str]:
    """Tags whose words occur in the note and that the client does not have, with the reason; at most two."""
    known = set(ctx.uow.clients.tags(client.id))
    proposals = []
    for tag in ctx.packs.tags:
        word = keywords_of(ctx.packs).speaks_of(content, _words_for(ctx, tag.keywords))
        if word and tag.name not in known:
            proposals.append(f"建议标签「{tag.name}」（提到「{word}」），回复「加标签 {tag.name}」采纳。")
    return proposals[:2]


def _words_for(ctx: Context, keywords: Iterable[str]) -> list[str]:
    """The keywords, and for those that name a sort of product every word for it."""
    words = list(keywords)
    for known in ctx.packs.words:
        if known.kind == "product" and known.canonical in words:
            words += [w for w in known.synonyms if len(w) > 1]
    return words
