"""As people type and talk: Cantonese, words typed by their sound, names taken back in the same breath, a few bare words."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.language.intents.pattern import WRITES

CANTONESE: list[tuple[str, str, dict[str, Any]]] = [
    ("王芳買咗啲咩保險", "policy.lookup", {"client_id": 1}), ("李雷嗰單理賠去到邊", "claim.lookup", {"client_id": 2, "field": "status"}),
    ("記低 同李雷食咗飯 佢想加保", "note.add", {"client_id": 2, "content": "同李雷食咗飯 佢想加保"}), ("王芳手機號換咗做13412340006", "client.update", {"client_id": 1, "value": "13412340006"}),
    ("半年冇聯絡嘅客有邊啲", "client.search", {}), ("你有咩功能", "help", {}), ("唔該晒", "chitchat", {}), ("王芳保單仲有冇效", "policy.lookup", {"client_id": 1, "field": "status"}),
]
MISSPELT: list[tuple[str, str, dict[str, Any]]] = [
    ("王芳的里赔进度", "claim.lookup", {"client_id": 1, "field": "status"}), ("李雷 宝单 还有效吗", "policy.lookup", {"client_id": 2}), ("1 2 完城了", "reminder.complete", {"indexes": [1, 2]}),
    ("这周有谁过声日", "birthday.list", {}), ("本月业积多少", "stats.me", {"metric": "performance"}),
]
TAKEN_BACK: list[tuple[str, str, dict[str, Any]]] = [
    ("查王芳 不对 是李雷", "client.lookup", {"client_id": 2}), ("删掉王芳，哦不是，李雷", "client.delete", {"client_id": 2}), ("呃帮我查李明 说错了 是李雷的电话", "client.lookup", {"client_id": 2, "field": "phone"}),
    ("给王芳 不对 是赵高峰 加标签高净值", "tag.add", {"client_id": None, "client": "赵高峰", "clarify": "not_found"}),
]
SEVERAL: list[tuple[str, list[str]]] = [
    ("工单2088关掉，2089派给孙浩", ["ticket.close", "ticket.assign"]), ("4021结案 4022派给陈国", ["ticket.close", "ticket.assign"]), ("查下王芳的保单跟理财", ["policy.lookup", "holding.lookup"]), ("把2101派给刘强，2102派给吴迪", ["ticket.assign", "ticket.assign"]), ("看一下王芳的持仓和保单", ["holding.lookup", "policy.lookup"]),
    ("给李雷升到B级，然后加个标签叫潜力客户", ["tier.set", "tag.add"]), ("今日待办+本周生日", ["agenda.today", "birthday.list"]), ("王芳想贷三百万经营贷，建个商机，下周三提醒我去收材料", ["opportunity.create", "reminder.create"]),
]
OF_THE_ONE_IN_MIND: list[tuple[str, str, dict[str, Any]]] = [
    ("生日是哪天", "client.lookup", {"client_id": 1, "field": "birthday"}), ("什么时候到期", "policy.lookup", {"client_id": 1, "field": "due_date"}), ("受益人是谁", "policy.lookup", {"client_id": 1, "field": "beneficiary"}), ("房贷还欠多少", "loan.lookup", {"client_id": 1, "product": "房贷"}),
    ("换成13712340000了", "client.update", {"client_id": 1, "field": "phone"}), ("他以后不要营销短信了", "consent.record", {"client_id": 1, "granted": False}),
]
IN_SHORT: list[tuple[str, str, dict[str, Any]]] = [
    ("李雷 换号 13700002222", "client.update", {"client_id": 2, "value": "13700002222"}), ("去掉 王芳 高净值", "tag.remove", {"client_id": 1, "tag": "高净值"}), ("失效保单", "policy.search", {"status": "lapsed"}),
    ("明9点 李雷 送保单", "reminder.create", {"client_id": 2, "when": "2025-06-10T09:00"}), ("15:30 回电 王芳", "reminder.create", {"client_id": 1, "when": "2025-06-09T15:30"}), ("删提醒 3", "reminder.cancel", {"index": 3}),
    ("取消 明天 开会 提醒", "reminder.cancel", {"when": "2025-06-10"}), ("李雷 道歉信", "draft.message", {"client_id": 2, "occasion": "apology"}),
    ("每天晚上九点那个提醒我以后不需要了你帮我取消掉", "reminder.cancel", {}), ("未结投诉", "ticket.list", {"status": "open", "type": "complaint"}), ("有哪些投诉没回", "ticket.list", {"status": "open", "type": "complaint"}),
    ("王芳 昨天电话 她不想要基金了 说亏怕了", "note.add", {"client_id": 1, "kind": "call", "date": "2025-06-08"}), ("李雷 别催了 他下周发工资缴", "note.add", {"client_id": 2}),
    ("王芳 已联系 她买了房 钱转走了", "reminder.complete", {"client_id": 1, "content": "她买了房 钱转走"}), ("王芳 昨天电话多少", "client.lookup", {"client_id": 1}),
    ("哪些工单还没人处理", "ticket.list", {"status": "open"}), ("谁的事拖得最久", "ticket.list", {"status": "overdue"}), ("我的申请", "ticket.list", {}), ("建 小龙女 女 教师 月入8千", "client.create", {"name": "小龙女", "gender": "F"}),
]


@pytest.mark.parametrize(("text", "intent", "slots"), [*CANTONESE, *MISSPELT, *TAKEN_BACK, *IN_SHORT])
def test_it_is_read_as_it_was_meant(read: Any, check: Any, text: str, intent: str, slots: dict[str, Any]) -> None:
    check(read(text), intent, slots)


@pytest.mark.parametrize(("text", "intents"), SEVERAL)
def test_no_act_is_dropped(read: Any, text: str, intents: list[str]) -> None:
    assert [part.intent for part in read(text).parts] == intents


@pytest.mark.parametrize(("text", "intent", "slots"), OF_THE_ONE_IN_MIND)
def test_what_names_nobody_is_about_the_client_in_mind(read: Any, check: Any, text: str, intent: str, slots: dict[str, Any]) -> None:
    check(read(text, focus=True), intent, slots)


@pytest.mark.parametrize(("text", "client_id"), [("我问的是王芳不是李雷 电话多少", 1), ("要的是李雷 不是王芳 他保单哪天到期", 2)])
def test_who_is_said_not_to_be_meant_is_not_meant(read: Any, text: str, client_id: int) -> None:
    assert read(text).get("client_id") == client_id


def test_the_new_beneficiary_is_called_by_name(read: Any) -> None:
    assert read("王芳的年金受益人改成她女儿周小雨").get("party") == "周小雨"


def test_another_time_asks_the_figure_again(read: Any) -> None:
    meaning = read("上个月呢", said="我这个月收了多少保费")
    assert (meaning.intent, meaning.get("metric"), meaning.get("range").start) == ("stats.me", "premium", "2025-05-01")


@pytest.mark.parametrize("text", ["方静的电话", "把李磊从我的客户里删掉"])
def test_a_client_heard_by_sound_is_marked_so_that_nothing_is_done_unasked(read: Any, text: str) -> None:
    meaning = read(text)
    assert meaning.get("client_id") is None or meaning.get("fuzzy"), dict(meaning.slots)


@pytest.mark.parametrize("text", ["2056工单关毕", "王芳 不是李雷介绍的", "把王芳山除", "田野 移叫给李娜", "王芳 理赔 被拒 原因"])
def test_no_guessed_word_changes_anything(read: Any, text: str) -> None:
    meaning = read(text)
    assert not {meaning.intent, *(p.intent for p in meaning.parts)} & WRITES, meaning.rule


def test_the_client_of_a_sentence_that_comes_to_nothing_is_kept_in_mind(read: Any) -> None:
    meaning = read("王芳 蓝色的那只猫")
    assert (meaning.intent, meaning.get("client_id")) == ("none", 1), meaning.rule


def test_a_manager_asks_what_one_of_the_team_did(read: Any) -> None:
    meaning = read("陈国强这周干了啥", role="manager")
    assert (meaning.intent, meaning.get("member"), meaning.get("range").start) == ("stats.team", "陈国强", "2025-06-09")
    assert read("陈国强这周干了啥").intent != "stats.team"
