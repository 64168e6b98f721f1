"""What an adviser has to do, as one card: the morning brief, the agenda on demand, and its further pages.

Numbers run on over the pages and stay what they were when the list was first shown, so 「7 已联系」 means the
same thing all day. The items come back as data, for the conversation to keep as the current list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from reminders.calendar import day_bounds
from reminders.namesakes import told_apart
from reminders.wording import Scene, category_word, list_line
from storage.database import UnitOfWork
from storage.model.clock import local_date
from storage.model.ids import new_token
from storage.model.messages import Button, Card, Line, Option, Select, cut
from storage.model.people import User
from storage.model.work import Reminder
from storage.repositories.subjects import Subject, SubjectRepository

PAGE = 6  # lines that a card shows
LONG = 60  # days: what lies further ahead than this is not less pressing still
MOST = 120  # what a list keeps; who has more begins with the heaviest
NOTHING = "今天没有待办，可以看看「久未联系」的客户。"
QUESTION = "item"  # the question key of the list of items on a brief's card
_WEEKDAYS = "一二三四五六日"
_STATES = {"done": "已完成", "dismissed": "不需要", "cancelled": "已取消"}


@dataclass(frozen=True, slots=True)
class Brief:
    """A list of things to do. `items` has the whole of it, in the order of the numbers (the first is 1), each
    with reminder, client_id, name, category; `message` shows one page of it, `text` the same as plain text."""

    items: tuple[Mapping[str, Any], ...]
    page: int
    pages: int
    message: Card
    text: str

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(item["reminder"] for item in self.items)


def scene_of(uow: UnitOfWork, user: User, zone: ZoneInfo, company: str = "") -> Scene:
    """The scene for wording at the present of the unit of work."""
    covering = {who: uow.users.get(who).name for who in uow.covers.stands_in_for()}
    today, texts = local_date(uow.now, zone), uow.templates.in_force()
    return Scene(uow.packs, uow.rules.in_force(), today, zone, user, company, texts, covering)


def open_today(uow: UnitOfWork, user: User, zone: ZoneInfo) -> list[Reminder]:
    """Everything the member has open for today and from before, the most pressing first. Whatever says how many
    things are left counts this list."""
    today = local_date(uow.now, zone)
    _, end = day_bounds(today, zone)
    found = _greetable(uow, uow.reminders.open_until(user.id, end - timedelta(microseconds=1)))
    return sorted(found, key=lambda reminder: _press(reminder, today))


def _greetable(uow: UnitOfWork, found: Sequence[Reminder]) -> list[Reminder]:
    """Without the birthdays of clients who do not want to be greeted: they never appear (S12)."""
    greeted = {r.client_id for r in found if r.category == "birthday" and r.client_id is not None}
    refusing = uow.consents.refusing("care", greeted) if greeted else frozenset()
    return [r for r in found if not (r.category == "birthday" and r.client_id in refusing)]


def _press(reminder: Reminder, today: date) -> tuple[bool, float, date, int]:
    """What is due today or overdue comes first, by weight; the rest by weight and the days that are left. A long
    silence has no day that it is due on, and a birthday that is over is not overdue."""
    left = (reminder.due_on - today).days
    owed = reminder.category != "silence" and (reminder.category != "birthday" or left == 0)
    urgent = owed and left <= 0
    pressing = reminder.weight - min(max(left, 0), LONG) / 2
    return not urgent, -pressing, reminder.due_on, reminder.id


def due_today(uow: UnitOfWork, user: User, zone: ZoneInfo) -> list[Reminder]:
    """As much of `open_today` as a list keeps."""
    return open_today(uow, user, zone)[:MOST]


def morning_brief(uow: UnitOfWork, user: User, zone: ZoneInfo) -> Brief | None:
    """The day's first message; None on a day with nothing to do: there is no empty brief."""
    return _first_page(uow, user, zone, f"{_greeting(uow.now.astimezone(zone))}，今日")


def agenda(uow: UnitOfWork, user: User, zone: ZoneInfo) -> Brief | None:
    """The same on demand; None when there is nothing (answer with `NOTHING`)."""
    return _first_page(uow, user, zone, "今日待办")


def _first_page(uow: UnitOfWork, user: User, zone: ZoneInfo, head: str) -> Brief | None:
    found = open_today(uow, user, zone)
    if not found:
        return None
    title = f"{head} {len(found)} 件" + (f"，先列 {MOST} 件" if len(found) > MOST else "")
    return _page(uow, user, zone, found[:MOST], 0, title, count_words(found))


def brief_page(uow: UnitOfWork, user: User, zone: ZoneInfo, ids: Sequence[int], page: int) -> Brief | None:
    """Page `page` (from 0) of a list that was shown before, with what became of its items since; None when
    there is no such page. Redraws a brief in place after an item was dealt with, and answers 「更多」."""
    found = uow.reminders.numbered(ids)
    if not 0 <= page < _pages(found):
        return None
    left = open_today(uow, user, zone)
    still = {reminder.id for reminder in left}
    handled = sum(reminder.id not in still for reminder in found)
    title = f"今日待办 {len(left) + handled} 件，还剩 {len(left)} 件"
    return _page(uow, user, zone, found, page, title, count_words(left))


