"""Reminder rules by chat (S33): written, read back, tried out, approved by a second person, stopped, rolled back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from config.pack import ReminderRule
from reminders.rules import BadRule
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.messages import Card
from storage.model.people import Actor
from storage.tables import reminders
from tests.builders import Cast, a_client, a_policy, a_user
from tests.handlers.asking import Desk, words_of

TODAY = date(2025, 6, 9)
SAID = "新建提醒规则 保单到期前45/7天 9点 提醒顾问 贵宾客户另提醒主管"


@pytest.fixture
def he(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    """何运营, in a firm with two policies that end in 45 days, of which 王芳's is a VIP's."""
    with database.system(clock.now()) as uow:
        for name, tier in (("王芳", "贵宾"), ("赵敏", "大众")):
            a_policy(uow, a_client(uow, name, bank_tier=tier), ends_on=TODAY + timedelta(days=45), product_name="康佑医疗险")
    return Desk(database, clock, "hexin")


@pytest.fixture
def shen(he: Desk) -> Desk:
    """沈合规, who approves."""
    return Desk(he.database, he.clock, "shenyue")


def letters(desk: Desk, to: str) -> str:
    return "\n".join(words_of(message) for user, message in desk.letters if user == to)


def approved(he: Desk, shen: Desk, text: str = SAID) -> str:
    """Written, handed in, and approved on the card; what the approver heard."""
    he.says(text)
    he.says("提交")
    card = next(message for user, message in he.letters if user == "shenyue" and not isinstance(message, str) and hasattr(message, "buttons"))
    return shen.taps("同意", card)


def told(desk: Desk) -> list[tuple[str, str]]:
    def look(uow):
        query = select(reminders.c.receiver_id, reminders.c.state).where(reminders.c.rule.startswith("ops_"))
        return sorted(tuple(row) for row in uow.conn.execute(query))
    return desk.sees(look)


@pytest.mark.parametrize(("said", "rows"), [
    ("我想新建一个提醒：保单到期前45天和15天，早上九点，提醒顾问，只要贵宾", ("天数：提前 45、15 天", "时刻：09:00", "提醒：顾问", "条件：贵宾")),
    ("30天没联系的贵宾客户 提醒主管", ("提醒：主管", "贵宾", "30")),
])
def test_a_reminder_in_the_words_of_operations_begins_a_rule(he: Desk, said: str, rows: tuple[str, ...]) -> None:
    heard = he.says(said)
    assert [row for row in rows if row not in heard] == [], heard


def test_a_rule_is_read_back_as_a_form(he: Desk) -> None:
    said = he.says(SAID)
    for row in ("日期：保单的到期日", "天数：提前 45、7 天", "时刻：09:00", "提醒：顾问；贵宾 的提醒主管", "条件：不限",
                "模板：续保提醒", "节假日：照常", "有效期：长期", "权重：80"):
        assert row in said
    assert "限于：状态 是 有效、宽限期" in said  # as the pack's own rule over this date has it
    assert "还没有提交" in said


def test_what_is_missing_is_asked_for_one_by_one(he: Desk) -> None:
    assert "从哪个日期算" in he.says("新建提醒规则")
    assert "提前或过后几天" in he.says("纪念日")
    assert "用哪个审定过的模板" in he.says("提前 3 天")
    said = he.says("模板 跟进提醒")
    assert "日期：客户的纪念日" in said
    assert "模板：跟进提醒" in said


def test_parts_are_corrected_in_a_few_words(he: Desk) -> None:
    he.says(SAID)
    assert "天数：提前 30、15 天" in he.says("提前 30/15 天")
    assert "时刻：14:30" in he.says("下午2点半")
    assert "条件：贵宾 且 30天未联系" in he.says("条件 贵宾 且 30天未联系")
    assert "节假日：提前到前一个工作日" in he.says("遇节假日提前")
    assert "提醒：主管" in he.says("提醒主管")
    assert "有效期：2025-07-01 到 2025-12-31" in he.says("有效期 2025-07-01 到 2025-12-31")
    assert "名称：续保再提醒" in he.says("名称 续保再提醒")
    assert "条件：近30天 AUM 下降 10%以上 且 90天投诉2次" in he.says("条件 近30天 AUM 下降 10%以上 且 90天投诉2次")
    assert "条件：不限" in he.says("条件 不限")


@pytest.mark.parametrize(("said", "row"), [
    ("生效日期 2025-07-01", "有效期：2025-07-01 到 长期"), ("失效日期 2025-12-31", "有效期：即日 到 2025-12-31"),
    ("2025-07-01 生效 2025-12-31 失效", "有效期：2025-07-01 到 2025-12-31"), ("停止日期改为 2025-12-31", "有效期：即日 到 2025-12-31"),
    ("从2025年7月1日起", "有效期：2025-07-01 到 长期"), ("到2025-12-31止", "有效期：即日 到 2025-12-31"),
    ("只在工作日提醒", "节假日：顺延到下一个工作日"), ("遇周末提前", "节假日：提前到前一个工作日"),
    ("过后 3/7/15 天", "天数：提前 45、7 天，过后 3、7、15 天"), ("优先级 90", "权重：90"),
])  # fmt: skip
def test_the_dates_of_a_rule_its_working_days_and_its_ladder(he: Desk, said: str, row: str) -> None:
    he.says(SAID)
    assert row in he.says(said)


def test_whoever_wants_to_look_gives_nothing_up_and_hands_nothing_in(he: Desk) -> None:
    he.says(SAID)
    for said in ("帮我看看", "看看", "再看一下吧", "给我看看"):
        assert "天数：提前 45、7 天" in he.says(said)
        assert not he.letters
    assert "等沈合规审批" in he.says("提交")


def test_the_one_who_was_asked_to_approve_is_shown(he: Desk) -> None:
    with he.database.system(he.clock.now()) as uow:
        a_user(uow, "fang", name="方合规", role="compliance")
    he.says(SAID)
    he.says("提交 方合规")
    said = he.says("规则历史 R26")
    assert "v1 待审批：新建，何运营 2025-06-09 09:00 提交，请方合规审批" in said
    assert "回滚" not in said


def test_what_makes_no_sense_is_refused_and_the_draft_stays(he: Desk) -> None:
    he.says(SAID)
    assert "看不懂" in he.says("条件 沉默大户")
    assert "不是时刻" in he.says("25点")
    assert "权重请写 0 到 100" in he.says("权重 500")
    assert "没有审定过的模板" in he.says("模板 自己写的")
    assert "规则不能直接给「客户」发消息" in he.says("提醒客户")
    assert "不能作为接收人" in he.says("提醒所有人")
    assert "天数：提前 45、7 天" in he.says("草稿")


def test_the_draft_survives_other_talk_and_a_restart(he: Desk) -> None:
    he.says(SAID)
    he.says("系统状态")
    again = Desk(he.database, he.clock, "hexin")
    assert "天数：提前 45、7 天" in again.says("草稿")
    assert "已取消" in again.says("取消")
    assert "没有正在写的规则" in again.says("提交")


def test_a_trial_says_when_the_rules_in_force_remind_of_all_that(he: Desk) -> None:
    he.clock.advance(timedelta(days=15))  # thirty days before the policies end
    he.says("新建提醒规则 保单到期前30天 9点 提醒顾问")
    assert "新规则的 2 条里，没有一件事是它们不会提醒的" in he.says("试算")


def test_a_trial_of_a_week_without_any_says_when_the_first_comes(he: Desk) -> None:
    he.says("新建提醒规则 保单到期前15天 提醒顾问")
    assert "试算（今天起 7 天）：没有要提醒的。最近的一次是 07-09，2 条。" in he.says("试算")
    he.says("提前 300 天")
    assert "往后 60 天也没有，请看看日期、天数、条件和有效期对不对" in he.says("试算")
    assert "现有规则这几天也没有同类提醒" in he.says("试算")


def test_a_trial_counts_compares_and_shows_masked_samples(he: Desk) -> None:
    he.says(SAID)
    said = he.says("试算")
    assert "会提醒 3 条，2 位同事收到" in said  # both to 李顾问, the VIP's to 王珂 as well
    assert "现有规则这几天没有同类提醒，这些都是新增的" in said
    assert "王*" in said
    assert "王芳" not in said
    assert "日期 2025-07-24" in said
    assert told(he) == []
    assert "天数：提前 44 天" in he.says("提前 44 天")  # the draft is still in hand


def test_who_may_see_clients_sees_the_samples_names(he: Desk, shen: Desk) -> None:
    shen.says(SAID)
    assert "王芳" in shen.says("试算")


def test_a_rule_counts_after_a_second_person_approved_and_at_once(he: Desk, shen: Desk) -> None:
    he.says(SAID)
    assert "等沈合规审批" in he.says("提交")
    assert told(he) == []
    heard = letters(he, "shenyue")
    assert "何运营 提交 R" in heard
    assert "贵宾 的提醒主管" in heard
    assert "会提醒 3 条" in heard
    card = he.letters[-1][1]
    assert "已生效：今天新增 3 条提醒" in shen.taps("同意", card)
    assert shen.greyed == ["已同意"]
    assert "批准了 R" in letters(shen, "hexin")
    assert told(he) == [("lixiang", "open"), ("lixiang", "open"), ("wangke", "open")]
    assert "已经处理过" in shen.taps("同意", card)


def test_confirming_the_form_hands_it_in(he: Desk) -> None:
    he.says(SAID)
    assert "等沈合规审批" in he.says("确认")


def test_the_author_never_approves(he: Desk, shen: Desk) -> None:
    he.says(SAID)
    he.says("提交")
    number = he.sees(lambda uow: max(uow.rules.numbers().values()))
    for said in (f"同意 R{number}", f"同意 R{number} v1"):
        assert "不能自己批" in he.says(said)
        assert "不能使用" in Desk(he.database, he.clock, "lixiang").says(said)
        assert "不能由您审批" in Desk(he.database, he.clock, "wangke").says(said)
    assert "已生效" in shen.says(f"同意 R{number} v1")
    assert "没有等待审批" in shen.says(f"同意 R{number} v1")


def test_nobody_approves_in_words_what_he_was_not_shown(he: Desk, shen: Desk) -> None:
    """沈合规 was shown v1; v2 went to somebody else, and takes its place."""
    with he.database.system(he.clock.now()) as uow:
        a_user(uow, "qian", name="钱管理", role="admin")
    he.says("修改规则 R1 提前 3 天")
    he.says("提交 沈合规")
    assert "也可回复「同意 R1 v1」「驳回 R1 v1 原因」" in letters(he, "shenyue")
    he.says("修改规则 R1 提前 300 天")
    he.says("提交 钱管理")
    for said in ("同意 R1 v1", "同意 R1", "驳回 R1 太密", "驳回 R1 v1 太密"):
        heard = shen.says(said)
        assert "等待审批的是 R1 v2，请看过再定" in heard
        assert "何运营 提交 R1 v2（修改）" in letters(shen, "shenyue")
        assert "天数 当天 → 提前 300 天" in letters(shen, "shenyue")
        assert "已生效" not in heard
    assert "天数：当天" in he.says("规则 R1")
    assert "已生效" in shen.taps("同意", next(m for _, m in _cards(shen, "同意 R1")))
    assert "天数：提前 300 天" in he.says("规则 R1")


def _cards(desk: Desk, said: str) -> list[tuple[str, Card]]:
    desk.says(said)
    return [(user, message) for user, message in desk.letters if isinstance(message, Card)]


def test_a_stop_takes_back_what_waits_and_no_old_card_undoes_it(he: Desk, shen: Desk) -> None:
    he.says("修改规则 R1 提前 3 天")
    he.says("提交")
    card = he.letters[-1][1]
    shen.says("停用 R1")
    assert "等待审批的 v1 一并撤下" in shen.says("确认")
    assert "沈合规 停用了 R1「生日」，您提交的 R1 v1 一并撤下" in letters(shen, "hexin")
    assert "已经处理过" in shen.taps("同意", card)
    assert "没有等待审批" in shen.says("同意 R1 v1")
    assert "状态：停用" in he.says("规则 R1")
    assert "v1 已撤下" in he.says("规则历史 R1")


def test_a_refusal_is_told_with_its_reason_and_changes_nothing(he: Desk, shen: Desk) -> None:
    he.says("修改规则 R1 提前 3 天")
    he.says("提交")
    assert "已驳回 R1 v1，原因：客户嫌烦" in shen.says("驳回 R1 v1 客户嫌烦")
    assert "驳回了 R1 v1，原因：客户嫌烦" in letters(shen, "hexin")
    assert "提前 3 天" not in he.says("规则 R1")
    assert "驳回原因：客户嫌烦" in he.says("规则历史 R1")


def test_where_several_may_approve_the_author_chooses(he: Desk, shen: Desk) -> None:
    with he.database.system(he.clock.now()) as uow:
        a_user(uow, "qian", name="钱管理", role="admin")
    he.says(SAID)
    said = he.says("提交")
    assert "1. 钱管理" in said
    assert "2. 沈合规" in said
    assert "等沈合规审批" in he.says("2")
    he.says("修改规则 R1 提前 3 天")
    assert "等钱管理审批" in he.says("提交 钱管理")


def test_nobody_to_approve_is_said_so(he: Desk) -> None:
    with he.database.system(he.clock.now()) as uow:
        uow.users.deactivate(uow.users.get("shenyue"))
    he.says(SAID)
    assert "没有可以审批的第二个人" in he.says("提交")


def test_the_superior_of_the_author_may_approve(he: Desk) -> None:
    with he.database.system(he.clock.now()) as uow:
        uow.users.deactivate(uow.users.get("shenyue"))
        uow.users.change(uow.users.get("hexin"), manager_id="zhouning")
    he.says(SAID)
    assert "等周宁审批" in he.says("提交")
    card = he.letters[-1][1]
    assert "已生效" in Desk(he.database, he.clock, "zhouning").taps("同意", card)


def test_rules_are_listed_by_stable_numbers(he: Desk, shen: Desk) -> None:
    first = he.says("提醒规则")
    assert "R1 生日：客户的生日，当天（08:30，启用）" in first
    approved(he, shen)
    said = he.says("提醒规则") + he.says("更多") + he.says("更多")
    assert "R1 生日" in said
    assert "R26 保单到期提前45、7天：保单的到期日" in said


def test_a_rule_is_stopped_at_once_and_started_again_by_two(he: Desk, shen: Desk) -> None:
    approved(he, shen)
    assert "马上不再提醒" in he.says("停用 R26")
    assert "已停用 R26" in he.says("确认")
    assert told(he) == [("lixiang", "cancelled"), ("lixiang", "cancelled"), ("wangke", "cancelled")]
    assert "已经是停用的" in he.says("停用 R26")
    assert "等沈合规审批" in he.says("启用 R26")
    assert "已生效" in shen.says("同意 R26 v3")
    assert told(he) == [("lixiang", "open"), ("lixiang", "open"), ("wangke", "open")]
    assert "已经是启用的" in he.says("启用 R26")


def test_a_rule_of_the_packs_is_stopped_and_follows_the_pack_again(he: Desk, shen: Desk) -> None:
    he.says("停用 R1")
    he.says("确认")
    assert "停用" in he.says("规则 R1")
    he.says("启用 R1")
    shen.says("同意 R1 v2")
    assert he.sees(lambda uow: uow.rules.in_force().find("birthday") == uow.packs.rule("birthday"))


def test_a_rule_goes_back_to_nothing_that_nobody_approved(he: Desk, shen: Desk) -> None:
    he.says("修改规则 R1 提前 5 天")
    he.says("提交")
    shen.says("驳回 R1 v1 太早")
    assert "R1 v1 已驳回，没有生效过" in he.says("回滚 R1 v1")


def test_who_handed_a_rule_in_is_told_of_the_version_that_replaces_it(he: Desk, shen: Desk) -> None:
    he.says("修改规则 R1 提前 5 天")
    he.says("提交")
    shen.says("修改规则 R1 提前 3 天")
    shen.says("提交")
    told = [message.content for user, message in shen.letters if user == "hexin" and hasattr(message, "content")]
    assert any("沈合规 提交了 R1 v2，您提交的 R1 v1 还没有批，已撤下" in words for words in told)


def test_a_version_that_does_not_wait_is_said_and_the_one_that_waits_is_shown(he: Desk, shen: Desk) -> None:
    he.says("修改规则 R1 提前 5 天")
    he.says("提交")
    said = shen.says("同意 R1 v2")
    assert "v2 没有在等审批。等待审批的是 R1 v1" in said
    assert "v2 没有" not in shen.says("同意 R1")
    assert "v1 还在等审批：提交这一份以后它就撤下" in he.says("修改规则 R1 提前 3 天")
    assert "已生效" in shen.says("同意 R1 v1")


@pytest.mark.parametrize("asked", ["规则 R1 谁改的", "R1 是谁改的", "R1 什么时候改过"])
def test_who_changed_a_rule_is_its_history(he: Desk, shen: Desk, asked: str) -> None:
    he.says("修改规则 R1 提前 5 天")
    he.says("提交")
    shen.says("同意 R1 v1")
    assert "v1 生效中：修改，何运营 2025-06-09 09:00 提交，沈合规 06-09 09:00 批准" in he.says(asked)


def test_versions_are_kept_told_and_rolled_back_to(he: Desk, shen: Desk) -> None:
    for version, days in enumerate((5, 3), 1):
        he.says(f"修改规则 R1 提前 {days} 天")
        he.says("提交")
        shen.says(f"同意 R1 v{version}")
    said = he.says("规则历史 R1")
    assert "v2 生效中：修改，何运营 2025-06-09 09:00 提交，沈合规 06-09 09:00 批准" in said
    assert "天数 提前 5 天 → 提前 3 天" in said
    assert "v1 已换下" in said
    assert "v0 业务包原样" in said
    assert "要回到旧版本，例如「回滚 R1 v1」" in said
    assert "回到 v1" in he.says("回滚 R1 v1")
    shen.says("同意 R1 v3")
    assert "天数：提前 5 天" in he.says("规则 R1")
    he.says("回滚 R1 v0")
    shen.says("同意 R1 v4")
    assert "天数：当天" in he.says("规则 R1")
    assert "没有 v9" in he.says("回滚 R1 v9")
    assert "R2 现在就是 v0，业务包原样" in he.says("回滚 R2 v0")


def test_a_rule_with_a_day_to_begin_on_waits_for_it(he: Desk, shen: Desk) -> None:
    assert "已批准，2025-07-01 起生效" in approved(he, shen, f"{SAID} 2025-07-01 起生效")
    assert told(he) == []


def test_no_such_rule_is_said_so(he: Desk) -> None:
    for text in ("停用 R99", "规则历史 R99", "启用 R99", "回滚 R99 v1", "试算 R99", "修改规则 R99 当天", "规则 R99"):
        assert "没有规则 R99" in he.says(text)
    assert "没有要提交的改动" in (he.says("修改规则 R1") and he.says("提交"))


def test_a_trial_of_a_rule_in_force(he: Desk) -> None:
    number = he.sees(lambda uow: uow.rules.numbers()["policy_renewal"])
    said = he.says(f"试算 R{number}")
    assert "没有要提醒的。最近的一次是 06-24，2 条" in said
    assert "和现在的版本比" not in said  # it is that one
    he.says(f"修改规则 R{number} 提前 45/7 天")
    assert "0 条变 2 条，新增 2 件事，不再提醒 0 件" in he.says("试算")


def test_advisers_read_rules_and_set_none(he: Desk) -> None:
    li = Desk(he.database, he.clock, "lixiang")
    assert "R1 生日" in li.says("提醒规则")
    assert "条件：不限" in li.says("规则 R1")
    for text in (SAID, "停用 R1", "启用 R1", "回滚 R1 v0", "修改规则 R1 当天", "试算 R1"):
        assert "不能使用" in li.says(text)


def test_a_draft_refuses_what_the_role_may_not_ask_for(he: Desk) -> None:
    assert "不能按它筛选" in he.says("新建提醒规则 生日当天 条件 手机号 是 1")


def test_what_goes_to_the_approver_names_no_client(he: Desk, shen: Desk) -> None:
    """An author who may see all clients reads their names in his own trial; the trial that he hands on has none."""
    with he.database.system(he.clock.now()) as uow:
        a_user(uow, "qian", name="钱管理", role="admin")
    shen.says(SAID)
    assert "王芳" in shen.says("试算")
    shen.says("提交 钱管理")
    sent = letters(shen, "qian")
    assert "样本 1" in sent
    assert "王*" in sent
    assert "王芳" not in sent


def test_a_version_of_an_older_form_is_told_in_words(he: Desk, shen: Desk) -> None:
    with he.database.system(he.clock.now()) as uow:
        uow.act_as(Actor.of(uow.users.get("hexin")))
        old = {**uow.packs.rule("birthday").as_json(), "colour": "red"}
        for _ in range(2):
            uow.rules.decide(uow.rules.submit("birthday", old, "change"), approved=True)
        uow.rules.submit("birthday", old, "change")
    assert "这个版本已经不能用了" in he.says("规则历史 R1")
    assert "写法已经变了" in he.says("回滚 R1 v1")
    assert "写法已经变了" in shen.says("同意 R1 v3")
    heard = shen.says("同意 R1")
    assert "写法已经变了" in heard
    assert "驳回 R1 v3 原因" in heard
    assert "已驳回 R1 v3" in shen.says("驳回 R1 v3 太旧")


def test_a_version_that_cannot_run_is_not_approved(he: Desk, shen: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    he.says("修改规则 R1 提前 3 天")
    he.says("提交")

    def fails(rule: ReminderRule, *_: object, **__: object) -> None:
        raise BadRule(f"{rule.id} finds a day that is none")

    monkeypatch.setattr("reminders.planner.compile_rule", fails)
    heard = shen.says("同意 R1 v1")
    assert "执行不了，没有批准" in heard
    assert "已生效" not in heard
    assert he.sees(lambda uow: uow.rules.waiting("birthday")) is not None
    assert "天数：当天" in he.says("规则 R1")
    assert "已驳回 R1 v1" in shen.says("驳回 R1 v1 日期写错")


class TestEvents:
    def test_an_event_is_written_and_read_back(self, he: Desk, shen: Desk) -> None:
        said = "新建提醒规则 工资卡和储蓄卡连续两个月结余超1.5万元 9点半 提醒顾问"
        heard = he.says(said)
        for row in (
            "事件：工资卡、储蓄卡连续 2 个月结余超过 1.5 万元", "天数：当天", "时刻：09:30", "提醒：顾问", "模板：工资卡结余",
        ):
            assert row in heard
        assert "已生效" in approved(he, shen, said)
        rule = he.sees(lambda uow: uow.rules.in_force().rules[-1])
        assert (rule.source, rule.kinds, rule.event.months, rule.suggests) == (
            "event.surplus", ("salary", "savings"), 2, "理财",
        )

    def test_the_shipped_one_is_changed_part_by_part(self, he: Desk, shen: Desk) -> None:
        number = he.sees(lambda uow: uow.rules.numbers()["salary_surplus"])
        assert "事件：工资卡连续 6 个月结余超过 5 万元" in he.says(f"修改规则 R{number} 工资卡连续6个月结余超5万")
        assert "时刻：10:00" in he.says("10点")
        he.says("提交")
        change = "事件 工资卡连续 3 个月结余超过 2 万元 → 工资卡连续 6 个月结余超过 5 万元"
        assert change in letters(he, "shenyue")

    def test_a_sum_asks_for_its_template(self, he: Desk) -> None:
        assert "用哪个审定过的模板" in he.says("新建提醒规则 单笔转入100万以上 提醒顾问")
        heard = he.says("模板 账户变动")
        assert "事件：账户一次转入 100 万元以上" in heard
        assert "联系限制 不是 限制联系" in heard  # as the packs' own rules over events have it

    @pytest.mark.parametrize(("said", "why"), [
        ("工资卡连续1个月结余超2万 提醒顾问", "请写连续 2 到 12 个月"), ("工资卡连续3个月结余超0元 提醒顾问", "大于 0 的金额"),
        ("工资卡连续3个月结余超2万 提前3天 提醒顾问", "offsets 不能是负数"),
        ("工资卡月均连续3个月结余超2万 提醒顾问", "月均"),
    ])  # fmt: skip
    def test_what_makes_no_sense_is_refused(self, he: Desk, said: str, why: str) -> None:
        assert why in he.says(f"新建提醒规则 {said}")


def test_a_draft_that_began_with_an_event_may_turn_to_a_date_and_back(he: Desk) -> None:
    he.says("新建提醒规则 工资卡连续两个月结余超1.5万元 提醒顾问")
    assert "日期：保单的到期日" in he.says("保单到期前 30 天 模板 续保提醒")
    said = he.says("单笔转出50万以上 模板 账户变动")
    assert "事件：账户一次转出 50 万元以上" in said
    assert "天数：当天" in said


def test_a_draft_of_a_rule_that_was_changed_meanwhile_is_shown_again_over_the_new_version(he: Desk, shen: Desk) -> None:
    he.says("修改规则 R1 提前 3 天")
    shen.says("修改规则 R1 权重 77")
    assert "等何运营审批" in shen.says("提交")
    he.says("草稿")
    assert "已生效" in he.taps("同意", next(card for who, card in shen.letters if who == "hexin" and isinstance(card, Card)))
    he.says("草稿")
    said = he.says("提交")
    assert "您起草以后，这条规则换过版本了" in said
    assert "天数：提前 3 天" in said
    assert "权重：77" in said
    assert "R1 没有等待审批的版本" in shen.says("同意 R1 v2")
    assert "已提交 R1 v2" in he.says("提交")
    assert "改动：天数 当天 → 提前 3 天\n" in letters(he, "shenyue")


def test_a_draft_of_a_rule_that_was_stopped_meanwhile_does_not_start_it(he: Desk, shen: Desk) -> None:
    he.says("修改规则 R1 提前 3 天")
    shen.says("停用 R1")
    shen.says("确认")
    assert "状态：停用" in he.says("提交")
    assert "没有等待审批" in shen.says("同意 R1 v2")


@pytest.mark.parametrize(("said", "days"), [
    ("贷款逾期后 3 天", "3"), ("还款逾期后3天", "3"), ("贷款逾期3天", "3"), ("贷款 逾期后 3/7 天", "3、7"), ("贷款的逾期后 一周", "7"),
])
def test_days_after_a_missed_repayment_are_read_with_or_without_blanks(he: Desk, said: str, days: str) -> None:
    heard = he.says(f"新建提醒规则 {said} 9点 提醒顾问")
    assert "日期：贷款的应缴日" in heard
    assert f"天数：过后 {days} 天" in heard
    assert "条件：不限" in heard


def test_days_after_a_missed_premium_are_read_too(he: Desk) -> None:
    assert "日期：保单的应缴日" in he.says("新建提醒规则 保费逾期后 7 天 9 点 提醒顾问")


def test_an_overdue_client_in_a_condition_is_no_date(he: Desk) -> None:
    heard = he.says("新建提醒规则 保单到期前30天 9点 提醒顾问 条件 逾期")
    assert "日期：保单的到期日" in heard
    assert "条件：逾期" in heard


# ---------------------------------------------------------------- on a day of one's choice


def test_a_trial_of_a_day_tells_who_gets_what_by_the_rules_in_force(he: Desk) -> None:
    with he.database.system(he.clock.now()) as uow:
        a_client(uow, "李婷", birthday=date(1980, 6, 20), owner_id="lixiang")
        a_client(uow, "张磊", birthday=date(1981, 6, 20), owner_id="chenmo")
    for text in ("试算 6月20日", "试算 2025-06-20", "试算 下周五"):
        said = he.says(text)
        assert "试算 2025-06-20（周五）：现有规则会提醒 2 条，2 位同事收到。按现在的资料算。" in said, text
        assert "李顾问 1 条：生日 1\n　· 06-20 08:30：李*，生日，日期 2025-06-20" in said
        assert "陈默 1 条：生日 1\n　· 06-20 08:30：张*，生日，日期 2025-06-20" in said


def test_who_may_see_clients_sees_their_names_in_a_trial_of_a_day(he: Desk, shen: Desk) -> None:
    assert "　· 07-17 08:30：王芳，续保，日期 2025-07-24" in shen.says("试算 7月17日")


def test_a_trial_of_a_day_without_any_says_so(he: Desk) -> None:
    assert "试算 2025-06-11（周三）：现有规则没有要提醒的。" in he.says("试算 6月11日")
    assert "没有「2月30日」这一天" in he.says("试算 2月30日")
    assert "一次最多试算 31 天" in he.says("试算 6月1日到8月1日")


def test_the_draft_at_hand_is_tried_on_a_day_beside_what_is_in_force(he: Desk) -> None:
    he.says(SAID)
    said = he.says("试算 7月17日")
    assert "试算 2025-07-17（周四）：会提醒 3 条，2 位同事收到" in said
    assert "现有的同类规则这几天有 2 条；新规则的 3 条里，没有一件事是它们不会提醒的" in said
    assert "李顾问 2 条\n　· 07-17 09:00：王*" in said
    assert "王珂 1 条（现在 0 条）" in said
    assert "已提交" in he.says("提交"), "the draft is still at hand"


def test_a_draft_that_is_not_finished_says_what_is_missing_before_a_trial(he: Desk) -> None:
    he.says("新建提醒规则 保单到期 提醒顾问")
    assert "还缺一项，补上才能试算：提前或过后几天提醒" in he.says("试算 6月20日")


def test_a_rule_by_its_number_is_tried_on_a_day_before_or_behind_the_number(he: Desk) -> None:
    number = he.sees(lambda uow: uow.rules.numbers()["policy_renewal"])
    for text in (f"R{number} 试算 7月17日", f"试算 R{number} 7月17日", f"试算 7月17日 R{number}"):
        said = he.says(text)
        assert "试算 2025-07-17（周四）：会提醒 2 条，1 位同事收到" in said, text
        assert "比" not in said, "it is in force as it stands"
    he.says(f"停用 R{number}")
    he.confirms()
    assert "没有要提醒的（规则是停用的）" in he.says(f"R{number} 试算 7月17日")


def test_a_changed_rule_is_compared_with_its_version_in_force(he: Desk) -> None:
    number = he.sees(lambda uow: uow.rules.numbers()["policy_renewal"])
    he.says(f"修改规则 R{number} 提前 10 天")
    said = he.says("试算 7月17日")
    assert "和现在的版本比：2 条变 0 条，新增 0 件事，不再提醒 2 件。" in said
    assert "李顾问 0 条（现在 2 条）" in said


def test_a_silence_counts_on_the_day_on_which_it_will_be_told(he: Desk) -> None:
    with he.database.system(he.clock.now()) as uow:
        a_client(uow, "周强", bank_tier="贵宾", last_contact_at=he.clock.now())
    number = he.sees(lambda uow: uow.rules.numbers()["silent_client"])
    said = {day: he.says(f"R{number} 试算 {day}") for day in ("7月8日", "7月9日", "7月10日")}
    assert "没有要提醒的" in said["7月8日"]
    assert "没有要提醒的" in said["7月10日"]
    assert "会提醒 2 条，1 位同事收到" in said["7月9日"], "王芳 has not been spoken to since she was entered"


def test_advisers_try_nothing_out(he: Desk) -> None:
    assert "不能使用" in Desk(he.database, he.clock, "lixiang").says("试算 6月20日")


# ---------------------------------------------------------------- the text for the client


def test_the_text_for_the_client_is_a_line_of_the_form_and_may_be_changed_or_left_out(he: Desk) -> None:
    assert "客户文案：续保告知（顾问确认后才发）" in he.says(SAID)
    said = he.says("不带文案")
    assert "客户文案：不带" in said
    assert "要给顾问备一段发给客户的话，请说「关怀文案 名称」，可用：" in said
    assert "到期告知" in said.partition("可用：")[2]
    assert "客户文案：感谢（顾问确认后才发）" in he.says("关怀文案 感谢")
    assert "没有审定过的关怀文案「自己写的」，可用：生日祝福、" in he.says("建议文案 自己写的")
    assert "是给客户的文案，要带上它请写「关怀文案 感谢」" in he.says("模板 感谢")
    assert "客户文案：感谢" in he.says("草稿")


def test_a_new_rule_says_its_text_for_the_client_in_the_first_sentence(he: Desk) -> None:
    said = he.says("新建提醒规则 保单到期前45天 9点 提醒顾问 关怀文案 到期告知 条件 贵宾")
    assert "客户文案：到期告知（顾问确认后才发）" in said
    assert "条件：贵宾" in said


def test_a_text_that_needs_what_the_date_does_not_know_is_refused(he: Desk) -> None:
    he.says("新建提醒规则 生日当天 9点 提醒顾问")
    assert "这条规则的日期给不出这个值" in he.says("关怀文案 续保告知")
    assert "客户文案：生日祝福" in he.says("草稿")


def test_the_text_for_the_client_stands_with_the_rule_and_its_versions(he: Desk, shen: Desk) -> None:
    approved(he, shen)
    assert "客户文案：续保告知" in he.says("规则 R26")
    he.says("修改规则 R26 不带文案")
    he.says("提交")
    assert "改动：客户文案 续保告知（顾问确认后才发） → 不带" in letters(he, "shenyue")
    assert "客户文案 续保告知（顾问确认后才发） → 不带" in he.says("规则历史 R26")


def test_who_wants_a_rule_to_write_to_the_client_is_told_how_a_client_is_reached(he: Desk) -> None:
    said = he.says("新建提醒规则 保单到期前30天 提醒客户")
    assert "规则不能直接给「客户」发消息" in said
    assert "绑定了微信的走企业群发任务，没绑定的由顾问手动发" in said
    assert "请写「提醒顾问 关怀文案 名称」" in said
    assert "提醒：顾问" in he.says("新建提醒规则 保单到期前30天 提醒顾问 关怀文案 续保告知")


def test_a_text_is_for_its_own_occasion_whatever_the_rule_is_about(he: Desk, shen: Desk) -> None:
    approved(he, shen, "新建提醒规则 保单到期前45天 8点 提醒顾问 关怀文案 季度回顾")
    li = Desk(he.database, he.clock, "lixiang")
    number = he.sees(lambda uow: max(uow.rules.numbers().values()))
    assert "还没有登记产品推荐授权" in li.says(f"为什么没有提醒 王芳 R{number}"), "it advertises"
    li.says("今日待办")
    assert "产品推荐" in li.says("1 起草")


# ---------------------------------------------------------------- a ladder before and after


def test_a_ladder_before_and_after_names_its_date_twice(he: Desk) -> None:
    form = he.says("新建提醒规则 身份证到期前30/7天 到期后7/30天 9点 提醒顾问")
    assert "天数：提前 30、7 天，过后 7、30 天" in form
    assert "条件：不限" in form
    assert "名称：客户证件有效期至前后" in form, "not cut in the middle of its days"


def test_days_after_said_later_stand_beside_the_days_before(he: Desk) -> None:
    he.says("新建提醒规则 保单到期前45/7天 9点 提醒顾问")
    assert "天数：提前 45、7 天，过后 7、30 天" in he.says("过后 7/30 天")
    assert "天数：提前 60 天，过后 7、30 天" in he.says("提前 60 天")
    assert "天数：提前 60 天，当天，过后 7、30 天" in he.says("当天")
    assert "天数：提前 60 天，当天，过后 3 天" in he.says("到期后3天")
    assert "日期：保单的到期日" in he.says("草稿")
    assert "天数：过后 5 天" in he.says("改成过后 5 天")
    assert "天数：提前 3 天，过后 3 天" in he.says("提前 3 天 过后 3 天")


def test_who_counts_from_an_event_that_no_rule_knows_is_told_which_there_are(he: Desk) -> None:
    said = he.says("新建提醒规则 过后1天 提醒主管")
    assert "现有四种：客户投诉" in said
    assert "一次转入、一次转出" in said
    assert "别的事还不能作为起点" in said
