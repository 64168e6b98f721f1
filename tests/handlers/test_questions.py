"""When a question is still on the table, and when a bare 「1」 or 「确认」 must not meet it any more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from handlers.conversation import Conversation
from storage.database import Database, UnitOfWork
from storage.model.clock import MovableClock
from tests.builders import a_client, the_cast
from tests.handlers.asking import Desk, on

BUSY = "13900000001"  # 陈静 has it


@pytest.fixture
def li(sqlite_database: Database, clock: MovableClock) -> Desk:
    with sqlite_database.system(clock.now()) as uow:
        the_cast(uow)
        for name, phone in (("王芳", "13800000001"), ("王芳", "13800000002"), ("张敏", "13800000003"), ("陈静", BUSY)):
            a_client(uow, name, phone=phone, last_contact_at=clock.now())
    desk = Desk(sqlite_database, clock, "lixiang")
    desk.asks("reminder.create", content="对账", when=on("2025-06-09T16:00"))
    return desk


def world(desk: Desk) -> Any:
    """What an answer could have changed."""
    def look(uow: UnitOfWork) -> Any:
        far = timedelta(days=4000)
        found = uow.clients.named(["王芳", "张敏", "陈静", "李强"])
        clients = sorted((c.id, c.secrets["phone"], tuple(uow.clients.tags(c.id)))
                         for c in (uow.clients.get(i) for i in {h.client_id for h in found}))
        open_ones = uow.reminders.open_between(desk.user_id, uow.now - far, uow.now + far)
        waiting = [ticket.number for ticket in uow.tickets.running(99)]
        return clients, [(r.id, r.remind_at) for r in open_ones], waiting
    return desk.sees(look)


# ---------------------------------------------------------------- the questions


@dataclass(frozen=True)
class Question:
    """A kind of open question: how it comes up, what it says, and the bare answer to it."""

    kind: str
    asked_by: tuple[str, ...]
    says: str
    answer: str


QUESTIONS = (
    Question("choice", ("给王芳加标签 重疾意向",), "有 2 位「王芳」", "1"),
    Question("confirm", (f"张敏 手机 {BUSY}",), "已登记在另一位客户名下", "确认"),
    Question("form", ("新增客户 李强 13800000998",), "请核对新客户", "确认"),
    Question("snooze", ("我的提醒", "1 稍后"), "什么时候再提醒", "1"),
    Question("text", ("加标签 重疾意向",), "请问是哪位客户", "1"),
)


def _client_id(desk: Desk, name: str) -> int:
    return int(desk.sees(lambda uow: uow.clients.named([name])[0].client_id))


def _tap_a_card(desk: Desk) -> str:
    return desk.taps_action("care.rewrite", client_id=_client_id(desk, "陈静"), occasion="birthday")


def _days_later(desk: Desk) -> str:
    desk.clock.advance(timedelta(days=3))
    return "三天"


NEXT: dict[str, tuple[Callable[[Desk], str], str]] = {
    "a command that works": (lambda desk: desk.says("今日待办"), "待办"),
    "a command that is refused": (lambda desk: desk.says("查客户 钱不在"), "没有找到"),
    "a menu tap": (lambda desk: desk.opens("renewal.list"), "续保"),
    "a navigation tap": (lambda desk: desk.taps_key(f"go:client.timeline:{_client_id(desk, '陈静')}"), "陈静"),
    "a card tap": (_tap_a_card, "改写"),
    "days": (_days_later, "三天"),
}


def ask(desk: Desk, question: Question) -> None:
    *before, last = question.asked_by
    for sentence in before:
        desk.says(sentence)
    assert question.says in desk.says(last)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.kind)
def test_a_question_on_the_table_takes_its_answer(li: Desk, question: Question):
    ask(li, question)
    before = world(li)
    li.says("张敏" if question.kind == "text" else question.answer)
    assert world(li) != before


@pytest.mark.parametrize("happens", NEXT)
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.kind)
def test_after_anything_else_a_bare_answer_does_nothing(li: Desk, question: Question, happens: str):
    ask(li, question)
    act, words = NEXT[happens]
    assert words in act(li)
    before = world(li)
    heard = li.says(question.answer)
    assert world(li) == before
    if question.kind == "form":
        assert "请核对新客户" in heard
        assert "已新增客户「李强」" in li.says(question.answer)


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q.kind != "form"], ids=lambda q: q.kind)
def test_help_and_nonsense_leave_the_question_where_it_is(li: Desk, question: Question):
    ask(li, question)
    li.says("帮助")
    if question.kind != "text":  # there any words are an answer
        li.says("@@@")
    before = world(li)
    li.says("张敏" if question.kind == "text" else question.answer)
    assert world(li) != before


def test_a_failed_answer_may_be_given_again(li: Desk):
    ask(li, QUESTIONS[0])
    assert "1 到 2 之间" in li.says("7")
    assert "已给「王芳」加标签" in li.says("2")


# ---------------------------------------------------------------- the draft beside the question


def test_a_short_question_lies_upon_a_draft_and_leaves_it_whole(li: Desk):
    li.says("新增客户 李强 13800000998")
    li.says("给王芳加标签 重疾意向")
    assert "已给「王芳」加标签" in li.says("1")
    assert "138****0998" in li.says("好的")
    assert "已新增客户「李强」" in li.says("好的")


def test_a_correction_goes_to_the_draft_below_an_open_choice(li: Desk):
    li.says("新增客户 李强 13800000998")
    li.says("给王芳加标签 重疾意向")
    assert "138****0997" in li.says("手机改成 13800000997")
    assert "没有改动" not in li.says("确认")
    assert world(li)[0][-1][1] == "13800000997"


def test_cancelling_the_question_keeps_the_draft(li: Desk):
    li.says("新增客户 李强 13800000998")
    li.says("给王芳加标签 重疾意向")
    assert "之前的草稿还在" in li.says("取消")
    assert "请核对新客户" in li.says("确认")


def test_a_draft_put_aside_is_shown_before_it_is_given_up(li: Desk):
    li.says("新增客户 李强 13800000998")
    li.says("今日待办")
    assert "请核对新客户" in li.says("取消")
    assert "没有保存任何改动" in li.says("取消")
    assert "没有要取消" in li.says("取消") or "没有等您确认" in li.says("确认")


def test_an_undo_after_another_act_takes_back_that_act_and_not_the_draft(li: Desk):
    li.says("新增客户 李强 13800000998")
    li.says("张敏 职业 教师")
    assert "已撤销：修改「张敏」" in li.says("撤销")
    assert "请核对新客户" in li.says("确认")


def test_a_question_about_somebody_alike_leaves_the_draft_to_be_mended(li: Desk):
    li.says("新增客户 李强 13800000003")
    assert "名下有相似的客户" in li.says("确认")
    assert "138****0996" in li.says("手机改成 13800000996")
    assert "已新增客户「李强」" in li.says("确认")
    assert "没有等您确认" in li.says("确认")


def test_somebody_alike_who_is_somebody_else_is_saved_and_the_draft_is_over(li: Desk):
    li.says("新增客户 李强 13800000003")
    li.says("确认")
    assert "已新增客户「李强」" in li.says("确认")
    assert "没有等您确认" in li.says("确认")


@pytest.mark.parametrize("name", ["王芳", "是王芳的"])
def test_a_name_that_several_have_is_asked_about_when_it_answers_whose(li: Desk, name: str):
    assert "请问是哪位客户" in li.says("加标签 重疾意向")
    assert "有 2 位「王芳」" in li.says(name)
    assert "已给「王芳」加标签" in li.says("2")


def test_a_draft_that_an_earlier_release_kept_in_the_place_of_the_question_is_still_read(li: Desk):
    li.says("新增客户 李强 13800000998")

    def as_before(uow: UnitOfWork) -> None:
        state = uow.conversations.load("lixiang")
        about, data, until, _ = state.pop("draft")
        data.pop("unread", None)
        uow.conversations.save("lixiang", {**state, "pending": ["form", about, data, until]})
    li.sees(as_before)
    assert "已新增客户「李强」" in li.says("确认")


def test_a_kept_conversation_reads_back_as_it_was(clock: MovableClock):
    talk = Conversation(clock.now())
    talk.ask("form", "client.create", kind="individual")
    talk.ask("choice", "client", options=[1, 2], text="王芳")
    talk.dirty = False
    assert Conversation.from_json(talk.to_json(), clock.now()) == talk


# ---------------------------------------------------------------- several acts in one sentence

def test_a_name_of_the_list_before_is_no_answer_to_the_question(li: Desk):
    """陈静 stood under 1 there; here 1 is one of the two 王芳, to whom nothing must happen."""
    assert "① 陈静" in li.says("我的客户")
    li.says("给王芳加标签 重疾意向")
    before = world(li)
    assert "请回复 1 到 2 之间的序号" in li.says("陈静")
    assert world(li) == before


def test_the_number_of_a_choice_is_understood_as_who_is_offered(li: Desk):
    li.says("我的客户")
    li.says("给王芳加标签 重疾意向")
    with li.database.system(li.clock.now()) as uow:
        talk = Conversation.from_json(uow.conversations.load("lixiang"), uow.now)
    assert [item.name for item in talk.dialogue().items if item] == ["王芳", "王芳"]


NOTE_AND_TAG = "给张敏记一下今天电话聊了重疾，顺便给王芳加标签 重疾意向"


def notes_of(desk: Desk, name: str) -> int:
    ids = {h.client_id for h in desk.sees(lambda uow: uow.clients.named([name]))}
    return sum(len(desk.sees(lambda uow, i=i: uow.interactions.of_client(i))) for i in ids)


def test_nothing_of_a_sentence_is_done_before_its_clients_are_known(li: Desk):
    before = world(li)
    assert "有 2 位「王芳」" in li.says(NOTE_AND_TAG)
    assert notes_of(li, "张敏") == 0
    assert world(li) == before


def test_after_the_choice_each_act_is_done_once_and_undone_with_the_other(li: Desk):
    li.says(NOTE_AND_TAG)
    before = world(li)
    heard = li.says("2")
    assert "已记录「张敏」" in heard
    assert "已给「王芳」加标签" in heard
    assert notes_of(li, "张敏") == 1
    assert world(li)[0][1][2] == ("重疾意向",)
    assert "「张敏」的跟进记录、给「王芳」加标签" in li.says("撤销")
    assert notes_of(li, "张敏") == 0
    assert world(li) == before


def test_two_names_that_several_have_are_asked_about_one_after_the_other(li: Desk):
    li.sees(lambda uow: a_client(uow, "陈静", phone="13900000009"))
    assert "有 2 位「王芳」" in li.says("给王芳记一下今天电话聊了重疾，顺便给陈静加标签 重疾意向")
    assert "有 2 位「陈静」" in li.says("1")
    assert notes_of(li, "王芳") == 0
    assert "已给「陈静」加标签" in li.says("2")
    assert notes_of(li, "王芳") == 1


@pytest.mark.parametrize("rest", ["给她加标签 重疾意向", "加标签 重疾意向"])
def test_she_is_the_client_that_was_chosen_and_not_the_one_in_mind(li: Desk, rest: str):
    li.says("查客户 张敏")
    li.says(f"给王芳记一下今天电话聊了养老，顺便{rest}")
    assert "已给「王芳」加标签" in li.says("2")
    assert [tags for _, _, tags in world(li)[0]] == [(), ("重疾意向",), (), ()]


def test_two_acts_that_both_must_be_asked_about_are_not_half_done(li: Desk):
    heard = li.says(f"张敏手机改成{BUSY}，另外把陈静的手机改成13800000003")
    assert "分成两句" in heard
    assert "没有等您确认" in li.says("确认")