def catch_up(uow: UnitOfWork, user: User, zone: ZoneInfo, missed: Sequence[Reminder]) -> Brief:
    """Reminders for a clock time that passed while nothing could be sent, in one message."""
    return _page(uow, user, zone, missed, 0, f"错过的提醒 {len(missed)} 条", count_words(missed))


# ---------------------------------------------------------------- drawing


def _page(
    uow: UnitOfWork, user: User, zone: ZoneInfo, found: Sequence[Reminder], page: int, title: str, counts: str
) -> Brief:
    scene = scene_of(uow, user, zone)
    shown = list(enumerate(told_apart(uow, found), 1))[page * PAGE : (page + 1) * PAGE]
    subjects = SubjectRepository(uow).of(reminder for _, reminder in shown)
    lines = [_line(number, reminder, subjects[reminder.id], scene) for number, reminder in shown]
    items = tuple(_item(reminder) for reminder in found)
    drawing = _Drawing(uow, user, [r.id for r in found], page, _pages(found))
    hint = _hint(shown, drawing)
    card = Card(
        "button_interaction", title=title, desc=cut(counts, 44), task_id=drawing.task_id, source=_day_words(scene),
        sub_title=hint, lines=lines, **drawing.controls(shown),
    )  # fmt: skip
    text = "\n".join([f"{title}：{counts}", *(f"{line.key} {line.value}" for line in lines), hint])
    return Brief(items, page, drawing.pages, card, text)


@dataclass(frozen=True)
class _Drawing:
    """Binds the buttons of one page to what they mean."""

    uow: UnitOfWork
    user: User
    ids: Sequence[int]
    page: int
    pages: int

    task_id: str = field(default_factory=lambda: f"brief-{new_token()}")

    def controls(self, shown: Sequence[tuple[int, Reminder]]) -> dict[str, Any]:
        """The list to pick an item from and the buttons that act on it; a dead button when all is done."""
        open_items = [(number, reminder) for number, reminder in shown if reminder.state == "open"]
        buttons = self._acts() if open_items else []
        if self.page + 1 < self.pages:
            buttons.append(Button("更多", self._bind("brief.more"), 4))
        if not buttons:
            return {"replace_text": "已处理完"}
        return {"selection": _choice(open_items) if open_items else None, "buttons": buttons}

    def _acts(self) -> list[Button]:
        hand_over = [Button("转交", self._bind("brief.hand_over"), 2)] if self.user.serves_clients else []
        return [
            Button("完成", self._bind("brief.done")), Button("打开", self._bind("brief.open"), 2),
            Button("稍后", self._bind("brief.snooze"), 2), *hand_over,
        ]

    def _bind(self, action: str) -> str:
        return self.uow.cards.bind(
            self.task_id, self.user.id, action, items=list(self.ids), page=self.page
        )


def _choice(shown: Sequence[tuple[int, Reminder]]) -> Select:
    options = [
        Option(str(number), cut(f"{number} {reminder.client_name or '本人'} {category_word(reminder.category)}", 16))
        for number, reminder in shown
    ]
    return Select(QUESTION, "选择一项", options, options[0].id)


def _line(number: int, reminder: Reminder, subject: Subject, scene: Scene) -> Line:
    key = f"{number} {category_word(reminder.category)}"
    if reminder.state == "open" and not _is_put_off(reminder, scene):
        return Line(cut(key, 5), list_line(reminder, subject, scene))
    state = _STATES.get(reminder.state) or f"改到 {local_date(reminder.remind_at, scene.zone):%m-%d}"
    return Line(cut(key, 5), f"✓ {list_line(reminder, subject, scene, 25 - len(state))}（{state}）")


def _is_put_off(reminder: Reminder, scene: Scene) -> bool:
    return local_date(reminder.remind_at, scene.zone) > scene.today


def _item(reminder: Reminder) -> dict[str, Any]:
    return {
        "reminder": reminder.id, "client_id": reminder.client_id, "name": reminder.client_name,
        "category": reminder.category,
    }  # fmt: skip


def count_words(found: Sequence[Reminder]) -> str:
    """续保 3 缴费 1 生日 1: how many of each category are open, in the order of the list."""
    counts: dict[str, int] = {}
    for reminder in found:
        if reminder.state == "open":
            word = category_word(reminder.category)
            counts[word] = counts.get(word, 0) + 1
    return " ".join(f"{word} {count}" for word, count in counts.items()) or "全部处理完了"


def _hint(shown: Sequence[tuple[int, Reminder]], drawing: _Drawing) -> str:
    first = next((number for number, reminder in shown if reminder.state == "open"), None)
    parts = [f"第 {drawing.page + 1}/{drawing.pages} 页"] if drawing.pages > 1 else []
    if first is not None:
        done = "已联系" if drawing.user.serves_clients else "完成"
        parts.append(f"回复「{first} {done}」「{first} 稍后 周三上午」「{first} 不需要 原因」，或选一项点按钮")
    if drawing.page + 1 < drawing.pages:
        parts.append("看其余的发送「更多」")
    return "；".join(parts) + "。" if parts else ""


def _pages(found: Sequence[Reminder]) -> int:
    return -(-len(found) // PAGE)


def _greeting(local: datetime) -> str:
    return "早上好" if local.hour < 12 else "下午好" if local.hour < 18 else "晚上好"


def _day_words(scene: Scene) -> str:
    return f"{scene.today.month} 月 {scene.today.day} 日 周{_WEEKDAYS[scene.today.weekday()]}"
