"""The tier standard by chat (S35, R122): read back, tried out, approved by a second person, computed, rolled back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from config.pack import load_packs
from handlers.approvals import Letter, send_letter
from handlers.context import Context
from handlers.conversation import Conversation
from handlers.tiers.reading import Change, changes_in
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from storage.model.errors import Invalid
from storage.model.messages import Card
from storage.model.people import Actor
from storage.tiers import Standard
from tests.builders import Cast, a_client
from tests.handlers.asking import SHANGHAI, Desk, words_of

SAID = "分层标准 贵宾 50万改60万"


@pytest.fixture
def he(database: Database, cast: Cast, clock: MovableClock) -> Desk:
    """何运营, in a firm with two advisers whose clients have these assets."""
    with database.system(clock.now()) as uow:
        for name, owner, aum, tier in (
            ("王芳", "lixiang", 520_000, "贵宾"), ("赵敏", "lixiang", 580_000, "贵宾"), ("刘洋", "lixiang", 60_000, "优质"),
            ("周凯", "chenmo", 550_000, "贵宾"), ("郝静", "chenmo", 900_000, "贵宾"), ("何佳", "chenmo", 7_000_000, "私行"),
        ):
            a_client(uow, name, owner_id=owner, aum=Decimal(aum), bank_tier=tier)
    return Desk(database, clock, "hexin")


@pytest.fixture
def shen(he: Desk) -> Desk:
    """沈合规, who approves."""
    return Desk(he.database, he.clock, "shenyue")


@pytest.fixture
def li(he: Desk) -> Desk:
    """李顾问, an adviser."""
    return Desk(he.database, he.clock, "lixiang")


def letters(desk: Desk, to: str) -> str:
    return "\n".join(words_of(message) for user, message in desk.letters if user == to)


def handed_in(he: Desk, text: str = SAID) -> Card:
    """Written and handed in; the card that 沈合规 got."""
    he.says(text)
    he.says("提交审批")
    return next(message for user, message in he.letters if user == "shenyue" and isinstance(message, Card))


def approved(he: Desk, shen: Desk, text: str = SAID) -> str:
    return shen.taps("同意", handed_in(he, text))


def tiers(desk: Desk) -> dict[str, str | None]:
    def look(uow: UnitOfWork) -> dict[str, str | None]:
        return {row.name: row.bank_tier for row in uow.clients.newest(20)}

    return Desk(desk.database, desk.clock, "shenyue").sees(look)  # type: ignore[no-any-return]  # `sees` gives anything


# ---------------------------------------------------------------- reading


@pytest.mark.parametrize(("text", "found"), [
    ("贵宾 50万改60万", [Change("贵宾", 600_000, 500_000)]),
    ("贵宾 60万", [Change("贵宾", 600_000)]),
    ("贵宾60万", [Change("贵宾", 600_000)]),
    ("VIP 600000元", [Change("贵宾", 600_000)]),
    ("贵宾从50万提高到60万", [Change("贵宾", 600_000, 500_000)]),
    ("贵宾 五十万改为六十万", [Change("贵宾", 600_000, 500_000)]),
    ("贵宾客户 500,000 -> 600,000", [Change("贵宾", 600_000, 500_000)]),
    ("私行 800w，贵宾 60w", [Change("私行", 8_000_000), Change("贵宾", 600_000)]),
    ("金卡 5万改为 8 万起", [Change("优质", 80_000, 50_000)]),
    ("把私行门槛提到1亿", [Change("私行", 100_000_000)]),
])  # fmt: skip
def test_a_change_is_read_as_people_write_it(text: str, found: list[Change]) -> None:
    standard = Standard.of(load_packs(("common",)))
    assert standard is not None
    assert changes_in(text, standard) == found


@pytest.mark.parametrize(("text", "why"), [
    ("", "请写出哪一档改成多少"), ("贵宾", "请带上金额"), ("贵宾 很多", "「很多」不是金额"), ("贵宾 -5万", "不是金额"),
    ("贵宾 60万-70万", "不是金额"), ("白金 60万", "没有「白金」这一档"), ("贵客 60万", "相近的有：贵宾"), ("60万", "没有「60万」这一档"),
    ("贵宾 60万 贵宾 70万", "同一档写了两次"), ("贵宾 60.5元", "要是整数元"), ("贵宾 5万5万", "金额看不懂"),
    ("贵宾 60万 顺便把王芳删了", "没有「顺便把王芳删了」这一档"), ("贵宾 99999999999999", "金额太大"), ("贵" * 300, "太长了"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused_with_what_to_type(text: str, why: str) -> None:
    standard = Standard.of(load_packs(("common",)))
    assert standard is not None
    with pytest.raises(Invalid, match=why):
        changes_in(text, standard)


# ---------------------------------------------------------------- writing


def test_the_standard_in_force_is_shown_with_the_readers_own_clients(he: Desk, li: Desk) -> None:
    assert he.says("分层标准").startswith(
        "银行等级的分层标准（v0，业务包原样），按管理资产：\n私行：600 万元起\n贵宾：50 万元起\n优质：5 万元起\n大众：0 起\n"
    )
    said = li.says("现在的分层标准是什么")
    assert "贵宾：50 万元起，2 位，110万元" in said
    assert "私行：600 万元起，0 位" in said


def test_a_change_is_read_back_as_a_form(he: Desk) -> None:
    said = he.says(SAID)
    assert "还没有提交；现在生效的是 v0" in said
    assert "贵宾：50 万元起 → 60 万元起" in said
    assert "私行：600 万元起" in said
    assert "私行：600 万元起 → 800 万元起" in he.says("私行 800万")
    assert "贵宾：50 万元起 → 65 万元起" in he.says("贵宾 65万")
    assert "贵宾：50 万元起 → 65 万元起" in he.says("草稿")


@pytest.mark.parametrize("text", ["把贵宾标准提到60万", "贵宾门槛改为60万", "修改分层标准 贵宾 60万", "等级标准：贵宾 60万"])
def test_a_change_may_be_said_in_other_words(he: Desk, text: str) -> None:
    assert "贵宾：50 万元起 → 60 万元起" in he.says(text)


def test_an_old_amount_that_is_not_in_force_is_pointed_out(he: Desk) -> None:
    said = he.says("分层标准 贵宾 40万改60万")
    assert "「贵宾」现在生效的是50 万元起，不是您写的 40 万元" in said
    assert "贵宾：50 万元起 → 60 万元起" in said


def test_an_order_that_is_broken_and_a_change_that_is_none_are_refused(he: Desk) -> None:
    assert "「私行」（600 万元）要高于「贵宾」（700 万元）" in he.says("分层标准 贵宾 700万")
    assert "要高于「优质」" in he.says("分层标准 贵宾 5万")
    assert "最低一档，从 0 起，不能改" in he.says("分层标准 大众 1万")
    assert "和现在生效的标准一样" in he.says("分层标准 贵宾 50万")
    assert "没有「白金」这一档" in he.says("分层标准 白金 60万")
    assert "没有正在写的规则" in he.says("试算")
    assert "要改分层标准" in he.says("提交").replace("改分层标准", "要改分层标准")


def test_what_makes_no_sense_leaves_the_draft_as_it_was(he: Desk) -> None:
    he.says(SAID)
    assert "要高于「贵宾」" in he.says("贵宾 900万")
    assert "贵宾：50 万元起 → 60 万元起" in he.says("草稿")
    assert "已取消" in he.says("取消")
    assert tiers(he)["王芳"] == "贵宾"


# ---------------------------------------------------------------- trying out


def test_a_trial_says_who_would_leave_whose_they_are_and_what_they_have(he: Desk) -> None:
    he.says(SAID)
    said = he.says("试算")
    assert "3 位客户会换等级，管理资产合计 165万元" in said
    assert "贵宾：进 0 位；出 3 位，165万元" in said
    assert "优质：进 3 位，165万元；出 0 位" in said
    assert "李顾问：贵宾→优质 2 位，110万元" in said
    assert "陈默：贵宾→优质 1 位，55万元" in said
    assert "样本 1：赵*，58万元，贵宾→优质，李顾问" in said
    assert "王芳" not in said
    assert "客户不会收到通知" in said
    assert tiers(he)["王芳"] == "贵宾"


def test_who_may_see_clients_sees_the_samples_names(shen: Desk) -> None:
    shen.says(SAID)
    assert "样本 1：赵敏" in shen.says("试算")


def test_a_trial_names_those_who_stay_by_hand(he: Desk, li: Desk) -> None:
    li.says("王芳 改为 私行")
    he.says(SAID)
    said = he.says("试算")
    assert "2 位客户会换等级" in said
    assert "另有 1 位的等级是手工定的，不随标准变" in said


def test_a_trial_that_moves_nobody_says_so(he: Desk) -> None:
    he.says("分层标准 贵宾 51万")
    assert "没有客户会换等级" in he.says("试算")


# ---------------------------------------------------------------- four eyes


def test_what_a_second_person_approves_is_in_force_and_computed_at_once(he: Desk, shen: Desk, li: Desk) -> None:
    card = handed_in(he)
    assert "何运营 提交 分层标准 v1（修改），请您审批" in letters(he, "shenyue")
    assert "王芳" not in letters(he, "shenyue")
    assert tiers(he)["王芳"] == "贵宾"
    said = shen.taps("同意", card)
    assert "分层标准 v1 已生效，3 位客户换了等级" in said
    assert "客户不会收到通知" in said
    assert "沈合规 批准了 分层标准 v1" in letters(shen, "hexin")
    assert [user for user, _ in shen.letters] == ["hexin"]  # nobody else, least of all a client
    assert tiers(he) == {
        "王芳": "优质", "赵敏": "优质", "刘洋": "优质", "周凯": "优质", "郝静": "贵宾", "何佳": "私行",
    }  # fmt: skip
    assert "贵宾：60 万元起" in li.says("分层标准")
    assert "v1，何运营 2025-06-09 09:00 提交，沈合规 06-09 09:00 批准" in li.says("分层标准")
    assert "离「贵宾」（60 万元起）还差 8 万元" in li.says("王芳 AUM")


def test_the_author_cannot_approve_and_others_can_neither_write_nor_decide(he: Desk, shen: Desk, li: Desk) -> None:
    handed_in(he)
    assert "提交的人不能自己批" in he.says("同意 分层标准 v1")
    for text in (SAID, "同意 分层标准 v1", "回滚 分层标准 v0"):
        assert "不能使用" in li.says(text)
    assert "不能由您审批" in Desk(he.database, he.clock, "wangke").says("同意 分层标准 v1")
    assert tiers(he)["王芳"] == "贵宾"
    assert "已生效" in shen.says("同意 分层标准 v1")


def test_a_version_is_decided_by_its_name_alone_and_once(he: Desk, shen: Desk) -> None:
    card = handed_in(he)
    assert "等待审批的是 分层标准 v1，请看过再定" in shen.says("同意 分层标准")
    assert "已生效" in shen.says("同意 分层标准 v1")
    assert "已经处理过了" in shen.taps("同意", card)
    assert "没有等待审批的分层标准" in shen.says("同意 分层标准 v1")


def test_a_refusal_keeps_what_is_in_force_and_tells_the_author_why(he: Desk, shen: Desk) -> None:
    handed_in(he)
    assert "已驳回 分层标准 v1，原因：门槛太高" in shen.says("退回 分层标准 v1 门槛太高")
    assert "沈合规 驳回了 分层标准 v1，原因：门槛太高" in letters(shen, "hexin")
    assert "驳回原因：门槛太高" in he.says("分层标准 历史")
    assert "v0 业务包原样（生效中）" in he.says("分层标准 历史")
    assert tiers(he)["王芳"] == "贵宾"


def test_a_later_version_takes_the_place_of_one_that_waits(he: Desk, shen: Desk) -> None:
    first = handed_in(he)
    second = handed_in(he, "分层标准 贵宾 90万")
    assert "已经处理过了" in shen.taps("同意", first)
    assert "分层标准 v2 已生效" in shen.taps("同意", second)
    assert tiers(he)["郝静"] == "贵宾"


def test_who_handed_in_what_somebody_elses_version_replaces_is_told(he: Desk, shen: Desk) -> None:
    handed_in(he)
    shen.says("分层标准 优质 10万")
    shen.says("提交审批")
    told = [words_of(message) for user, message in shen.letters if user == "hexin"]
    assert any("沈合规 提交了 分层标准 v2，您提交的 分层标准 v1 还没有批，已撤下" in words for words in told)
    he.says("分层标准 贵宾 70万")
    he.says("提交审批")
    he.says("分层标准 贵宾 80万")
    he.says("提交审批")
    assert not any("已撤下" in words_of(message) for _, message in he.letters)


def test_going_back_is_approved_as_well_and_computed(he: Desk, shen: Desk) -> None:
    approved(he, shen)
    assert "写明回到哪一版" in he.says("回滚 分层标准")
    assert "没有 v7" in he.says("回滚 分层标准 v7")
    assert "现在就是 v1" in he.says("回滚 分层标准 v1")
    said = he.says("回滚 分层标准 v0")
    assert "已提交 分层标准 v2" in said
    assert "3 位客户换了等级" in shen.says("同意 分层标准 v2")
    assert tiers(he)["王芳"] == "贵宾"
    told = he.says("分层标准 历史")
    assert "v2 生效中：回滚" in told
    assert "v1 已换下：修改" in told
    assert "贵宾 60 万元起 → 50 万元起" in told


def test_there_is_no_way_back_to_what_nobody_approved(he: Desk, shen: Desk) -> None:
    handed_in(he)
    assert "分层标准 v1 待审批，没有生效过" in he.says("回滚 分层标准 v1")
    shen.says("驳回 分层标准 v1 太高")
    assert "分层标准 v1 已驳回，没有生效过" in he.says("回滚 分层标准 v1")
    handed_in(he, "分层标准 贵宾 90万")
    shen.says("同意 分层标准 v2")
    assert "例如「回滚 分层标准 v0」" in he.says("分层标准 历史")


@pytest.mark.parametrize("text", ["分层标准 v1 同意", "分层标准v1通过。", "同意 分层标准 v1"])
def test_approval_may_stand_after_the_version(he: Desk, shen: Desk, text: str) -> None:
    handed_in(he)
    assert "分层标准 v1 已生效" in shen.says(text)


def test_refusal_may_stand_after_the_version(he: Desk, shen: Desk) -> None:
    handed_in(he)
    assert "已驳回 分层标准 v1，原因：门槛太高" in shen.says("分层标准 v1 退回 门槛太高")


@pytest.mark.parametrize("text", ["贵宾标准是多少", "贵宾的门槛是多少？", "私行标准", "VIP 分层标准"])
def test_the_floor_of_one_tier_is_answered_with_the_standard(he: Desk, text: str) -> None:
    assert "贵宾：50 万元起" in he.says(text)


@pytest.mark.parametrize("text", ["分层标准历史版本", "分层标准的版本历史", "历史版本 分层标准"])
def test_the_versions_have_several_names(he: Desk, text: str) -> None:
    assert "v0 业务包原样（生效中）" in he.says(text)


def test_the_card_of_a_standard_with_more_tiers_than_a_card_has_lines_is_cut(he: Desk) -> None:
    with he.database.transaction(Actor.of(he.sees(lambda uow: uow.users.get("hexin"))), he.clock.now()) as uow:
        version = uow.standards.submit("bank_tier", None, "roll_back")
        ctx = Context(uow, uow.users.get("hexin"), SHANGHAI, Conversation(uow.now))
        rows = {f"特别长的等级{number}": "1 万元起" for number in range(9)}
        send_letter(ctx, uow.users.get("shenyue"), version, Letter(
            "分层标准 v1", "分层标准待审批", "全文", "改动", "standard.approve", "standard.reject", rows,
        ))
        card = ctx.letters[-1][1]
        assert isinstance(card, Card)
        assert [line.key for line in card.lines] == ["特别长的…"] * 6


@pytest.mark.parametrize("text", ["贵宾标准 60万", "贵宾门槛60万", "贵宾的标准要60万", "贵宾 标准 60万"])
def test_a_floor_without_a_verb_is_about_the_standard_and_never_about_a_client(he: Desk, text: str) -> None:
    li = Desk(he.database, he.clock, "lixiang")
    li.says("王芳")
    assert "您的角色不能使用" in li.says(text)
    assert "贵宾：50 万元起 → 60 万元起" in he.says(text)


@pytest.mark.parametrize("text", ["贵宾标准60天没联系的", "贵宾标准是什么", "贵宾标准客户3位"])
def test_other_numbers_after_a_tier_change_no_standard(he: Desk, text: str) -> None:
    assert "草稿" not in he.says(text)
    assert "不是金额" not in he.says(text)


def test_the_draft_of_a_rule_and_of_the_standard_are_kept_apart(he: Desk) -> None:
    he.says("新建提醒规则 保单到期前45天 9点 提醒顾问")
    assert "先放在一边" in he.says(SAID)
    assert "贵宾 50 万元起 → 60 万元起" in he.says("试算")
    he.says("取消")
    assert "试算（今天起 7 天）" in he.says("试算")


def test_the_audit_says_who_computed_whose_tier(he: Desk, shen: Desk) -> None:
    approved(he, shen)
    assert "重算等级" in shen.says("审计 王芳 近30天")
