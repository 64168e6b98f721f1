"""The risk questionnaire in the adviser's chat: question by question, what it comes to, and nothing by hand (S19, R043,
R089)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from config.pack import Packs, PackStore, Questionnaire
from reminders.assessing import choice, sit_down, take
from storage.database import Database
from storage.model.clock import MovableClock
from storage.model.errors import Conflict
from storage.model.people import Client
from storage.repositories.assessments import AssessmentRepository
from tests.builders import Cast, a_client
from tests.handlers.asking import SHANGHAI, Desk, words_of

STEADY = "3 1 2 1 3 3 2 3 3 3".split()


@pytest.fixture
def kai(database: Database, cast: Cast, clock: MovableClock) -> Client:
    with database.system(clock.now()) as uow:
        return a_client(uow, "周凯", owner_id="lixiang", risk_class="C2", risk_class_expires_on=date(2025, 6, 8))


@pytest.fixture
def li(database: Database, clock: MovableClock, kai: Client) -> Desk:
    return Desk(database, clock, "lixiang")


@pytest.fixture
def asked(packs: Packs) -> Questionnaire:
    return packs.questionnaires[0]


def answer(desk: Desk, answers: Sequence[str]) -> str:
    return [desk.says(text) for text in answers][-1]


def of_kai(desk: Desk, kai: Client) -> Client:
    return desk.sees(lambda uow: uow.clients.get(kai.id))


def test_one_question_a_message_with_numbered_answers(li: Desk, asked: Questionnaire):
    heard = li.says("周凯 风险测评")
    assert f"第 1/{len(asked.questions)} 题：{asked.questions[0].ask}" in heard
    assert "① 18 岁以下" in heard
    assert len(li.replies) == 1
    assert "第 2/10 题" in li.says("3")


def test_the_last_answer_sets_the_class_and_until_when_it_is_good(li: Desk, kai: Client):
    li.says("周凯 风险测评")
    heard = answer(li, STEADY)
    assert "「周凯」风险测评完成：68 分，C4 成长型，有效期至 2026-06-09" in heard
    found = of_kai(li, kai)
    assert (found.risk_class, found.risk_class_expires_on) == ("C4", date(2026, 6, 9))
    assert found.value("risk_assessed_on") == "2025-06-09"
    assert "风评 C4" in li.says("周凯")


def test_it_is_broken_off_and_gone_on_with_days_later(li: Desk, kai: Client, clock: MovableClock):
    li.says("周凯 风险测评")
    answer(li, STEADY[:4])
    assert "答过的 4 题都在" in li.says("停")
    clock.advance(timedelta(days=3))
    heard = li.says("给周凯做风险测评")
    assert "已答 4 题" in heard
    assert "第 5/10 题" in heard
    assert "C4" in answer(li, STEADY[4:])


def test_something_else_said_meanwhile_loses_nothing(li: Desk):
    li.says("周凯 风险测评")
    answer(li, STEADY[:2])
    assert "周凯" in li.says("查客户 周凯")
    assert "已答 2 题" in li.says("周凯 风险测评")


@pytest.mark.parametrize(("said", "place"), [
    ("2", 1), ("B", 1), ("b", 1), ("②", 1), ("第二个", 1), ("选2", 1), ("二", 1), ("买过银行理财、债券", 1), ("买过基金", 2),
    ("9", None), ("0", None), ("F", None), ("买", None), ("买过", None), ("也许", None), ("", None), ("22", None),
])
def test_an_answer_is_a_number_a_letter_or_its_own_words(asked: Questionnaire, said: str, place: int | None):
    question = next(q for q in asked.questions if q.name == "experience")
    assert choice(question, said) == place


def test_what_is_no_answer_is_asked_again(li: Desk):
    li.says("周凯 风险测评")
    heard = li.says("不好说呀")
    assert "请回复 1 到 5 的序号" in heard
    assert "第 1/10 题" in heard


def test_the_question_before_may_be_answered_anew(li: Desk, kai: Client):
    li.says("周凯 风险测评")
    answer(li, ["1"])
    assert "第 1/10 题" in li.says("上一题")
    assert "这是第一题" in li.says("上一题")
    li.says("周凯 风险测评")
    assert "C4" in answer(li, STEADY)


def test_whoever_bears_no_loss_is_in_the_lowest_class_whatever_his_points(li: Desk, kai: Client):
    li.says("周凯 风险测评")
    assert "C1" in answer(li, [*"2244544441"])


def test_the_result_can_be_taken_back(li: Desk, kai: Client):
    li.says("周凯 风险测评")
    answer(li, STEADY)
    li.undoes()
    assert (of_kai(li, kai).risk_class, of_kai(li, kai).risk_class_expires_on) == ("C2", date(2025, 6, 8))
    assert "已答 9 题" in li.says("周凯 风险测评")


def test_the_adviser_hears_of_it_when_somebody_else_asked(database: Database, clock: MovableClock, kai: Client):
    wang = Desk(database, clock, "wangke")
    wang.says("周凯 风险测评")
    answer(wang, STEADY)
    ((receiver, letter),) = wang.letters
    assert receiver == "lixiang"
    assert "王珂：「周凯」风险测评完成" in words_of(letter)


@pytest.mark.parametrize("said", [
    "周凯 等级改成C5", "周凯 风险等级改成C5", "周凯 风险等级 C5", "周凯 风评有效期至 2027-01-01", "周凯 风评等级改为C5",
])
def test_nobody_sets_it_by_hand(li: Desk, kai: Client, said: str):
    assert "只能由风险测评得出，不能手工改" in li.says(said)
    assert of_kai(li, kai).risk_class == "C2"
    assert of_kai(li, kai).risk_class_expires_on == date(2025, 6, 8)


def test_nor_while_a_client_is_entered(li: Desk):
    li.says("新增客户 李强 13800000001")
    heard = li.says("风险等级 C5")
    assert "由风险测评得出，没有记下" in heard
    li.confirms()
    (found,) = li.sees(lambda uow: uow.clients.containing("李强"))
    assert li.sees(lambda uow: uow.clients.get(found.id)).risk_class is None


def test_an_expired_class_stops_recommendations_until_it_is_renewed(li: Desk, kai: Client):
    assert "已过期，不能推荐。请先请客户重新测评：发送「周凯 风险测评」" in li.says("给周凯推荐 远帆纯债")
    li.says("周凯 风险测评")
    answer(li, STEADY)
    assert "远帆纯债（R2）" in li.says("给周凯推荐 远帆纯债")


def test_the_record_says_questions_answers_points_and_version(li: Desk, asked: Questionnaire):
    assert "没有做过风险测评" in li.says("周凯 测评记录")
    li.says("周凯 风险测评")
    answer(li, STEADY)
    heard = li.says("周凯 测评记录")
    assert f"68 分，C4 成长型，有效期至 2026-06-09，李顾问 询问，问卷版本 {asked.edition}" in heard
    assert "1. 您的年龄是？ 36 到 50 岁（8 分）" in heard


def test_a_firm_is_not_asked(li: Desk, database: Database, clock: MovableClock):
    with database.system(clock.now()) as uow:
        a_client(uow, "宏达科技有限公司", kind="enterprise")
    assert "只用于个人客户" in li.says("宏达科技有限公司 风险测评")


def test_another_advisers_client_is_nobody(database: Database, clock: MovableClock, kai: Client):
    assert "没有找到客户「周凯」" in Desk(database, clock, "chenmo").says("周凯 风险测评")


# ---------------------------------------------------------------- apart from the chat


def test_two_who_answer_at_once_do_not_both_count(database: Database, cast: Cast, clock: MovableClock, kai: Client, asked: Questionnaire):
    with database.transaction(cast.li, clock.now()) as uow:
        sitting = sit_down(uow, kai, asked)
    with database.transaction(cast.li, clock.now()) as uow:
        take(uow, SHANGHAI, sitting, 1)
    with pytest.raises(Conflict), database.transaction(cast.li, clock.now()) as uow:
        take(uow, SHANGHAI, sitting, 2)


def test_questions_that_changed_meanwhile_are_answered_from_the_beginning(
    database: Database, cast: Cast, clock: MovableClock, kai: Client, asked: Questionnaire
):
    changed = asked.model_copy(update={"valid_days": 180})
    with database.transaction(cast.li, clock.now()) as uow:
        take(uow, SHANGHAI, sit_down(uow, kai, asked), 1)
    with database.transaction(cast.li, clock.now()) as uow:
        again = sit_down(uow, kai, Questionnaire.model_validate(changed.model_dump()))
        assert again.anew
        assert again.place == 0
        assert AssessmentRepository(uow).done(kai.id, asked.id) == []


def test_every_way_through_comes_to_a_class_and_more_points_never_to_a_lower_one(pack_store: PackStore, asked: Questionnaire):
    free = [[n for n, each in enumerate(q.answers) if each.at_most is None] for q in asked.questions]
    by_points = [sorted(places, key=lambda n, q=q: q.answers[n].points) for q, places in zip(asked.questions, free, strict=True)]
    reached = [asked.result([places[min(step, len(places) - 1)] for places in by_points]) for step in range(5)]
    assert reached == sorted(reached)
    assert asked.result([places[-1] for places in by_points]) == "C5"
    assert asked.result([0] * len(asked.questions)) == "C1"
