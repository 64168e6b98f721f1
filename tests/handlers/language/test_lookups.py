"""Look-ups in the many words people have for them, and the sentences that only sound like one."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(("text", "field"), [
    ("白雪的微信发我", "wechat"), ("把李雷的微信推给我", "wechat"), ("发我一下王芳的地址", "address"), ("李雷邮箱给我一份", "email"), ("王芳的地址有登记吗", "address"),
    ("瞅瞅李雷搁哪上班呢", "employer"), ("李总的电话多少", "phone"),
])
def test_a_field_of_a_client_is_looked_up(read: Any, text: str, field: str) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.get("field")) == ("client.lookup", field)


@pytest.mark.parametrize(("text", "intent", "field"), [
    ("李雷的单子交到哪年", "policy.lookup", "remaining_terms"), ("王芳的理赔被拒了，原因是啥", "claim.lookup", "reject_reason"),
])
def test_a_field_of_a_contract_is_looked_up(read: Any, text: str, intent: str, field: str) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.get("field")) == (intent, field)


@pytest.mark.parametrize(("text", "field", "value"), [
    ("李雷微信号leilei99记一下", "wechat", "leilei99"), ("王芳邮箱wf@qq.com登记一下", "email", "wf@qq.com"), ("李雷微信号是leilei99填上", "wechat", "leilei99"),
])
def test_a_field_and_its_value_are_written_down(read: Any, text: str, field: str, value: str) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.get("field"), meaning.get("value")) == ("client.update", field, value)


@pytest.mark.parametrize(("text", "intent"), [
    ("王芳昨天说保费太贵要再想想", "note.add"), ("王芳说别再给她发营销短信了", "consent.record"), ("王芳的女儿叫童童，15年6月出生，帮我加进去", "client.family_add"),
    ("李雷要一份他在我们这的全部数据", "privacy.export"), ("王芳今天来柜台了，顺便问了下存单，记一笔", "note.add"),
])
def test_what_is_told_goes_where_it_belongs(read: Any, text: str, intent: str) -> None:
    assert read(text).intent == intent


@pytest.mark.parametrize("text", ["把方案微信发给白雪", "王芳和张敏不是同一个人吧", "李娜的老客户先给孙浩，新客户归赵倩"])
def test_what_is_no_change_changes_nothing(read: Any, text: str) -> None:
    assert read(text).intent not in {"note.add", "client.merge", "client.create"}


def test_who_has_not_given_a_consent(read: Any) -> None:
    meaning = read("还有哪些人没给录音授权")
    assert (meaning.intent, meaning.get("status")) == ("consent.list", "missing")


@pytest.mark.parametrize(("text", "intent"), [("李雷有娃吗", "client.lookup"), ("李雷住南山吗", "client.lookup"), ("李雷名下都有啥", "contract.list"), ("李雷手上还有哪些理财", "holding.lookup")])
def test_what_somebody_has(read: Any, text: str, intent: str) -> None:
    assert read(text).intent == intent


def test_what_a_client_says_of_a_policy_is_told_and_not_looked_up(read: Any) -> None:
    assert read("白雪说平安的车险太贵").intent == "note.add"


@pytest.mark.parametrize(("text", "field", "value"), [("李雷的公司换成新疆电力了", "employer", "新疆电力"), ("李雷月入从5万涨到8万了改一下", "monthly_income", 80000)])
def test_a_change_goes_to_what_is_new(read: Any, text: str, field: str, value: object) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.get("field"), meaning.get("value")) == ("client.update", field, value)


def test_an_operation_is_no_task_that_is_done(read: Any) -> None:
    assert read("王芳刚做完手术").intent != "reminder.complete"


@pytest.mark.parametrize(("text", "field", "value"), [
    ("李雷不在华为了，去了腾讯", "employer", "腾讯"), ("王芳升副总了", "occupation", "副总"), ("王芳性别登记成男了，应该是女", "gender", "F"),
])
def test_what_has_changed_of_a_client_needs_no_word_of_changing(read: Any, text: str, field: str, value: str) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.get("field"), meaning.get("value")) == ("client.update", field, value)


@pytest.mark.parametrize(("text", "tier"), [("王芳评级下调一档到B", "B"), ("王芳以后按私行客户维护", "私行")])
def test_a_tier_is_set_in_other_words(read: Any, text: str, tier: str) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.get("tier")) == ("tier.set", tier)


@pytest.mark.parametrize(("text", "intent"), [
    ("没签隐私协议的客户拉个单子", "consent.list"), ("降温了，给老客户发条提醒添衣服的话", "draft.message"), ("哪个组员客户投诉最多", "stats.team"), ("王磊请假，他名下客户我先接着", "handover.create"),
])
def test_a_list_a_text_or_a_figure_is_wanted(read: Any, text: str, intent: str) -> None:
    assert read(text).intent == intent


def test_a_tag_taken_off_deletes_nobody(read: Any) -> None:
    assert read("王芳去掉潜在客户，换成成交客户").intent != "client.delete"


@pytest.mark.parametrize(("text", "name"), [("把这个人录进来：郝建 13344445555", "郝建"), ("add new client: Grace Wu, female, 13611112222", "Grace Wu"), ("张敏介绍了一位朋友 祝枝山 电话13900112233 录入一下", "祝枝山")])
def test_the_name_of_a_new_client_stands_in_many_places(read: Any, text: str, name: str) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.get("name")) == ("client.create", name)


@pytest.mark.parametrize(("text", "field", "value"), [("李雷换号了 13612341234", "phone", "13612341234"), ("李雷搬去跟闺女住了，地址龙华民治大道66号", "address", "龙华民治大道66号")])
def test_a_new_number_or_home_is_told(read: Any, text: str, field: str, value: str) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.get("field"), meaning.get("value")) == ("client.update", field, value)


@pytest.mark.parametrize(("text", "intent"), [
    ("家人们谁懂啊，李雷邮箱到底是啥", "client.lookup"), ("李雷这个客户打个重点标", "tag.add"), ("把王芳跟李雷的VIP标都取消", "tag.remove"), ("王芳的等级往上提一级到A", "tier.set"),
    ("王芳生了二宝，女孩，上周五生的，家庭里加上", "client.family_add"), ("我休病假一周，客户先给陈立带", "handover.create"), ("把A类客户都划给孙浩", "handover.create"),
])
def test_short_and_spoken_orders(read: Any, text: str, intent: str) -> None:
    assert read(text).intent == intent


@pytest.mark.parametrize("text", ["王芳现在是A类了吧", "把王芳的VIP标取消"])
def test_what_asks_or_takes_off_sets_no_tier(read: Any, text: str) -> None:
    assert read(text).intent != "tier.set"


def test_a_name_ends_before_the_field_that_is_asked(read: Any) -> None:
    meaning = read("胡君年收入")
    assert (meaning.get("client"), meaning.get("field")) == ("胡君", "annual_income")


@pytest.mark.parametrize(("text", "name"), [("王芳介绍的客户 骆宾王 做外贸 手机15888889999 建一下", "骆宾王"), ("昨儿认识一老哥叫佟掌柜，开客栈的，先给录上，电话后补", "佟掌柜")])
def test_a_new_client_is_told_of_before_the_order(read: Any, text: str, name: str) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.get("name")) == ("client.create", name)


@pytest.mark.parametrize(("text", "intent", "client_id"), [
    ("高兴 生日?", "client.lookup", 9), ("周一先生还是女士", "client.lookup", 11), ("claim 王芳 进度", "claim.lookup", 1), ("王芳 consent 短信营销 no", "consent.record", 1),
    ("王芳 → A", "tier.set", 1), ("全部C类里的王芳提到B", "tier.set", 1), ("王芳离职了 现在自由职业", "client.update", 1), ("王芳已婚 两个娃 补下", "client.update", 1), ("给生病的王芳来句暖心的", "draft.message", 1),
    ("王芳还有几个月车险到期", "policy.lookup", 1), ("王芳上次咨询的啥", "client.lookup", 1),
])
def test_few_words_are_enough(read: Any, text: str, intent: str, client_id: int) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.get("client_id")) == (intent, client_id)


def test_what_is_to_come_changes_nothing_yet(read: Any) -> None:
    assert read("王芳下周搬去深圳").intent != "client.update"


@pytest.mark.parametrize(("text", "name"), [("建档 名:霓凰 电话:13699990000 备注:将军府", "霓凰"), ("客户蒙挚加进系统 13611110000", "蒙挚")])
def test_a_new_clients_name_stands_behind_its_label(read: Any, text: str, name: str) -> None:
    meaning = read(text)
    assert (meaning.intent, meaning.get("name")) == ("client.create", name)


@pytest.mark.parametrize(("text", "intent"), [
    ("王芳最近跟进", "client.lookup"), ("我忘了王芳在哪个区住了，帮看看", "client.lookup"), ("王芳新家地址宝安西乡大道20号，记得更新", "client.update"), ("王芳已经是老客户了，标一下", "tag.add"),
    ("周一的理赔结案了吗", "claim.lookup"), ("王磊名下南山的客户给吴迪", "handover.create"), ("王芳明天拜访", "reminder.create"),
])
def test_more_of_the_same_classes(read: Any, text: str, intent: str) -> None:
    assert read(text).intent == intent


def test_a_surname_told_first_is_no_name(read: Any) -> None:
    assert read("新增一个客户，姓诸葛，诸葛青，96年的，13800138111").get("name") == "诸葛青"
