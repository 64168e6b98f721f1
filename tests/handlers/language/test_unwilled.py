"""What sounds like a change and is wanted by nobody: each mood of such talk, and the same acts ordered beside it."""

from __future__ import annotations

import pytest

from handlers.language.intents.pattern import WRITES
from tests.handlers.language.conftest import Reader


@pytest.mark.parametrize("text", [
    "上次记的那条王芳的备注谁改的", "是王磊把我的提醒关了吧", "王芳的生日我记错了吧", "想改名字，需要什么材料", "你刚才说已取消，取消的是哪一条",
])
def test_a_question_about_a_change_changes_nothing(read: Reader, text: str) -> None:
    assert read(text).intent not in {*WRITES, "undo"}


@pytest.mark.parametrize("text", [
    "刘洋的贷款按理说上个月就该还清了吧", "大概是李雷自己把短信退订了", "听口气她是不想续了", "我总不能天天给他打电话吧",
    "真希望能自动帮我记跟进", "王芳计划年底把房贷一次性还清", "王芳有意把受益人改成女儿，但要先问问老公", "不出意外月底能结案", "不打算给他续了，太麻烦",
])
def test_a_guess_a_wish_or_a_plan_is_no_fact(read: Reader, text: str) -> None:
    assert read(text).intent not in WRITES


@pytest.mark.parametrize("text", [
    "要不是她催我，我早就把提醒取消了", "应该把王芳转给李娜跟的，现在说也晚了", "早提醒我一声也不至于这样", "如若张敏不续，年底考核我就惨了",
    "等白雪从国外回来再给她建授权吧", "要我给刘洋提个需求单也行，但得他自己先签字", "一改地址保单就要重新打印，麻烦", "王芳之前投诉过一次，后来撤了",
])
def test_what_is_contrary_to_fact_conditional_or_taken_back_is_no_order(read: Reader, text: str) -> None:
    assert read(text).intent not in WRITES


@pytest.mark.parametrize("text", [
    "咱们的规矩是先录备注再派单", "新系统上线以后，改地址都得客户扫码确认", "许多人买了重疾又退掉", "以前每次拜访完我都会记一笔的",
    "小时候妈妈每天提醒我带红领巾", "我们主任以前每周一提醒大家交周报", "这客户老改电话", "三天两头换号码", "标签由系统每晚自动更新", "凡事留痕，备注要写清楚", "去年年底一口气关了八十张工单", "刚入行那会儿天天被提醒交计划",
])
def test_how_things_are_for_everybody_or_were_long_ago_orders_nothing(read: Reader, text: str) -> None:
    assert read(text).intent not in WRITES


@pytest.mark.parametrize("text", [
    "新来的主管要求我们每个客户都打标签", "公告说7月1号起取消短信提醒", "记录显示上周已回访", "合同里约定每年6月缴费", "说是要给王芳升级，材料都交了又说不够",
    "我可没同意把王芳移交出去", "李雷转来一条消息：请把我的地址改成朝阳区", "律师说要起诉，让我们撤回催收", "吴迪吐槽说系统老丢备注", "李雷家里不同意他买", "孙浩一口咬定是我把客户移交错的", "张敏没说不续，只是嫌贵", "例子：给李雷打上「高净值」标签", "邻居张姐生了个女儿", "谢谢你提醒我", "妈：周末回来吃饭，别忘了",
    "王芳昨天投诉了别家银行 跟咱没关系", "短信通知我说信用卡被冻结了",
])
def test_what_somebody_else_says_or_did_orders_nothing(read: Reader, text: str) -> None:
    assert read(text).intent not in WRITES


@pytest.mark.parametrize("text", ["上周的拜访记录", "移交记录", "王芳的备注", "已取消的提醒", "提醒完成率", "标签分布"])
def test_a_thing_alone_is_to_be_shown(read: Reader, text: str) -> None:
    assert read(text).intent not in WRITES


@pytest.mark.parametrize(("text", "intent"), [
    ("如果周五前李雷没回我，提醒我再打一次", "reminder.create"), ("记一下 王芳问重疾能不能带病投保", "note.add"), ("备注一下，张敏说她老公反对买", "note.add"),
    ("公司规定先录备注，那就记一下 王芳喜欢喝茶", "note.add"), ("王芳之前投诉过一次，这次再建个投诉工单", "ticket.create"),
    ("明天提醒我问王芳是谁推荐的", "reminder.create"), ("按规定清除李雷的个人信息", "privacy.delete"),
    ("王芳去掉高净值标签", "tag.remove"), ("取消明天给王芳打电话的提醒", "reminder.cancel"),
])
def test_an_order_beside_such_talk_stays_an_order(read: Reader, text: str, intent: str) -> None:
    assert read(text).intent == intent
