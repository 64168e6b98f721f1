"""Who is away, when everybody hears, and what reminders came to; and what only sounds like it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from handlers.language import Meaning
from tests.handlers.language.conftest import Reader

Check = Callable[[Meaning, str, dict[str, Any]], None]
DAYS = ("2025-06-10", "2025-06-16")


@pytest.mark.parametrize(("said", "slots"), [
    ("请假 6月10日到6月15日 小周代班", {"to": "小周", "range": DAYS, "from": None}),
    ("我请假6月10日到6月15日，由周敏代班", {"to": "周敏", "range": DAYS, "from": None}),
    ("6月10日到15日休年假 周敏顶班", {"to": "周敏", "range": DAYS, "from": None}),
    ("李想请假 6月10号到15号 小王代", {"to": "小王", "range": DAYS, "from": "李想"}),
    ("请假到周五，小周代", {"to": "小周", "until": "2025-06-13", "range": None}),
    ("小周代班到周五", {"to": "小周", "until": "2025-06-13", "range": None}),
    ("我休年假 客户临时交给赵倩 到6月15号", {"to": "赵倩", "until": "2025-06-15", "clients": None}),
])  # fmt: skip
def test_somebody_stands_in(read: Reader, check: Check, said: str, slots: dict[str, Any]) -> None:
    check(read(said, role="manager"), "handover.create", slots)


@pytest.mark.parametrize(("said", "intent", "slots"), [
    ("我明天请假", "cover.create", {"range": "2025-06-10"}),
    ("谁代班", "cover.list", {}), ("谁请假了", "cover.list", {}), ("代班安排", "cover.list", {}),
    ("取消请假", "cover.end", {"member": None}), ("李想 取消请假", "cover.end", {"member": "李想"}), ("销假", "cover.end", {}),
])  # fmt: skip
def test_what_else_is_said_of_an_absence(read: Reader, check: Check, said: str, intent: str, slots: dict[str, Any]) -> None:
    check(read(said), intent, slots)


@pytest.mark.parametrize("said", [
    "王芳周五请假没来", "王芳请假了，下周再联系", "王芳明天请假", "我明天出差", "取消请假了吗", "记 王芳 她说下周休假",
    "下周休假前提醒我设自动回复", "把王芳移交给小李",
])  # fmt: skip
def test_what_only_sounds_like_it(read: Reader, said: str) -> None:
    meaning = read(said, role="manager")
    assert meaning.intent.partition(".")[0] != "cover"
    assert meaning.get("until") is None or meaning.intent != "handover.create"


@pytest.mark.parametrize(("said", "intent", "slots"), [
    ("早报时间", "push.show", {"push": "brief"}), ("日报时间是几点", "push.show", {"push": "digest"}),
    ("早报时间 改为 8:45", "push.change", {"push": "brief", "text": "改为 8:45"}),
    ("把日报时间改成17:30", "push.change", {"push": "digest"}),
    ("同意 早报时间 v1", "push.approve", {"push": "brief", "version": 1}),
    ("驳回 日报时间 v2 太晚", "push.reject", {"push": "digest", "version": 2, "reason": "太晚"}),
    ("回滚 早报时间 v0", "push.roll_back", {"push": "brief", "version": 0}), ("日报时间 历史", "push.history", {"push": "digest"}),
    ("我的早报 时间改 9:00", "settings.set", {"key": "morning_brief_time"}),
])  # fmt: skip
def test_operations_speak_of_everybody_s_hours(read: Reader, check: Check, said: str, intent: str, slots: dict[str, Any]) -> None:
    check(read(said, role="ops"), intent, slots)


@pytest.mark.parametrize("said", ["早报时间 改为 8:45", "日报时间 改为 17:30"])
def test_others_speak_of_their_own(read: Reader, said: str) -> None:
    assert read(said, role="manager").intent == "settings.set"


@pytest.mark.parametrize(("said", "intent", "slots"), [
    ("提醒效果", "effects.show", {"about": None}), ("提醒效果 续保", "effects.show", {"about": "续保"}),
    ("提醒效果 续保 近30天", "effects.show", {"about": "续保", "range": ("2025-05-11", "2025-06-10")}),
    ("R3 效果", "effects.show", {"number": 3}), ("提醒效果 R3 本月", "effects.show", {"number": 3, "range": ("2025-06-01", "2025-07-01")}),
    ("团队提醒办结率", "stats.me", {"metric": "reminder_uptake"}), ("建议采纳率", "stats.me", {"metric": "suggestion_uptake"}),
    ("使用率", "usage.show", {"range": None}), ("使用率 近30天", "usage.show", {"range": ("2025-05-11", "2025-06-10")}),
    ("团队使用率", "usage.show", {}), ("看看本月系统的使用情况", "usage.show", {"range": ("2025-06-01", "2025-07-01")}),
    ("顾问活跃率", "usage.show", {}), ("口径 使用率", "stats.define", {}),
    ("活动效果 季度回顾", "campaign.result", {}), ("提醒我看看广告效果", "reminder.create", {"clarify": "when"}),
])  # fmt: skip
def test_what_reminders_came_to(read: Reader, check: Check, said: str, intent: str, slots: dict[str, Any]) -> None:
    check(read(said, role="manager"), intent, slots)


@pytest.mark.parametrize(("said", "intent", "slots"), [
    ("模板", "template.list", {}), ("模板 季度回顾", "template.show", {"name": "季度回顾"}),
    ("改模板 季度回顾 ${salutation}，不对，谢谢您！", "template.change", {"name": "季度回顾", "text": "${salutation}，不对，谢谢您！"}),
    ("改模板 生日祝福（贵宾） 您好", "template.change", {"name": "生日祝福", "tier": "贵宾", "text": "您好"}),
    ("模板历史 季度回顾", "template.history", {"name": "季度回顾"}),
    ("同意 模板 季度回顾 v1", "template.approve", {"name": "季度回顾", "version": 1}),
    ("驳回 模板 季度回顾 v1 太长", "template.reject", {"name": "季度回顾", "version": 1, "reason": "太长"}),
    ("回滚 模板 季度回顾 v0", "template.roll_back", {"name": "季度回顾", "version": 0}),
    ("群发 沉默贵宾 模板 季度回顾", "campaign.start", {"template": "季度回顾"}),
])  # fmt: skip
def test_words_to_clients_are_kept_as_typed(read: Reader, check: Check, said: str, intent: str, slots: dict[str, Any]) -> None:
    check(read(said, role="ops"), intent, slots)


def test_advisers_reword_nothing_and_in_a_form_a_template_is_a_part_of_it(read: Reader) -> None:
    assert read("改模板 季度回顾 您好").intent.partition(".")[0] != "template"
    assert read("模板 生日提醒", role="ops", pending="form", form="rule.draft").intent != "template.show"
